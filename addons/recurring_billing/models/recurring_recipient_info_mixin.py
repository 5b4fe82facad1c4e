from odoo import api, fields, models


class RecurringRecipientInfoMixin(models.AbstractModel):
    """What a customer's line shows: values that will be used, and the ready mark."""

    _name = "recurring.recipient.info.mixin"
    _description = "Facts about a customer of a recurring task"

    partner_shipping_id = fields.Many2one(
        comodel_name="res.partner",
        string="Delivery Address",
        check_company=True,
        ondelete="restrict",
        help="Empty: as on the customer's record.",
    )

    # Fixed on the task, or as on the customer's record
    payment_term_used_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payment Terms Used",
        compute="_compute_values_used",
        compute_sudo=True,  # readers of tasks may lack rights on accounting
    )
    payment_method_used_id = fields.Many2one(
        comodel_name="account.payment.method.line",
        compute="_compute_values_used",
        compute_sudo=True,
    )
    pricelist_used_id = fields.Many2one(
        comodel_name="product.pricelist",
        compute="_compute_values_used",
        compute_sudo=True,
    )
    salesperson_used_id = fields.Many2one(
        comodel_name="res.users",
        compute="_compute_values_used",
        compute_sudo=True,
    )
    fiscal_position_used_id = fields.Many2one(
        comodel_name="account.fiscal.position",
        compute="_compute_fiscal_position_used_id",
        compute_sudo=True,
    )
    report_used_id = fields.Many2one(
        comodel_name="ir.actions.report",
        string="Format Used",
        compute="_compute_report_used_id",
        compute_sudo=True,
    )
    lang_used = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language Used",
        compute="_compute_values_used",
        compute_sudo=True,
    )

    ready = fields.Boolean(compute="_compute_ready", compute_sudo=True)
    ready_message = fields.Text(
        string="What Is Missing", compute="_compute_ready", compute_sudo=True
    )
    ready_text = fields.Text(
        string="Ready?",
        compute="_compute_ready_text",
        help="The mark and its reason in words.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "partner_id",
        "partner_invoice_id",
        "task_id.payment_term_id",
        "task_id.payment_method_line_id",
        "task_id.pricelist_id",
        "task_id.salesperson_id",
        "task_id.lang",
    )
    def _compute_values_used(self):
        for recipient in self:
            task = recipient.task_id
            partner = recipient.partner_id.with_company(task.company_id)
            address = recipient.partner_invoice_id.with_company(task.company_id)
            recipient.payment_term_used_id = (
                task.payment_term_id or address.property_payment_term_id
            )
            recipient.payment_method_used_id = (
                task.payment_method_line_id
                or address.property_inbound_payment_method_line_id
            )
            recipient.pricelist_used_id = (
                task.pricelist_id or partner.property_product_pricelist
            )
            recipient.salesperson_used_id = (
                task.salesperson_id
                or partner.user_id
                or partner.commercial_partner_id.user_id
            )
            recipient.lang_used = (
                task.lang or address.lang or task.company_id.partner_id.lang
            )

    @api.depends(
        "partner_id",
        "partner_invoice_id",
        "partner_shipping_id",
        "task_id.document_type",
        "task_id.fiscal_position_id",
    )
    def _compute_fiscal_position_used_id(self):
        for recipient in self:
            handler = recipient.task_id._get_handler()
            position = handler._get_fiscal_position(recipient)
            recipient.fiscal_position_used_id = position

    @api.depends(
        "partner_invoice_id",
        "task_id.report_id",
        "task_id.journal_id",
        "task_id.document_type",
    )
    def _compute_report_used_id(self):
        for recipient in self:
            handler = recipient.task_id._get_handler()
            recipient.report_used_id = handler._get_report(recipient)

    @api.depends(lambda self: self._get_ready_dependencies())
    @api.depends_context("lang")
    def _compute_ready(self):
        problems = self.env["recurring.ready.check"]._get_problems(self)
        for recipient in self:
            texts = problems[recipient]
            recipient.ready = not texts
            recipient.ready_message = "\n".join(texts)

    @api.depends("ready", "ready_message", "state", "stop_reason", "partner_id")
    @api.depends_context("lang")
    def _compute_ready_text(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        for recipient in self:
            if recipient.state != "running":
                words = (states[recipient.state], recipient.stop_reason)
                recipient.ready_text = ": ".join(filter(None, words))
            elif recipient.ready:
                recipient.ready_text = recipient.partner_id and self.env._("✓ Ready")
            else:
                recipient.ready_text = f"⚠ {recipient.ready_message}"

    def _get_delivery_address(self):
        """Where the goods or services go; decides the taxes, too."""
        self.ensure_one()
        address = self.partner_id.address_get(["delivery"])["delivery"]
        return self.partner_shipping_id or self.partner_id.browse(address)

    @api.model
    def _get_ready_dependencies(self):
        """Fields that the ready mark follows while a form is being filled in."""
        return [
            "partner_id.active",
            "partner_invoice_id.active",
            "email",
            "contact_ids.active",
            "contact_ids.email",
            "copy_user_ids",
            "copy_partner_ids.active",
            "copy_partner_ids.email",
            "ack_partner_ids.active",
            "ack_partner_ids.email",
            "task_id.completion",
            "task_id.line_ids.product_id.active",
            "task_id.line_ids.price_subtotal",
            "task_id.currency_id",
            "task_id.copy_user_ids",
            "task_id.copy_partner_ids.email",
        ]
