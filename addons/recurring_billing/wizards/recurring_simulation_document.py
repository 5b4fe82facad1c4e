from odoo import api, fields, models

#: What is written into the ledger again, under the same name there.
LEDGER_FIELDS = (
    "recipient_id",
    "scheduled_date",
    "issue_date",
    "document_date",
    "period_start",
    "period_end",
    "amount_untaxed",
    "amount_total",
    "currency_id",
    "attempts",
    "attempt_date",
)
#: State here and in the ledger.
STATES = {
    "issued": "generated",
    "failed": "failed",
    "held": "held",
    "skipped": "skipped",
}


class RecurringSimulationDocument(models.TransientModel):
    """A document, reminder or renewal that would be made, and what would become of it.

    It has no number: numbers are given when documents are really issued.
    """

    _name = "recurring.simulation.document"
    _description = "Simulated Document"
    _order = "date, id"
    _transient_max_hours = 24 * 7

    simulation_id = fields.Many2one(
        comodel_name="recurring.simulation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection=[
            ("document", "Document"),
            ("reminder", "Payment reminder"),
        ],
        string="What",
        required=True,
        readonly=True,
        default="document",
    )
    state = fields.Selection(
        selection=[
            ("issued", "Would be issued"),
            ("failed", "Would fail"),
            ("held", "Would wait for release"),
            ("skipped", "Would be skipped"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Date(required=True, readonly=True, index=True)
    company_id = fields.Many2one(related="simulation_id.company_id")
    task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Recurring Task",
        readonly=True,
        ondelete="cascade",
    )
    recipient_id = fields.Many2one(
        comodel_name="recurring.task.recipient",
        string="Customer of the Task",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        ondelete="cascade",
    )
    document_type = fields.Selection(
        selection=lambda self: self.env["recurring.occurrence"]._get_document_types(),
        string="Kind of Document",
        readonly=True,
    )
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount_untaxed = fields.Monetary(string="Without Taxes", readonly=True)
    amount_tax = fields.Monetary(string="Taxes", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    message = fields.Text(string="Reason", readonly=True)
    remarks = fields.Text(compute="_compute_remarks")
    email_to = fields.Char(string="E-Mail To", readonly=True)
    email_cc = fields.Char(string="In Copy", readonly=True)
    mail_template = fields.Char(string="E-Mail Template", readonly=True)
    mail_warning = fields.Text(string="E-Mail Warning", readonly=True)
    line_ids = fields.One2many(
        comodel_name="recurring.simulation.line",
        inverse_name="document_id",
        string="Lines",
        readonly=True,
    )

    # As in the ledger
    scheduled_date = fields.Date(readonly=True)
    issue_date = fields.Date(string="Date of Issue", readonly=True)
    document_date = fields.Date(readonly=True)
    period_start = fields.Date(string="Period From", readonly=True)
    period_end = fields.Date(string="Next Period From", readonly=True)
    attempts = fields.Integer(readonly=True)
    attempt_date = fields.Datetime(string="Moment of Issue", readonly=True)

    @api.depends("message", "mail_warning")
    def _compute_remarks(self):
        for document in self:
            texts = (document.message, document.mail_warning)
            document.remarks = "\n".join(filter(None, texts))

    @api.depends("kind", "document_type", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        types = dict(self._fields["document_type"]._description_selection(self.env))
        for document in self:
            what = types.get(document.document_type) or kinds.get(document.kind)
            document.display_name = f"{document.partner_id.display_name}: {what}"

    # === LEDGER === #

    @api.model
    def _get_ledger_part(self, values):
        """Values of the ledger's row, out of those of a row here."""
        return {
            **{name: values[name] for name in LEDGER_FIELDS},
            "state": STATES[values["state"]],
            "error": values["message"],
        }

    def _get_ledger_values(self):
        self.ensure_one()
        return self._get_ledger_part(
            self._get_values(self, (*LEDGER_FIELDS, "state", "message"))
        )

    @api.model
    def _get_values(self, record, names):
        """Plain values, which outlive the record's transaction."""
        return {
            name: record._fields[name].convert_to_write(record[name], record)
            for name in names
        }

    # === READING WHAT WAS MADE === #

    @api.model
    def _describe(self, rows):
        """Values of rows here for rows of the ledger, which are undone afterwards.

        :rtype: list[dict]
        """
        documents = {
            (model, document.id): document
            for model, own in rows.filtered("res_id").grouped("res_model").items()
            for document in rows.env[model].browse(own.mapped("res_id"))
        }
        return [
            self._describe_row(row, documents.get((row.res_model, row.res_id)))
            for row in rows
        ]

    @api.model
    def _describe_row(self, row, document):
        states = {there: here for here, there in STATES.items()}
        return {
            **self._get_values(row, LEDGER_FIELDS),
            "kind": "document",
            "state": states[row.state],
            "date": row.document_date,
            "task_id": row.task_id.id,
            "partner_id": row.partner_id.id,
            "document_type": row.document_type,
            "amount_tax": row.amount_total - row.amount_untaxed,
            "message": row.error,
            "line_ids": self._describe_lines(row, document),
            **self._describe_mails(row),
        }

    @api.model
    def _describe_lines(self, row, document):
        if not document:
            return []
        handler = row.task_id.with_env(document.env)._get_handler()
        return handler._describe_lines(document)

    @api.model
    def _describe_mails(self, row):
        """To whom it would go, as far as that is known before anything is printed."""
        mails = row.delivery_ids.sorted("id")
        task = row.task_id
        template = task.mail_template_id
        if mails and not template:
            template = task._get_handler()._get_default_mail_template()
        return {
            "email_to": ", ".join(filter(None, mails.mapped("email_to"))) or False,
            "email_cc": ", ".join(filter(None, mails.mapped("email_cc"))) or False,
            "mail_template": template.name if mails else False,
            "mail_warning": "\n".join(filter(None, map(self._get_warning, mails)))
            or False,
        }

    @api.model
    def _get_warning(self, mail):
        """What its reason says, without the buttons of a real e-mail."""
        if mail.state == "no_address":
            name = mail.partner_id.display_name
            return self.env._("%s has no valid e-mail address.", name)
        return mail.reason
