from odoo import api, fields, models


class PaymentAutomation(models.Model):
    """From enrolment to payment: one rule, told as a sentence.

    When a quotation of these templates is made (or signed), its pro-forma is issued
    and sent. When it is paid, the invoice and the contract are made and sent.
    """

    _name = "payment.automation"
    _description = "Payment Automation"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    # When somebody enrols
    trigger = fields.Selection(
        selection=[
            ("manual", "when somebody presses “Issue Pro-Forma”"),
            ("create", "as soon as it is saved"),
            ("confirm", "as soon as it is signed or confirmed"),
        ],
        string="Pro-Forma",
        default="confirm",
        required=True,
    )
    template_ids = fields.Many2many(
        comodel_name="sale.order.template",
        string="Quotation Templates",
        check_company=True,
        help="Quotations made from one of these templates follow this rule.",
    )
    payment_days = fields.Integer(
        string="Days to Pay",
        help="The pro-forma is payable so many days after its date. 0: at once.",
    )
    proforma_mail_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="E-mail with the Pro-Forma",
        domain="[('model', '=', 'sale.order')]",
        ondelete="restrict",
        help="Empty: the usual one.",
    )

    # When the payment is confirmed
    contract_template_id = fields.Many2one(
        comodel_name="sale.contract.template",
        string="Contract",
        check_company=True,
        ondelete="restrict",
        help="Empty: no contract is made.",
    )
    send_documents = fields.Boolean(
        string="Send Them",
        default=True,
        help="E-mail the invoice, with the contract, to the customer.",
    )
    mail_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="E-mail with the Invoice",
        domain="[('model', '=', 'account.move')]",
        ondelete="restrict",
        help="Empty: the usual one.",
    )
    order_count = fields.Integer(
        compute="_compute_order_count",
        compute_sudo=True,  # billing clerks may lack rights on orders
    )

    _payment_days_positive = models.Constraint(
        "CHECK (payment_days >= 0)", "Days to pay cannot be fewer than 0."
    )

    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("payment_automation_id", "in", self.ids)],
                ["payment_automation_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.order_count = counts.get(rule, 0)

    @api.model
    def _get_for_template(self, template, company):
        """The rule that quotations of this template follow, or an empty one."""
        if not template:
            return self.browse()
        domain = [("template_ids", "in", template.ids), ("company_id", "=", company.id)]
        return self.sudo().search(domain, limit=1)

    def action_view_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale.action_quotations_with_onboarding"
        )
        action["domain"] = [("payment_automation_id", "=", self.id)]
        action["context"] = {}
        return action
