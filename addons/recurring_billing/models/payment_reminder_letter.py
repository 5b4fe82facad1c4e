from odoo import api, fields, models
from odoo.tools import format_amount, format_date


class PaymentReminderLetter(models.Model):
    """One reminder to one customer: the document that is mailed and printed.

    Its table holds every overdue invoice that has reached a level, each currency by
    itself, and the credit that is left for them. It is rendered when its mail is made
    and compared once more right before the mail leaves; what was sent stays as it was.
    """

    _name = "payment.reminder.letter"
    _inherit = ["mail.thread", "document.delivery.mixin", "friendly.document.mixin"]
    _description = "Payment Reminder Letter"
    _order = "date desc, id desc"

    name = fields.Char(string="Number", readonly=True, required=True)
    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    addressee_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="The address of the invoices.",
    )
    level_id = fields.Many2one(
        "payment.reminder.level",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="The highest level among its invoices: its text is used.",
    )
    reminder_ids = fields.One2many(
        "payment.reminder", "letter_id", string="Invoices", readonly=True
    )
    #: The table as it was last rendered: facts, not words.
    content = fields.Json(readonly=True)
    table_html = fields.Html(
        string="Table of Open Items", compute="_compute_table_html", sanitize=False
    )

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_table_html(self):
        """The table in the language of the context, for mail templates."""
        for letter in self:
            letter.table_html = self.env["ir.qweb"]._render(
                "recurring_billing.reminder_tables",
                {"tables": letter._get_tables()},
                lang=self.env.lang,
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        Company = self.env["res.company"]
        for vals in vals_list:
            company = Company.browse(vals["company_id"])
            day = fields.Date.to_date(vals["date"])
            vals["name"] = company._next_document_number(self._name, day)
        return super().create(vals_list)

    def _get_document_kind(self):
        return self.env["recurring.document.kind"]._get_by_code("reminder")

    def _get_default_addressees(self):
        self.ensure_one()
        return self.addressee_id

    # === CONTENT === #

    def _refresh(self):
        """Look at the accounts again: what is no longer owed leaves the letter.

        :return: letters whose table is not what it was, or that have nothing left
        """
        changed = self.browse()
        for company, letters in self.grouped("company_id").items():
            plan = self.env["payment.reminder.planner"]._plan(
                company, company._get_reminder_day(), letters.partner_id
            )
            for letter in letters:
                content = letter._prepare_content(plan)
                letter._void_unmentioned(content, plan)
                if content != (letter.content or []):
                    letter.sudo().content = content
                    changed += letter
        return changed

    def _is_alive(self):
        """Whether any of its reminders still stands."""
        return bool(self._get_standing())

    def _get_standing(self):
        return self.reminder_ids.filtered(lambda row: row.state != "void")

    def _prepare_content(self, plan):
        """What the table says, by currency; nothing where none of the invoices of this
        letter is owed any more.

        :rtype: list[dict]
        """
        by_currency = {}
        for item in plan.items:
            if item.partner == self.partner_id and item.is_open and item.is_reached:
                by_currency.setdefault(item.currency, []).append(item)
        tables = [
            self._prepare_table(
                currency, items, plan.credits.get((self.partner_id, currency), ())
            )
            for currency, items in sorted(
                by_currency.items(), key=lambda pair: pair[0].name
            )
        ]
        # Credit may be left for an older invoice that is not in the table.
        tables = [table for table in tables if table["total"] > 0]
        mentioned = self._get_mentioned(tables)
        return tables if self._get_standing().move_id & mentioned else []

    def _get_mentioned(self, tables):
        return self.env["account.move"].browse(
            item["move"] for table in tables or [] for item in table["items"]
        )

    def _void_unmentioned(self, content, plan):
        """Take back the reminders of invoices that the table does not hold any more."""
        missing = self.reminder_ids.filtered(
            lambda row: row.move_id not in self._get_mentioned(content)
        )
        reasons = {item.move: item.reason for item in plan.items if not item.is_open}
        for row in missing:
            reason = reasons.get(row.move_id) or self.env._("Nothing of it is overdue.")
            row._update_state("void", reason)

    def _prepare_table(self, currency, items, unused):
        items = sorted(items, key=lambda item: (item.due, item.move.id))
        total = sum(item.residual for item in items) - sum(left for _c, left in unused)
        return {
            "currency": currency.id,
            "items": [
                {
                    "move": item.move.id,
                    "number": item.move.name,
                    "date": str(item.move.invoice_date),
                    "due": str(item.due),
                    "amount": item.move.amount_total,
                    "open": currency.round(item.residual),
                }
                for item in items
            ],
            "credits": [
                {
                    "number": credit.name or "",
                    "date": str(credit.day),
                    "open": currency.round(left),
                }
                for credit, left in unused
            ],
            "total": currency.round(total),
        }

    # === WORDS === #

    def _get_tables(self):
        """The content in words of the context's language, with payment links."""
        self.ensure_one()
        links = self._get_payment_links()
        day = self.company_id._get_reminder_day()
        return [self._format_table(table, links, day) for table in self.content or []]

    def _format_table(self, table, links, day):
        currency = self.env["res.currency"].browse(table["currency"])

        def amount(value):
            return format_amount(self.env, value, currency)

        def days(due):
            return (day - fields.Date.to_date(due)).days

        return {
            "currency": currency.name,
            "items": [
                {
                    "number": item["number"],
                    "date": format_date(self.env, item["date"]),
                    "due": format_date(self.env, item["due"]),
                    "days": days(item["due"]),
                    "amount": amount(item["amount"]),
                    "open": amount(item["open"]),
                    "url": links.get(item["move"]),
                }
                for item in table["items"]
            ],
            "credits": [
                {
                    "number": credit["number"],
                    "date": format_date(self.env, credit["date"]),
                    "open": amount(-credit["open"]),
                }
                for credit in table["credits"]
            ],
            "total": amount(table["total"]),
        }

    def _get_moves(self):
        """Invoices of the table."""
        return self._get_mentioned(self.content)

    def _get_payment_links(self):
        """Where each invoice can be paid online, by id; empty where it cannot."""
        return {
            move.id: move.get_base_url()
            + move.get_portal_url(query_string="&payment=True", anchor="portal_pay")
            for move in self._get_moves().sudo().exists()
            if move._can_be_paid_online()
        }

    # === FRIENDLY LAYOUT === #

    def _get_friendly_figures(self):
        """What is open, in up to three currencies."""
        return [
            (self.env._("To Pay"), table["total"]) for table in self._get_tables()[:3]
        ]

    def _get_friendly_link(self):
        """To where it is paid, if it is one invoice; else each has its own in the
        table."""
        links = list(self._get_payment_links().values())
        if len(links) != 1 or len(self._get_moves()) != 1:
            return {}
        return {"url": links[0], "label": self.env._("Pay online")}

    def action_print(self):
        self.check_access("read")
        return self.env.ref("recurring_billing.action_report_reminder").report_action(
            self
        )
