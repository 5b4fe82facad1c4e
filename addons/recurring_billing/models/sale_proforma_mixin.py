from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..rehearsal import get_now

#: Written by the buttons and the automation alone.
PROTECTED = ("proforma_number", "proforma_date", "proforma_sent_date")


class SaleProformaMixin(models.AbstractModel):
    """The pro-forma of a quotation or an order: a number, a date and an amount asked.

    It never touches accounting: it says what is to be paid before an invoice exists.
    """

    _name = "sale.proforma.mixin"
    _description = "Pro-forma of an order"

    currency_id = fields.Many2one("res.currency")  # the order's own
    proforma_number = fields.Char(
        string="Pro-Forma", readonly=True, copy=False, index="trigram"
    )
    proforma_date = fields.Date(readonly=True, copy=False)
    proforma_due_date = fields.Date(string="Payable Until", copy=False)
    proforma_sent_date = fields.Datetime(
        string="Pro-Forma Sent",
        readonly=True,
        copy=False,
        help="When the mail with the pro-forma was last made.",
    )
    proforma_amount = fields.Monetary(
        string="Asked",
        compute="_compute_proforma_amount",
        help="With taxes: everything, or the first instalment.",
    )

    _proforma_number_uniq = models.UniqueIndex(
        "(company_id, proforma_number) WHERE proforma_number IS NOT NULL",
        "This pro-forma number is taken.",
    )

    @api.depends("amount_total")
    def _compute_proforma_amount(self):
        for order in self:
            order.proforma_amount = order._get_first_payment_amount()

    def _get_first_payment_amount(self):
        """What is to be paid first, with taxes, in the currency of the order."""
        self.ensure_one()
        return self.amount_total

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_proforma_protected(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_proforma_protected(vals)
        return super().write(vals)

    @api.model
    def _check_proforma_protected(self, *vals_list):
        """A readonly field in a form protects nothing from other programs."""
        if not self.env.su and any(
            vals.get(n) for vals in vals_list for n in PROTECTED
        ):
            raise AccessError(
                self.env._("Pro-formas are numbered by the button “Issue Pro-Forma”.")
            )

    # === ISSUING === #

    def _check_proforma_rights(self):
        """Portal users may call public methods on their own orders.

        :raises AccessError: for whom may not work on these orders
        """
        people = ("sales_team.group_sale_salesman", "recurring_billing.group_billing")
        if not self.env.su and not any(map(self.env.user.has_group, people)):
            raise AccessError(
                self.env._("Only salespeople and billing clerks issue pro-formas.")
            )
        self.check_access("write")

    def action_issue_proforma(self):
        """Number the pro-formas of these orders and send them.

        Pressing twice does no harm: an order has one pro-forma. Use *Send Again* to
        send it once more.

        :raises UserError: for an order that is cancelled, empty or worth nothing
        """
        self._check_proforma_rights()
        fresh = self._issue_proforma()
        fresh._send_proforma()
        return True

    def _issue_proforma(self):
        """Give numbers to those that have none.

        :return: the orders that got one
        """
        orders = self.sudo().filtered(lambda order: not order.proforma_number)
        for company, members in orders.grouped("company_id").items():
            zone = company.partner_id.tz
            local = company.with_context(tz=zone)
            day = fields.Date.context_today(local, get_now(self.env))
            series = company._get_series("recurring_billing.proforma", day)
            for order in members:
                order._check_proforma_ready()
                order.write(order._prepare_proforma(series, day))
        return orders.sudo(self.env.su)

    def _prepare_proforma(self, series, day):
        """Values of a pro-forma of this day, with the next number of the series."""
        self.ensure_one()
        due = day + relativedelta(days=self._get_payment_automation().payment_days)
        return {
            "proforma_number": series.next_by_id(sequence_date=day),
            "proforma_date": day,
            "proforma_due_date": self.proforma_due_date or due,
        }

    def _check_proforma_ready(self):
        """:raises UserError: where nothing can be asked"""
        self.ensure_one()
        problems = {
            self.env._("it is cancelled."): self.state == "cancel",
            self.env._("it has no lines. Add what is sold."): not self.order_line,
            self.env._("there is nothing to pay."): self.order_line
            and self.currency_id.compare_amounts(self.proforma_amount, 0) <= 0,
        }
        for problem, is_wrong in problems.items():
            if is_wrong:
                raise UserError(
                    self.env._(
                        "No pro-forma for %(order)s: %(problem)s",
                        order=self.display_name,
                        problem=problem,
                    )
                )

    # === SENDING === #

    def _send_proforma(self):
        """Queue the mail with the pro-forma, see ``document.delivery``."""
        Delivery = self.env["document.delivery"]
        for order in self.sudo():
            template = order._get_payment_automation().proforma_mail_template_id
            Delivery._create_for_document(
                order,
                order.partner_invoice_id,
                mail_template_id=(template or order._get_proforma_template()).id,
            )

    @api.model
    def _get_proforma_template(self):
        return self.env.ref("recurring_billing.mail_template_proforma")

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self.env.context.get("proforma"):
            self.sudo().proforma_sent_date = fields.Datetime.now()
        return result

    # === PAYING === #

    def _get_online_payment_url(self):
        """Where the customer pays online, or an empty string.

        Odoo's own page of the order, which shows no form once the offer has ended;
        given where a payment provider is switched on.
        """
        self.ensure_one()
        order = self.sudo()
        missing = order.proforma_missing_amount
        is_over = order.state == "cancel" or order.is_expired or missing <= 0
        if is_over or not order._has_payment_provider():
            return ""
        link = (
            self.env["payment.link.wizard"]
            .sudo()
            .with_context(active_model="sale.order", active_id=order.id)
            .create(
                {
                    "res_model": "sale.order",
                    "res_id": order.id,
                    "amount": missing,
                    "amount_max": missing,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_invoice_id.id,
                }
            )
        )
        return link.link

    def _has_payment_provider(self):
        """Whether one of the company's providers takes this payment."""
        self.ensure_one()
        return bool(
            self.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                self.company_id.id,
                self.partner_invoice_id.id,
                self.proforma_missing_amount,
                currency_id=self.currency_id.id,
                sale_order_id=self.id,
            )
        )
