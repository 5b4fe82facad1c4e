import logging

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date

from ..failpoint import failpoint
from ..row_lock import wait_for_others

_logger = logging.getLogger(__name__)

#: Who may look into confirmations and contracts, as their access rights say.
READERS = "recurring_billing.group_user,sales_team.group_sale_salesman"


class SalePaymentMixin(models.AbstractModel):
    """What was paid of an order, and what its payment sets in motion.

    The payment has one door, :meth:`_confirm_payment`. Everybody may knock, also all
    at once: a payment provider, a clerk, a bank statement, a moved card.
    """

    _name = "sale.payment.mixin"
    _inherit = ["sale.payment.action.mixin"]
    _description = "Payment of an order"

    currency_id = fields.Many2one("res.currency")  # the order's own
    payment_automation_id = fields.Many2one(
        comodel_name="payment.automation",
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What happens on enrolment and on payment. Empty: as the quotation "
        "template says.",
    )
    proforma_payment_ids = fields.One2many(
        comodel_name="account.payment",
        inverse_name="proforma_order_id",
        string="Payments",
        copy=False,
    )
    proforma_statement_line_ids = fields.One2many(
        comodel_name="account.bank.statement.line",
        inverse_name="proforma_order_id",
        copy=False,
    )
    proforma_paid_amount = fields.Monetary(
        string="Already Paid",
        compute="_compute_proforma_paid",
        compute_sudo=True,
    )
    proforma_missing_amount = fields.Monetary(
        string="Still Missing",
        compute="_compute_proforma_paid",
        compute_sudo=True,
        help="What was asked and is not paid yet; nothing once it is confirmed.",
    )
    payment_confirmation_ids = fields.One2many(
        comodel_name="sale.payment.confirmation",
        inverse_name="order_id",
        copy=False,
        groups=READERS,
    )
    is_payment_confirmed = fields.Boolean(
        compute="_compute_payment_confirmed",
        search="_search_payment_confirmed",
        string="Payment Confirmed",
    )
    contract_document_ids = fields.One2many(
        comodel_name="sale.contract.document",
        inverse_name="order_id",
        copy=False,
        groups=READERS,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "proforma_amount",
        "payment_confirmation_ids",
        "proforma_payment_ids.state",
        "proforma_payment_ids.amount",
        "proforma_statement_line_ids.amount",
    )
    def _compute_proforma_paid(self):
        for order in self:
            paid = sum(order._get_paid_amounts())
            order.proforma_paid_amount = order.currency_id.round(paid)
            missing = order.proforma_amount - order.proforma_paid_amount
            is_open = not order.payment_confirmation_ids
            order.proforma_missing_amount = max(missing, 0.0) if is_open else 0.0

    def _get_paid_amounts(self):
        """Amounts received for this order, in its currency at the day of each."""
        self.ensure_one()
        valid = self.proforma_payment_ids.filtered(
            lambda payment: payment.state in ("in_process", "paid")
        )
        money = [
            (payment.currency_id, payment.amount_signed, payment.date)
            for payment in valid
        ] + [
            (line.foreign_currency_id, line.amount_currency, line.date)
            if line.foreign_currency_id
            else (line.currency_id, line.amount, line.date)
            for line in self.proforma_statement_line_ids
        ]
        return [
            currency._convert(amount, self.currency_id, self.company_id, date)
            for currency, amount, date in money
        ]

    @api.depends("payment_confirmation_ids")
    def _compute_payment_confirmed(self):
        for order in self:
            order.is_payment_confirmed = bool(order.sudo().payment_confirmation_ids)

    def _search_payment_confirmed(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = self.env["sale.payment.confirmation"].sudo()._search([])
        domain = fields.Domain("id", "in", rows.subselect("order_id"))
        return domain if True in value else ~domain

    # === AUTOMATION === #

    def _get_payment_automation(self):
        """The rule that this order follows, in sudo; may be empty."""
        self.ensure_one()
        order = self.sudo()
        return order.payment_automation_id or self.env[
            "payment.automation"
        ]._get_for_template(order.sale_order_template_id, order.company_id)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._start_automation("create")
        return orders

    def _start_automation(self, event):
        """Issue and send the pro-formas of those whose rule waits for this event."""
        for order in self.filtered("order_line"):
            if order._get_payment_automation().trigger != event:
                continue
            if not order.is_payment_confirmed and not order._is_paid_online():
                order.sudo()._issue_proforma().sudo()._send_proforma()

    def _is_paid_online(self):
        """Whether a provider has all that is asked, even if it is not booked yet: core
        confirms a quotation that is being paid before it books the money."""
        self.ensure_one()
        order = self.sudo()
        missing = order.currency_id.round(order.proforma_amount - order.amount_paid)
        return order.amount_paid > 0 and missing <= 0

    # === THE DOOR === #

    def _lock_for_payment(self):
        """Wait for others who work on the payment of this order: one who has booked
        half of the money has written no field of the order."""
        wait_for_others(self)

    def _confirm_payment(self, source):
        """Make invoice and contract of an order that is paid, once.

        :param str source: who told of it, see ``sale.payment.confirmation``
        :return: the confirmation; empty while something is missing
        """
        self.ensure_one()
        order = self.sudo().with_company(self.company_id)
        order._lock_for_payment()
        if order.payment_confirmation_ids:
            order._settle_payment(order.payment_confirmation_ids.move_id)
            return order.payment_confirmation_ids
        missing = order.proforma_missing_amount
        if order.state == "cancel" or order.currency_id.compare_amounts(missing, 0) > 0:
            return order.payment_confirmation_ids
        confirmation = order._create_payment_confirmation(source)
        failpoint("payment:confirmed")
        order._make_paid_documents(confirmation)
        order._after_payment_confirmed(confirmation)
        order._send_paid_documents(confirmation)
        return confirmation

    def _confirm_online_payment(self):
        """The customer paid; nobody is there to read a message.

        What cannot be made is left to a person, who is told; the payment stays.
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._confirm_payment("online")
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # core tries again in a new transaction
        except Exception as error:
            if not isinstance(error, UserError):
                _logger.exception("%s is paid, but nothing could be issued", self)
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Paid online, but not invoiced"),
                note=self.env._(
                    "%s Put it right, then press “Confirm Payment”.", str(error)
                ),
                user_id=(self.user_id or self.env.ref("base.user_admin")).id,
            )

    def _create_payment_confirmation(self, source):
        """The row that nobody else can write: flushed, so that the database says so."""
        row = self.env["sale.payment.confirmation"].create(
            {
                "order_id": self.id,
                "company_id": self.company_id.id,
                "date": self._get_payment_date(),
                "source": source,
                "user_id": self.env.uid,
                "amount": self.proforma_paid_amount,
                "currency_id": self.currency_id.id,
            }
        )
        row.flush_recordset()
        return row

    def _get_payment_date(self):
        """Today where the company lives: the date of invoice and contract."""
        zone = self.company_id.partner_id.tz
        return fields.Date.context_today(self.with_context(tz=zone or "UTC"))

    def _make_paid_documents(self, confirmation):
        """Order, contract, invoice, in this order: numbers of invoices are drawn last,
        because until the commit nobody else can post in the journal."""
        rule = self._get_payment_automation()
        if self.state in ("draft", "sent"):
            self.action_confirm()
        if rule.contract_template_id:
            confirmation.contract_id = self.env[
                "sale.contract.document"
            ]._create_for_order(self, rule.contract_template_id, confirmation.date)
        invoice = self._create_first_invoice(confirmation.date)
        confirmation.move_id = invoice
        if invoice:
            invoice.filtered(lambda move: move.state == "draft")._post(soft=False)
            self._settle_payment(invoice)
            # Made here, not by the page that shows the invoice to whoever paid online,
            # while the invoice is being sent: one of the two would have to start again.
            invoice._portal_ensure_token()
        self._start_billing(invoice)

    def _create_first_invoice(self, date):
        """Draft of the invoice for the first payment.

        :param date date: its date
        """
        self.ensure_one()
        if issued := self._get_issued_invoices():
            return issued[:1]
        self._force_lines_to_invoice_policy_order()
        invoice = self.with_context(raise_if_nothing_to_invoice=False)._create_invoices(
            final=True
        )
        invoice.invoice_date = date
        return invoice

    def _get_issued_invoices(self):
        """Invoices that somebody made for this order already, oldest first."""
        return self.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state != "cancel"
        ).sorted("id")

    def _start_billing(self, first_invoice=None):
        """HOOK: start what bills the rest of the order over time."""

    def _after_payment_confirmed(self, confirmation):
        """HOOK: what else follows, e.g. a card that moves."""

    def _settle_payment(self, invoices):
        """Apply what was received for this order to its invoice.

        Whatever is too much stays the customer's credit.
        """
        accounts = ("asset_receivable",)
        lines = (
            invoices.filtered(lambda move: move.state == "posted").line_ids
            + self.proforma_payment_ids.move_id.line_ids
            + self.proforma_statement_line_ids.move_id.line_ids
        ).filtered(
            lambda line: (
                line.account_id.account_type in accounts
                and line.parent_state == "posted"
                and not line.reconciled
            )
        )
        for group in lines.grouped("account_id").values():
            if any(line.balance > 0 for line in group) and any(
                line.balance < 0 for line in group
            ):
                group.reconcile()

    def _send_paid_documents(self, confirmation):
        """Queue the mail with the invoice, and the contract if there is one."""
        rule = self._get_payment_automation()
        invoice = confirmation.move_id
        if not invoice or (rule and not rule.send_documents):
            return
        template = rule.mail_template_id or self.env.ref(
            "recurring_billing.mail_template_paid"
        )
        files = confirmation.contract_id.attachment_id
        self.env["document.delivery"]._create_for_document(
            invoice,
            invoice.partner_id,
            mail_template_id=template.id,
            attachment_ids=[Command.set(files.ids)],
        )

    # === TEXTS OF THE CONTRACT === #

    def _get_contract_subject(self):
        """What is sold, in a few words."""
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.display_type)
        names = [line.product_id.name or line.name for line in lines]
        return ", ".join(dict.fromkeys(filter(None, names)))

    def _prepare_contract_texts(self):
        """HOOK: texts of further placeholders, see ``sale.contract.document``."""
        start = self.billing_start_date
        return {
            "instalments_text": str(max(self.instalment_count, 1)),
            "start_text": start and format_date(self.env, start),
        }
