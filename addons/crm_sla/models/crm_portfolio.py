from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..context_defaults import without_defaults

#: What counts as billed.
INVOICE_TYPES = ("out_invoice", "out_refund")


class CrmPortfolio(models.Model):
    """Customers of a period: what they brought before, should bring, and brought.

    All amounts are untaxed and in the company's currency.
    """

    _name = "crm.portfolio"
    _description = "Portfolio"
    _inherit = ["crm.portfolio.template.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    state = fields.Selection(
        [("draft", "New"), ("running", "Running"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=12, day=31),
    )
    reference_from = fields.Date(
        required=True,
        compute="_compute_reference",
        store=True,
        readonly=False,
        precompute=True,
        help="The initial billing is what was invoiced in the reference period. "
        "Proposed: one year before.",
    )
    reference_to = fields.Date(
        required=True,
        compute="_compute_reference",
        store=True,
        readonly=False,
        precompute=True,
    )
    value_rule = fields.Selection(
        [
            ("none", "By hand"),
            ("percent", "Percentage of the initial billing"),
            ("trend", "Trend"),
        ],
        string="Recommended Value",
        required=True,
        default="none",
        help="Trend: the initial billing times its growth against the period before "
        "the reference period, at least one half and at most one and a half.",
    )
    value_percent = fields.Float(
        string="Percentage", default=100.0, help="110: a tenth more than before."
    )
    line_ids = fields.One2many("crm.portfolio.line", "portfolio_id", string="Lines")
    upload_ids = fields.One2many(
        "crm.portfolio.upload", "portfolio_id", string="Uploads"
    )
    line_count = fields.Integer(string="Number of Customers", compute="_compute_totals")
    billing_initial = fields.Monetary(
        string="Initial Billing", compute="_compute_totals"
    )
    value_recommended = fields.Monetary(string="Recommended", compute="_compute_totals")
    billing_final = fields.Monetary(string="Final Billing", compute="_compute_totals")
    billing_difference = fields.Monetary(compute="_compute_totals")

    _period = models.Constraint(
        "CHECK (date_from <= date_to AND reference_from <= reference_to)",
        "A period ends before it begins.",
    )
    _percent_is_positive = models.Constraint(
        "CHECK (value_percent >= 0)", "The percentage cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("date_from", "date_to")
    def _compute_reference(self):
        year = relativedelta(years=1)
        for portfolio in self:
            portfolio.reference_from = (
                portfolio.date_from and portfolio.date_from - year
            )
            portfolio.reference_to = portfolio.date_to and portfolio.date_to - year

    @api.depends(
        "line_ids.billing_initial",
        "line_ids.value_recommended",
        "line_ids.billing_uploaded",
        "line_ids.is_billing_uploaded",
        "date_from",
        "date_to",
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_totals(self):
        """Of the lines that the reader may see: an agent sees the sum of his own."""
        names = self.env["crm.portfolio.line"]._get_amount_names()
        totals = {
            portfolio.id: figures
            for portfolio, *figures in self.env["crm.portfolio.line"]._read_group(
                [("portfolio_id", "in", self.ids)],
                ["portfolio_id"],
                ["__count", *(f"{name}:sum" for name in names)],
            )
        }
        nothing = [0] * (1 + len(names))
        for portfolio in self:
            figures = totals.get(portfolio._origin.id, nothing)
            portfolio.line_count = figures[0]
            for name, amount in zip(names, figures[1:], strict=True):
                portfolio[name] = amount or 0.0

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any("state" in vals for vals in vals_list):
            self._refuse_state()
        # Nor may a default of the context set it.
        portfolios = without_defaults(self, "state".__eq__)
        return super(CrmPortfolio, portfolios).create(vals_list)

    def write(self, vals):
        if not self.env.su and "state" in vals:
            self._refuse_state()
        if vals.keys() - {"state"}:
            self._check_open()
        if "company_id" in vals and any(
            portfolio.company_id.id != vals["company_id"]
            for portfolio in self
            if portfolio.sudo().line_ids
        ):
            raise UserError(
                self.env._(
                    "%s has customers already: its company cannot change.",
                    self[:1].display_name,
                )
            )
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        self.sudo().line_ids.unlink()  # with their notes; refused when closed
        return super().unlink()

    def _refuse_state(self):
        raise AccessError(
            self.env._("The state of a portfolio is changed by its buttons.")
        )

    def _check_open(self):
        """Nothing of a closed portfolio changes."""
        closed = self.filtered(lambda portfolio: portfolio.state == "closed")
        if closed:
            raise UserError(
                self.env._("%s is closed: open it again first.", closed[0].display_name)
            )

    # === STATE === #

    def _check_portfolio_rights(self):
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Portfolios are prepared by administrators of Sales.")
            )
        self.check_access("write")

    def _update_state(self, allowed, target):
        """The one door of the state."""
        self._check_portfolio_rights()
        states = dict(self._fields["state"]._description_selection(self.env))
        for portfolio in self:
            if portfolio.state not in allowed:
                raise UserError(
                    self.env._(
                        "%(portfolio)s is “%(state)s”: this cannot be done now.",
                        portfolio=portfolio.display_name,
                        state=states[portfolio.state],
                    )
                )
        self.sudo().state = target
        return True

    def action_start(self):
        return self._update_state(("draft",), "running")

    def action_close(self):
        """Nothing changes any more, neither by hand nor by a file."""
        return self._update_state(("running",), "closed")

    def action_reopen(self):
        return self._update_state(("closed",), "running")

    # === WHAT WAS BILLED === #

    def _get_billed(self, date_from, date_to, partners=None):
        """What was invoiced, less credit notes: posted, untaxed, by invoice date.

        One query, whatever the number of customers. The figures are the portfolio's:
        they are the same for whoever may see the line, so they are read with all rights
        on invoices, within the portfolio's company.

        :param partners: of these customers only (commercial entities)
        :return: amounts in the company's currency by id of the customer
        """
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("move_type", "in", INVOICE_TYPES),
            ("state", "=", "posted"),
            ("invoice_date", ">=", date_from),
            ("invoice_date", "<=", date_to),
        ]
        if partners is not None:
            domain.append(("commercial_partner_id", "in", partners.ids))
        groups = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                domain, ["commercial_partner_id"], ["amount_untaxed_signed:sum"]
            )
        )
        return {partner.id: amount for partner, amount in groups if partner}

    @api.model
    def _get_period_before(self, date_from, date_to):
        """The period of the same length just before; whole months stay whole."""
        after = date_to + relativedelta(days=1)
        months = relativedelta(after, date_from)
        if not months.days:
            return date_from - months, date_from - relativedelta(days=1)
        length = after - date_from
        return date_from - length, date_from - relativedelta(days=1)

    # === BUTTONS === #

    def action_view_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_sla.crm_portfolio_line_action"
        )
        action["domain"] = [("portfolio_id", "=", self.id)]
        action["context"] = {"default_portfolio_id": self.id}
        action["display_name"] = self.display_name
        return action

    def action_fill(self):
        """Choose customers; their billing and recommended values are worked out."""
        self._check_portfolio_rights()
        self._check_open()
        return self._get_dialog(
            "crm.portfolio.fill",
            self.env._("Fill In"),
            "crm_sla.crm_portfolio_fill_view_form",
        )

    def action_upload(self):
        """Ask for the filled template."""
        self._check_portfolio_rights()
        self._check_open()
        return self._get_dialog(
            "crm.portfolio.upload",
            self.env._("Upload"),
            "crm_sla.crm_portfolio_upload_view_form_new",
        )

    def action_view_uploads(self):
        self.ensure_one()
        self._check_portfolio_rights()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Uploads"),
            "res_model": "crm.portfolio.upload",
            "view_mode": "list,form",
            "domain": [("portfolio_id", "=", self.id)],
            "context": {"default_portfolio_id": self.id},
        }

    def _get_dialog(self, model, name, view):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(self.env.ref(view).id, "form")],
            "target": "new",
            "context": {"default_portfolio_id": self.id},
        }
