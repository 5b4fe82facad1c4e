from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date

PLACEHOLDERS = (
    "name",
    "date_text",
    "customer_name",
    "customer_address",
    "customer_vat",
    "customer_email",
    "customer_phone",
    "payer_name",
    "payer_address",
    "payer_vat",
    "subject",
    "order_name",
    "price_text",
    "instalments_text",
    "first_payment_text",
    "start_text",
    "company_name",
    "company_address",
    "company_vat",
    "company_registry",
)
#: A contract tells its reader everything; he may lack rights on the order.
TEXT = {"compute": "_compute_texts", "compute_sudo": True}


class SaleContractDocument(models.Model):
    """The contract that was made for an order: its text and its PDF, as sent.

    One per order, in the database: it is made in the transaction that confirms the
    payment, however often the payment is told.
    """

    _name = "sale.contract.document"
    _inherit = ["mail.thread", "friendly.document.mixin"]
    _description = "Contract"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True)
    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    template_id = fields.Many2one(
        comodel_name="sale.contract.template",
        readonly=True,
        ondelete="set null",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True, index=True
    )
    date = fields.Date(required=True, readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    body = fields.Html(string="Text", readonly=True, sanitize="email_outgoing")
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="PDF", readonly=True, ondelete="set null"
    )

    # What the text may hold, in the customer's language
    date_text = fields.Char(string="Date of the Contract", **TEXT)
    customer_name = fields.Char(**TEXT)
    customer_address = fields.Char(**TEXT)
    customer_vat = fields.Char(string="Customer's Tax ID", **TEXT)
    customer_email = fields.Char(**TEXT)
    customer_phone = fields.Char(**TEXT)
    payer_name = fields.Char(**TEXT)
    payer_address = fields.Char(**TEXT)
    payer_vat = fields.Char(string="Payer's Tax ID", **TEXT)
    subject = fields.Char(string="What Is Sold", **TEXT)
    order_name = fields.Char(string="Order Number", **TEXT)
    price_text = fields.Char(string="Total Price", **TEXT)
    instalments_text = fields.Char(string="Number of Instalments", **TEXT)
    first_payment_text = fields.Char(string="First Payment", **TEXT)
    start_text = fields.Char(string="Start of the Service", **TEXT)
    company_name = fields.Char(**TEXT)
    company_address = fields.Char(**TEXT)
    company_vat = fields.Char(string="Company's Tax ID", **TEXT)
    company_registry = fields.Char(**TEXT)

    _order_uniq = models.Constraint(
        "UNIQUE (order_id)", "This order already has a contract."
    )

    # === TEXTS === #

    @api.model
    def _get_placeholder_names(self):
        """Fields that a text may hold."""
        return PLACEHOLDERS

    @api.model
    def mail_allowed_qweb_expressions(self):
        return (
            *super().mail_allowed_qweb_expressions(),
            *(f"object.{name}" for name in self._get_placeholder_names()),
        )

    @api.depends("order_id", "date", "lang")
    def _compute_texts(self):
        for contract in self:
            texts = contract.with_context(lang=contract.lang)._prepare_texts()
            for name in PLACEHOLDERS:
                if name != "name":
                    contract[name] = texts.get(name, False)

    def _prepare_texts(self):
        """Texts of the placeholders, in the language of the context."""
        self.ensure_one()
        order = self.order_id.with_context(lang=self.env.lang)
        company = self.company_id
        texts = {
            "date_text": self.date and format_date(self.env, self.date),
            "subject": order._get_contract_subject(),
            "order_name": order.name,
            "price_text": self._format_amount(order.amount_total),
            "first_payment_text": self._format_amount(order.proforma_amount),
            **order._prepare_contract_texts(),
        }
        people = {
            "customer": order.partner_id,
            "payer": order.partner_invoice_id,
            "company": company.partner_id,
        }
        for who, partner in people.items():
            texts |= {
                f"{who}_name": partner.name or partner.parent_id.name,
                f"{who}_address": self._get_address(partner),
                f"{who}_vat": partner.vat or partner.commercial_partner_id.vat,
                f"{who}_email": partner.email,
                f"{who}_phone": partner.phone,
            }
        texts["company_registry"] = company.company_registry
        return texts

    def _format_amount(self, amount):
        return format_amount(self.env, amount, self.order_id.currency_id)

    def _get_address(self, partner):
        lines = partner._display_address(without_company=True).splitlines()
        return ", ".join(line.strip() for line in lines if line.strip())

    # === MAKING === #

    @api.model
    def _create_for_order(self, order, template, date):
        """The contract of an order, with its PDF.

        :param sale.order order: in sudo; the caller has checked
        :param sale.contract.template template: its text
        :param date date: date of the contract
        """
        values = self._prepare_contract(order, template, date)
        number = order.company_id._next_document_number(
            "recurring_billing.contract", date
        )
        contract = self.sudo().create({**values, "name": number})
        contract._render()
        contract._print()
        return contract

    @api.model
    def _prepare_contract(self, order, template, date):
        return {
            "order_id": order.id,
            "template_id": template.id,
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.id,
            "date": date,
            "lang": order.partner_id.lang or self.env.lang,
        }

    def _render(self):
        """Fill in the placeholders; what is typed by customers is escaped."""
        for contract in self:
            template = contract.template_id.with_context(lang=contract.lang)
            key = contract.id  # of a preview as well, which is never saved
            contract.body = template._render_field("body", [key])[key]

    def _print(self):
        """Keep the PDF: what was sent never changes."""
        usual = self.env.ref("recurring_billing.action_report_contract")
        for contract in self:
            report = contract.template_id.report_id or usual
            printer = self.env["document.printer"].with_context(lang=contract.lang)
            name, content = printer._print(report, contract)[contract.id]
            contract.attachment_id = self.env["ir.attachment"].create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": contract.id,
                }
            )

    def _get_document_kind(self):
        return self.env["recurring.document.kind"]._get_by_code("contract")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self._get_door_message())
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and {"body", "order_id", "attachment_id", "name"} & set(
            vals
        ):
            raise AccessError(self._get_door_message())
        return super().write(vals)

    @api.model
    def _get_door_message(self):
        return self.env._("Contracts are made when the payment is confirmed.")

    def action_open_pdf(self):
        """Fetch the PDF that was sent."""
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(self.env._("%s has no PDF any more.", self.display_name))
        url = f"/web/content/{self.attachment_id.id}?download=true"
        return self.env["file.archive"]._get_download_action(url)
