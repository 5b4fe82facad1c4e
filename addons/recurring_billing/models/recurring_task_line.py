from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: On a line that bills an order, these follow the order.
OF_THE_ORDER = {
    "product_id",
    "name",
    "quantity",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "tax_is_final",
    "sale_line_id",
}


class RecurringTaskLine(models.Model):
    """A line of the documents that a recurring task issues."""

    _name = "recurring.task.line"
    _inherit = ["recurring.forecast.task.line.mixin", "analytic.mixin"]
    _description = "Recurring Task Line"
    _order = "task_id, sequence, id"
    _check_company_auto = True

    task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Recurring Task",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="task_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="task_id.currency_id")
    sequence = fields.Integer(default=10)
    display_type = fields.Selection(
        selection=[
            ("line_section", "Section"),
            ("line_subsection", "Subsection"),
            ("line_note", "Note"),
        ],
        help="Empty for a product line.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        check_company=True,
        ondelete="restrict",
        domain="[('sale_ok', '=', True)]",
    )
    name = fields.Text(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        help="May hold {period_start}, {period_end}, {month}, {year} and {number}.",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0)
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    price_unit = fields.Float(
        string="Unit Price",
        min_display_digits="Product Price",  # kept in full, as on invoices
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        help="In the currency of the task.",
    )
    discount = fields.Float(string="Disc.%", digits="Discount")
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        context={"active_test": False},
        help="Each customer's fiscal position is applied when the document is issued.",
    )
    tax_is_final = fields.Boolean(
        string="Taxes as They Are",
        help="The taxes are those of an order or invoice: no fiscal position is "
        "applied to them.",
    )
    account_id = fields.Many2one(
        comodel_name="account.account",
        string="Income Account",
        check_company=True,
        ondelete="restrict",
        help="Of invoices. Empty: as on the product.",
    )
    collapse_prices = fields.Boolean(
        help="The lines below this heading are printed without prices."
    )
    collapse_composition = fields.Boolean(
        help="Of the lines below this heading, only the total is printed."
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Line of the Order",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
        help="What is issued for this line counts as invoiced there.",
    )
    price_subtotal = fields.Monetary(
        string="Amount",
        compute="_compute_price_subtotal",
        help="Without taxes, at the price of this line.",
    )

    _product_or_text = models.Constraint(
        "CHECK (display_type IS NULL OR (product_id IS NULL AND price_unit = 0))",
        "A section or a note has neither product nor price.",
    )

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            product = line.product_id
            if product and (not line.name or line._origin.product_id != product):
                line.name = product.get_product_multiline_description_sale()
            else:
                line.name = line.name or ""

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            if not line.product_id:
                line.product_uom_id = False
            elif not line.product_uom_id or line._origin.product_id != line.product_id:
                line.product_uom_id = line.product_id.uom_id

    @api.depends("product_id", "product_uom_id")
    def _compute_price_unit(self):
        for line in self:
            product = line.product_id.with_company(line.company_id)
            if line.display_type or not product:
                line.price_unit = 0.0 if line.display_type else line.price_unit
                continue
            line.price_unit = product._get_tax_included_unit_price(
                line.company_id,
                line.currency_id or line.company_id.currency_id,
                fields.Date.context_today(line),
                "sale",
                product_uom=line.product_uom_id,
            )

    @api.depends("product_id", "company_id")
    def _compute_tax_ids(self):
        for line in self:
            if line.display_type or not line.product_id:
                line.tax_ids = False if line.display_type else line.tax_ids
                continue
            taxes = line.product_id.taxes_id._filter_taxes_by_company(line.company_id)
            line.tax_ids = taxes or line.company_id.account_sale_tax_id

    @api.depends("quantity", "price_unit", "discount", "currency_id")
    def _compute_price_subtotal(self):
        for line in self:
            amount = line.quantity * line.price_unit * (1 - line.discount / 100)
            currency = line.currency_id or self.env.company.currency_id
            line.price_subtotal = currency.round(amount)

    @api.constrains("display_type", "product_id", "name", "quantity", "discount")
    def _check_content(self):
        for line in self:
            if not line.display_type and not line.product_id and not line.name:
                raise ValidationError(
                    self.env._(
                        "%(task)s: a line has neither product nor description. "
                        "Fill one in or delete the line.",
                        task=line.task_id.display_name,
                    )
                )
            if line.discount > 100:
                raise ValidationError(
                    self.env._(
                        "%(task)s: the discount of “%(line)s” is more than 100 %%.",
                        task=line.task_id.display_name,
                        line=line.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_not_of_an_order()
        return lines

    def write(self, vals):
        changed = OF_THE_ORDER & set(vals)
        if changed:
            self._check_not_of_an_order()
        result = super().write(vals)
        if "sale_line_id" in changed:
            self._check_not_of_an_order()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_an_order(self):
        self._check_not_of_an_order()

    def _check_not_of_an_order(self):
        """Order, task and invoices agree: what was ordered is changed on the order.

        :raises UserError: a line of an order is changed by anybody but the order
        """
        if self.env.su:
            return
        for line in self.filtered("sale_line_id"):
            raise UserError(
                self.env._(
                    "“%(line)s” of %(task)s comes from order %(order)s. Change it "
                    "there: the task follows.",
                    line=line.name,
                    task=line.task_id.display_name,
                    order=line.sale_line_id.sudo().order_id.name,
                )
            )

    def _fill_in(self, text, values):
        """A text of the line with its words in braces replaced.

        Unknown words in braces stay as they were typed, so that no text can break
        a run.

        :param dict values: texts for the words in braces
        """
        self.ensure_one()
        text = text or ""
        for word, value in values.items():
            text = text.replace(f"{{{word}}}", value)
        return text
