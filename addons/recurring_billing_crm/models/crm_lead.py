from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from odoo.addons.recurring_billing.row_lock import wait_for_others


class CrmLead(models.Model):
    """The opportunity card: all that enrolment, pro-forma and invoice need to know.

    Moving the card is what people do; the rules are in ``payment.automation``.
    """

    _inherit = "crm.lead"

    enrolment_template_id = fields.Many2one(
        comodel_name="sale.order.template",
        string="Course or Service",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The quotation template that the quotation is made from.",
    )
    enrolment_price = fields.Monetary(
        string="Agreed Price",
        currency_field="company_currency",
        help="Without taxes. 0: the price of the template.",
    )
    enrolment_instalments = fields.Integer(
        string="Monthly Instalments", help="0: as the quotation template says."
    )
    enrolment_start_date = fields.Date(string="Start of the Course")
    enrolment_vat = fields.Char(string="Tax ID")
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who gets the invoice. Empty: the person who enrols.",
    )
    enrolment_order_id = fields.Many2one(
        comodel_name="sale.order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    enrolment_missing = fields.Text(
        string="What Is Missing", compute="_compute_enrolment_missing"
    )
    proforma_number = fields.Char(related="enrolment_order_id.proforma_number")
    order_currency_id = fields.Many2one(
        related="enrolment_order_id.currency_id", string="Currency of the Order"
    )
    proforma_amount = fields.Monetary(
        related="enrolment_order_id.proforma_amount",
        currency_field="order_currency_id",
    )
    proforma_paid_amount = fields.Monetary(
        related="enrolment_order_id.proforma_paid_amount",
        currency_field="order_currency_id",
    )
    proforma_missing_amount = fields.Monetary(
        related="enrolment_order_id.proforma_missing_amount",
        currency_field="order_currency_id",
    )
    is_payment_confirmed = fields.Boolean(
        related="enrolment_order_id.is_payment_confirmed"
    )
    billing_state = fields.Selection(related="enrolment_order_id.billing_state")
    billing_text = fields.Char(related="enrolment_order_id.billing_text")
    can_enrol = fields.Boolean(compute="_compute_can_enrol")

    _enrolment_order_uniq = models.UniqueIndex(
        "(enrolment_order_id) WHERE enrolment_order_id IS NOT NULL",
        "This order belongs to another card.",
    )

    # === WHAT IS MISSING === #

    @api.depends(
        "partner_id.name",
        "partner_id.email",
        "partner_id.street",
        "partner_id.city",
        "contact_name",
        "partner_name",
        "email_from",
        "street",
        "city",
        "country_id",
        "enrolment_template_id",
        "enrolment_vat",
        "payer_id.is_company",
        "payer_id.vat",
        "payer_id.email",
    )
    @api.depends_context("lang")
    def _compute_enrolment_missing(self):
        for lead in self:
            needed = lead._get_enrolment_needs()
            missing = [label for label, is_there in needed.items() if not is_there]
            lead.enrolment_missing = ", ".join(missing)

    def _get_enrolment_needs(self):
        """What a pro-forma needs, and whether the card has it: ``{label: bool}``."""
        self.ensure_one()
        who, payer = self.partner_id, self.payer_id or self.partner_id
        company = payer.is_company or (not payer and self.partner_name)
        return {
            self.env._("course or service"): self.enrolment_template_id,
            self.env._("name of the person"): who or self.contact_name,
            self.env._("valid e-mail address"): email_normalize(
                payer.email or self.email_from or ""
            ),
            self.env._("street"): payer.street or self.street,
            self.env._("city"): payer.city or self.city,
            self.env._("country"): payer.country_id or self.country_id,
            self.env._("tax ID of the company"): not company
            or payer.vat
            or self.enrolment_vat,
        }

    @api.depends("enrolment_order_id", "enrolment_template_id")
    def _compute_can_enrol(self):
        for lead in self:
            lead.can_enrol = (
                lead.type == "opportunity"
                and lead.enrolment_template_id
                and not lead.enrolment_order_id
            )

    # === MOVING THE CARD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_enrolment_protected(*vals_list)
        leads = super().create(vals_list)
        for lead in leads.filtered("enrolment_template_id"):
            lead._follow_stage()
        return leads

    def write(self, vals):
        self._check_enrolment_protected(vals)
        moved = self.filtered(
            lambda lead: vals.get("stage_id") not in (None, lead.stage_id.id)
        )
        result = super().write(vals)
        for lead in moved:
            lead._follow_stage()
        return result

    @api.model
    def _check_enrolment_protected(self, *vals_list):
        if not self.env.su and any(v.get("enrolment_order_id") for v in vals_list):
            raise AccessError(
                self.env._("The order of a card is made when the card is enrolled.")
            )

    def _follow_stage(self):
        """Do what the rules say about a card that has just been moved.

        :raises UserError: when the card lacks something; it stays where it was
        """
        self.ensure_one()
        if self.env.context.get("payment_confirmed"):
            return
        Rule = self.env["payment.automation"]
        rule = Rule._get_for_stage("stage_enrolled_id", self.stage_id, self)
        if rule.trigger == "stage" and not self.enrolment_order_id:
            self._enrol(rule)
        rule = Rule._get_for_stage("stage_paid_id", self.stage_id, self)
        if rule and self.enrolment_order_id and not self.is_payment_confirmed:
            self.enrolment_order_id.action_confirm_payment()

    # === ENROLMENT === #

    def action_enrol(self):
        """Make quotation and pro-forma of these cards, and send them."""
        self._check_enrolment_rights()
        for lead in self.filtered(lambda lead: not lead.enrolment_order_id):
            rule = self.env["payment.automation"]._get_for_template(
                lead.enrolment_template_id, lead.company_id or self.env.company
            )
            lead._enrol(rule)
        return True

    def _check_enrolment_rights(self):
        if not self.env.su and not self.env.user.has_group(
            "sales_team.group_sale_salesman"
        ):
            raise AccessError(self.env._("Only salespeople enrol people."))
        self.check_access("write")

    def _enrol(self, rule):
        """From the card to the pro-forma, once.

        :raises UserError: that names everything that the card lacks
        """
        self.ensure_one()
        if self.enrolment_missing:
            raise UserError(
                self.env._(
                    "%(card)s cannot be enrolled yet. Missing: %(what)s.",
                    card=self.name,
                    what=self.enrolment_missing,
                )
            )
        self._lock_for_enrolment()
        self._handle_partner_assignment(create_missing=True)
        self._complete_partner()
        order = self.env["sale.order"].create(self._prepare_enrolment_order(rule))
        order._onchange_sale_order_template_id()
        order.write(self._prepare_agreed_terms())
        self._apply_agreed_price(order)
        self.sudo().enrolment_order_id = order
        order.action_issue_proforma()

    def _lock_for_enrolment(self):
        """Two people who move a card at once: the second one starts again and finds
        the order of the first."""
        wait_for_others(self)

    def _complete_partner(self):
        """The tax id and address that the card knows and the customer does not."""
        partner = (self.payer_id or self.partner_id).sudo()
        values = {"vat": self.enrolment_vat, "street": self.street, "city": self.city}
        values |= {"zip": self.zip, "country_id": self.country_id.id}
        if self.payer_id:
            values = {"vat": self.enrolment_vat}
        partner.write({k: v for k, v in values.items() if v and not partner[k]})

    def _prepare_enrolment_order(self, rule):
        """Values of the quotation; its lines come from the template."""
        self.ensure_one()
        company = self.company_id or self.env.company
        values = {
            "partner_id": self.partner_id.id,
            "opportunity_id": self.id,
            "company_id": company.id,
            "origin": self.name,
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
            "campaign_id": self.campaign_id.id,
            "medium_id": self.medium_id.id,
            "source_id": self.source_id.id,
            "tag_ids": [Command.set(self.tag_ids.ids)],
            "sale_order_template_id": self.enrolment_template_id.id,
            "payment_automation_id": rule.id,
        }
        if self.payer_id:
            values["partner_invoice_id"] = self.payer_id.id
        return values

    def _prepare_agreed_terms(self):
        """What was agreed with this person instead of the template's terms."""
        values = {
            "instalment_count": self.enrolment_instalments,
            "billing_start_date": self.enrolment_start_date,
        }
        return {name: value for name, value in values.items() if value}

    def _apply_agreed_price(self, order):
        """Bring the untaxed total to the agreed price, on the first priced line."""
        price = self.enrolment_price
        line = order.order_line.filtered(
            lambda line: not line.display_type and line.product_uom_qty
        )[:1]
        if not price or not line:
            return
        price = self.company_currency._convert(
            price, order.currency_id, order.company_id, fields.Date.today()
        )
        others = order.amount_untaxed - line.price_subtotal
        line.write(
            {"price_unit": (price - others) / line.product_uom_qty, "discount": 0.0}
        )
        if order.currency_id.compare_amounts(order.amount_untaxed, price):
            raise UserError(
                self.env._(
                    "%(card)s: the price %(price)s cannot be reached with the lines of "
                    "“%(template)s”. Change the quotation by hand.",
                    card=self.name,
                    price=order.currency_id.format(price),
                    template=self.enrolment_template_id.name,
                )
            )

    # === BUTTONS === #

    def action_confirm_payment(self):
        """Ask how much was received."""
        self.ensure_one()
        return self.enrolment_order_id.action_open_payment_dialog()

    def action_leave_course(self):
        """End the billing; what is open and what is not asked for any more is told.

        :raises UserError: when nothing is being billed
        """
        self.ensure_one()
        return self.enrolment_order_id.action_stop_billing()

    def action_open_enrolment_order(self):
        self.ensure_one()
        return self.enrolment_order_id._get_records_action()
