import logging
from collections import defaultdict

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date, plaintext2html, split_every

from ..calendar_month import first_of_month, previous_month

_logger = logging.getLogger(__name__)

#: Customers whose invoices are made and posted in one transaction.
BATCH_SIZE = 50


class RecapitulativeMonth(models.Model):
    """The ledger of monthly recapitulative invoices: a row for each customer and month.

    The row is written in the transaction that makes the invoices, and the database
    allows one: killed at any moment, nothing is billed twice or half.
    """

    _name = "recapitulative.month"
    _inherit = "recurring.batch.mixin"
    _description = "Recapitulative invoices of a month"
    _order = "month desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    month = fields.Date(required=True, readonly=True, help="Its first day.")
    state = fields.Selection(
        selection=[("done", "Done"), ("failed", "Failed")],
        required=True,
        readonly=True,
    )
    error = fields.Text(readonly=True)
    move_ids = fields.Many2many(
        comodel_name="account.move",
        relation="recapitulative_month_move_rel",
        string="Invoices",
        readonly=True,
    )

    _customer_month_unique = models.Constraint(
        "UNIQUE(company_id, partner_id, month)",
        "The month of this customer was invoiced already.",
    )

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_recapitulate(self):
        """Invoice the month before for all customers who are marked for it."""
        if self.env["recurring.copy.guard"]._is_held():
            return
        batches = list(self._get_batches())
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=sum(len(ids) for *_key, ids in batches))
        for company, month, ids in batches:
            self._run_batch(company, month, ids)
            if not commit(len(ids)):
                return  # the slice is used up: the scheduled action calls again

    @api.model
    def _get_batches(self):
        """Customers who are due: company, month, ids."""
        Order = self.env["sale.order"].sudo()
        waiting = [("state", "=", "sale"), ("invoice_status", "=", "to invoice")]
        for (company,) in Order._read_group(waiting, ["company_id"]):
            ledger = self._for_company(company)
            month = previous_month(fields.Date.context_today(ledger))
            for ids in split_every(BATCH_SIZE, ledger._get_due_partners(month).ids):
                yield company, month, list(ids)

    @api.model
    def _for_company(self, company):
        """This model acting for a company: a scheduled action has neither companies,
        nor language, nor time zone."""
        return (
            self.sudo()
            .with_company(company)
            .with_context(
                allowed_company_ids=company.ids,
                lang=company.partner_id.lang or self.env.lang,
                tz=company.partner_id.tz,
                tracking_disable=True,
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                mail_notrack=True,
                mail_auto_subscribe_no_notify=True,
            )
        )

    @api.model
    def _get_due_partners(self, month):
        """Marked customers of the company whose month is not done, with something to
        invoice of it or of an earlier one."""
        marked = self.env["res.partner"].search([("recapitulative", "=", True)])
        done = self.search(
            [
                ("company_id", "=", self.env.company.id),
                ("month", "=", month),
                ("state", "=", "done"),
            ]
        ).partner_id
        sources = self._get_sources(marked.commercial_partner_id - done, month)
        return self.env["res.partner"].union(*sources)

    @api.model
    def _get_sources(self, partners, month):
        """What is open up to the end of a month: ``{customer: {source: day}}``."""
        recapitulative = self.env["recapitulative.invoice"]
        orders = recapitulative._get_open_orders(
            Domain("company_id", "=", self.env.company.id)
            & Domain("partner_invoice_id.commercial_partner_id", "in", partners.ids)
        )
        result = defaultdict(dict)
        for source, day in recapitulative._get_sources(orders).items():
            if first_of_month(day) <= month:
                order = recapitulative._get_source_order(source)
                customer = order.partner_invoice_id.commercial_partner_id
                result[customer][source] = day
        return result

    @api.model
    def _run_batch(self, company, month, ids):
        """Invoice a month for these customers; a failure stops nobody else.

        Another transaction that invoices the same order, or the same month, wins:
        nothing is done then, and the customers are still due.
        """
        ledger = self._for_company(company)
        try:
            ledger._issue_or_halve(ledger.env["res.partner"].browse(ids), month)
            self.env.flush_all()
        except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, psycopg2.IntegrityError):
            if not self.env.context.get("cron_id"):
                raise  # the request is repeated as a whole
            _logger.info("Recapitulative invoices of %s are made later", company.name)
            self.env.cr.rollback()

    @api.model
    def _issue_or_halve(self, partners, month):
        sources = self._get_sources(partners, month)
        orders = self.env["recapitulative.invoice"]._get_orders(
            [source for own in sources.values() for source in own]
        )
        held = orders - orders.try_lock_for_update(allow_referencing=True)
        busy = held.partner_invoice_id.commercial_partner_id
        self._work_or_halve(
            lambda members: self._issue(members, month, sources),
            (partners & self.env["res.partner"].union(*sources)) - busy,
            lambda partner, error: self._set_aside(partner, month, error),
        )

    @api.model
    def _issue(self, partners, month, sources):
        """Invoices, ledger rows and envelopes of one batch."""
        wanted = {
            source: day
            for partner in partners
            for source, day in sources[partner].items()
            if first_of_month(day) == month
        }
        moves = self.env["account.move"]
        if wanted:
            moves = self.env["recapitulative.invoice"]._create(wanted).sudo()
        by_partner = moves.grouped("commercial_partner_id")
        rows = self._get_rows(partners, month, {"state": "done", "error": False})
        for partner, row in rows.items():
            if invoices := by_partner.get(partner):
                row.move_ids = invoices
            self._tell_older(partner, month, sources[partner])
        completion = self.env.company.recapitulative_completion or "draft"
        if completion != "draft":
            moves._post(soft=False)
        if completion == "send":
            for move in moves:
                self.env["document.delivery"]._create_for_document(
                    move,
                    move.partner_id,
                    author_id=(move.invoice_user_id or self.env.user).id,
                )
        self.env.flush_all()

    @api.model
    def _set_aside(self, partner, month, error):
        """Note that it did not work for a customer, and tell somebody once."""
        text = self.env["recurring.engine"]._describe_error(error)
        row = self._get_rows(partner, month, {"state": "failed"})[partner]
        if row.error != text:
            row.error = text
            summary = self.env._("Recapitulative invoice of %s failed")
            self._tell(partner, month, summary, text)

    @api.model
    def _tell_older(self, partner, month, sources):
        """What was left of earlier months is not billed by itself: a month is, once."""
        older = [source.name for source, day in sources.items() if day < month]
        if older:
            text = self.env._(
                "%s were not invoiced. Use “Recapitulative Invoice” on the customer "
                "and choose the month.",
                ", ".join(older),
            )
            summary = self.env._("Something before %s is not invoiced")
            self._tell(partner, month, summary, text)

    @api.model
    def _get_rows(self, partners, month, values):
        """The row of each customer's month, over an earlier failure, with these values.

        :rtype: dict[res.partner, recapitulative.month]
        """
        key = {"company_id": self.env.company.id, "month": month}
        rows = self.search(
            [(name, "=", value) for name, value in key.items()]
            + [("partner_id", "in", partners.ids), ("state", "=", "failed")]
        )
        rows.write(values)
        rows += self.create(
            [
                {**key, "partner_id": partner.id, **values}
                for partner in partners - rows.partner_id
            ]
        )
        return dict(zip(rows.partner_id, rows, strict=True))

    @api.model
    def _tell(self, partner, month, summary, text):
        """An activity on the customer, for his salesperson or a billing manager."""
        managers = self.env.ref("recurring_billing.group_manager").all_user_ids
        managers = managers.filtered(lambda u: self.env.company in u.company_ids)
        user = partner.user_id or managers[:1]
        partner.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=(user or self.env.user).id,
            summary=summary % format_date(self.env, month, date_format="LLLL y"),
            note=plaintext2html(text),
        )

    # === BUTTONS === #

    def action_retry(self):
        """Try failed months again at once.

        :raises AccessError: without the right to work with recurring billing
        """
        self.env["recurring.task"]._check_billing_rights()
        self.check_access("read")
        self.env["recurring.copy.guard"]._check_not_held()
        failed = self.filtered(lambda row: row.state == "failed")
        for (company, month), rows in failed.grouped(
            lambda row: (row.company_id, row.month)
        ).items():
            self._run_batch(company, month, rows.partner_id.ids)
        return True

    def action_open(self):
        """The invoices of a customer's month."""
        self.check_access("read")
        return self.move_ids._get_records_action(name=self.env._("Invoices"))
