from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What was expected of a task; it names the kind of document, too.
FORECASTS = (
    "recurring.forecast",
    "recurring.forecast.baseline",
    "recurring.forecast.actual",
)


class RecurringContentMixin(models.AbstractModel):
    """The "What" of a recurring record: kind of document, prices, terms.

    A field that is left empty means *as on the customer's record*.
    """

    _name = "recurring.content.mixin"
    _description = "Recurring document content"

    document_type = fields.Selection(
        selection=[
            ("invoice", "Customer Invoice"),
            ("quotation", "Quotation"),
            ("order", "Sales Order"),
            ("proforma", "Pro-forma"),
        ],
        string="Document",
        default="invoice",
        required=True,
        tracking=True,
    )
    price_mode = fields.Selection(
        selection=[
            ("keep", "Keep the prices of the lines"),
            ("pricelist", "By catalogue, pricelist and customer"),
        ],
        string="Prices",
        default="keep",
        required=True,
        help="By catalogue: worked out anew for each document, with the customer's "
        "pricelist and special prices of that day.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the prices on the lines.",
    )
    amount_untaxed = fields.Monetary(
        string="Untaxed Amount",
        compute="_compute_amount_untaxed",
        help="Of one document, at the prices of the lines.",
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        check_company=True,
        help="Empty: as on the customer's record.",
    )
    payment_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payment Terms",
        check_company=True,
        help="Empty: as on the customer's record.",
    )
    payment_method_line_id = fields.Many2one(
        comodel_name="account.payment.method.line",
        string="Payment Method",
        domain="[('payment_type', '=', 'inbound'), ('company_id', '=', company_id)]",
        help="Empty: as on the customer's record.",
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="Empty: the usual sales journal.",
    )
    journal_used_id = fields.Many2one(
        comodel_name="account.journal",
        compute="_compute_journal_used_id",
        compute_sudo=True,  # readers of tasks may lack rights on accounting
    )
    salesperson_id = fields.Many2one(
        comodel_name="res.users",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: as on the customer's record.",
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        help="Empty: as on the customer's record.",
    )
    document_hour_set = fields.Boolean(
        string="Print an Hour",
        help="Prints an hour on the document. It is not the hour of sending.",
    )
    document_hour = fields.Float(string="Hour on the Document")

    document_model = fields.Char(
        compute="_compute_document_model",
        help="Which templates and formats fit; for the forms.",
    )

    # === COMPUTE METHODS === #

    @api.depends("document_type")
    def _compute_document_model(self):
        for record in self:
            record.document_model = (
                record.document_type and record._get_handler()._get_document_model()
            )

    @api.depends("line_ids.price_subtotal")
    def _compute_amount_untaxed(self):
        for task in self:
            task.amount_untaxed = sum(task.line_ids.mapped("price_subtotal"))

    @api.depends("journal_id", "company_id")
    def _compute_journal_used_id(self):
        Journal = self.env["account.journal"]
        for company, records in self.grouped("company_id").items():
            domain = [*Journal._check_company_domain(company), ("type", "=", "sale")]
            usual = Journal.search(domain, limit=1)
            for record in records:
                record.journal_used_id = record.journal_id or usual

    # === CONSTRAINTS === #

    @api.constrains("document_hour", "document_hour_set", "send_hour")
    def _check_hours(self):
        for task in self:
            if not (0 <= task.document_hour < 24 and 0 <= task.send_hour < 24):
                raise ValidationError(
                    self.env._(
                        "%(task)s: an hour lies between 00:00 and 23:59.",
                        task=task.display_name,
                    )
                )

    @api.constrains("mail_template_id", "report_id", "document_type")
    def _check_document_model(self):
        for task in self:
            model = task._get_handler()._get_document_model()
            for name, other in (
                ("mail_template_id", task.mail_template_id.model),
                ("report_id", task.report_id.model),
            ):
                if task[name] and other != model:
                    raise ValidationError(
                        self.env._(
                            "%(field)s “%(value)s” is made for another kind of "
                            "document. Choose one for “%(kind)s” or leave it empty.",
                            field=self._fields[name]._description_string(self.env),
                            value=task[name].sudo().display_name,
                            kind=task._get_document_type_label(),
                        )
                    )

    # === A KIND THAT GOES === #

    def _lose_kind(self, kind, app, successor, *, issued_as):
        """The app that makes these tasks' documents is being removed.

        What is running pauses and says why, because nobody asked for another kind of
        document. For ``ondelete`` of a value that an add-on gave to ``document_type``.

        :param str kind: the value that goes
        :param str app: technical name of the add-on
        :param str successor: the kind that these tasks have from now on
        :param issued_as: what the ledger calls issued documents from now on, or False
        """
        for task in self:
            task = task.with_context(lang=task.user_id.lang)
            reason = task.env._(
                "The app “%(app)s” was removed, and with it the documents of this "
                "task: %(kind)s. Check its kind of document before you resume it.",
                app=task.env.ref(f"base.module_{app}").sudo().shortdesc,
                kind=task._get_document_type_label(),
            )
            if task.state in ("running", "paused"):
                task._update_state(("running", "paused"), "paused", reason)
            task._message_log(body=reason)
        # the templates were made for the kind that goes
        self.write(
            {
                "document_type": successor,
                "mail_template_id": False,
                "report_id": False,
            }
        )
        for model in ("recurring.occurrence", *FORECASTS):
            rows = self.env[model].sudo().search([("document_type", "=", kind)])
            rows.document_type = issued_as

    # === HELPERS === #

    def _get_handler(self):
        """The kind of document as a model that knows how to make it."""
        self.ensure_one()
        return self.env["recurring.document"]._get_handler(self.document_type)

    def _get_document_type_label(self):
        self.ensure_one()
        field = self._fields["document_type"]
        return dict(field._description_selection(self.env))[self.document_type]

    def _get_document_hour_text(self):
        """``HH:MM`` or an empty string: no hour and midnight are two things."""
        self.ensure_one()
        if not self.document_hour_set:
            return ""
        minutes = min(round(self.document_hour * 60), 24 * 60 - 1)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    def _get_currency_problem(self, currency=None):
        """Why documents in ``currency`` cannot be issued, or an empty string."""
        currency = currency or self.currency_id
        company_currency = self.company_id.currency_id
        if not currency.active:
            return self.env._(
                "the currency %s is archived. Activate it or choose another.",
                currency.name,
            )
        if currency != company_currency and not currency.sudo().rate_ids.filtered(
            lambda rate: (
                not rate.company_id
                or rate.company_id in self.company_id.root_id | self.company_id
            )
        ):
            return self.env._(
                "there is no exchange rate for %s. Enter one under Invoicing → "
                "Configuration → Currencies.",
                currency.name,
            )
        return ""
