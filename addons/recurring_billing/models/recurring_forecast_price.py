import logging

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..schedule import Period
from .recurring_planner import ISSUED, Slot

_logger = logging.getLogger(__name__)

#: Customers whose prices are worked out when somebody saves; more wait for the cron.
AT_ONCE = 50
#: Customers of one transaction of the scheduled action.
BATCH_SIZE = 200
#: Where a transaction notes whose prices it has changed.
CHANGED = "recurring_billing.forecast_changed"

#: Customers whose prices are missing, stale, or older than their last document.
OUTDATED = """
    SELECT recipient.id
      FROM recurring_task_recipient recipient
      JOIN recurring_task task ON task.id = recipient.task_id
      LEFT JOIN (
               SELECT recipient_id, min(priced_on) AS priced_on,
                      bool_or(is_stale) AS is_stale
                 FROM recurring_forecast_price
                GROUP BY recipient_id
           ) price ON price.recipient_id = recipient.id
     WHERE recipient.active AND recipient.state = 'running'
       AND task.active AND task.state = 'running'
       AND task.document_type IN %(kinds)s
       AND EXISTS (
               SELECT FROM recurring_task_line line
                WHERE line.task_id = task.id AND line.display_type IS NULL
           )
       AND (
               price.recipient_id IS NULL OR price.is_stale
               OR EXISTS (
                   SELECT FROM recurring_occurrence occurrence
                    WHERE occurrence.recipient_id = recipient.id
                      AND occurrence.state IN %(issued)s
                      AND occurrence.attempt_date >= price.priced_on + 1
               )
           )
     ORDER BY recipient.task_id, recipient.id
"""

#: New prices take the place of older ones.
WRITE = """
    INSERT INTO recurring_forecast_price (
               recipient_id, line_id, product_id, quantity, amount_untaxed,
               priced_on, is_stale, company_id,
               create_uid, create_date, write_uid, write_date
           )
    SELECT *, FALSE, %(company)s, %(uid)s, now() AT TIME ZONE 'UTC',
           %(uid)s, now() AT TIME ZONE 'UTC'
      FROM unnest(
               %(recipients)s::int4[], %(lines)s::int4[], %(products)s::int4[],
               %(quantities)s::numeric[], %(amounts)s::numeric[],
               %(days)s::date[]
           )
        ON CONFLICT (recipient_id, line_id) DO UPDATE
       SET product_id = EXCLUDED.product_id, quantity = EXCLUDED.quantity,
           amount_untaxed = EXCLUDED.amount_untaxed,
           priced_on = EXCLUDED.priced_on, is_stale = FALSE,
           company_id = EXCLUDED.company_id, write_uid = EXCLUDED.write_uid,
           write_date = EXCLUDED.write_date
"""


class RecurringForecastPrice(models.Model):
    """What a line of a task comes to for a customer, as worked out on a day.

    Prices by pricelist cannot be worked out in SQL; so the forecast reads them here.
    They follow when lines, prices or customers of a task are saved, after each run
    and when somebody asks; ``priced_on`` is shown wherever they are.
    """

    _name = "recurring.forecast.price"
    _inherit = "recurring.batch.mixin"
    _description = "Price for the Billing Forecast"
    _order = "recipient_id, id"
    _rec_name = "line_id"

    recipient_id = fields.Many2one(
        comodel_name="recurring.task.recipient",
        string="Customer of the Task",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    line_id = fields.Many2one(
        comodel_name="recurring.task.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="recipient_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        comodel_name="product.product", readonly=True, ondelete="set null"
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)
    amount_untaxed = fields.Monetary(
        readonly=True, help="Of one document, in the currency of the company."
    )
    priced_on = fields.Date(readonly=True, help="The day whose prices these are.")
    is_stale = fields.Boolean(
        readonly=True, help="Something has changed: waits to be worked out anew."
    )

    _line_uniq = models.Constraint(
        "UNIQUE (recipient_id, line_id)", "A line is priced once for each customer."
    )

    # === WHEN SOMEBODY SAVES === #

    @api.model
    def _note_changed(self, tasks, recipients):
        """Work out prices again at the end of the transaction, once for all changes."""
        precommit = self.env.cr.precommit
        if CHANGED not in precommit.data:
            precommit.data[CHANGED] = (set(), set())
            precommit.add(self.sudo()._update_changed)
        for known, records in zip(
            precommit.data[CHANGED], (tasks, recipients), strict=True
        ):
            known.update(records.ids)

    @api.model
    def _update_changed(self):
        tasks, recipients = self.env.cr.precommit.data.pop(CHANGED, ((), ()))
        self._update(
            self.env["recurring.task.recipient"].search(
                [
                    *("|", ("id", "in", recipients), ("task_id", "in", tasks)),
                    ("state", "=", "running"),
                    ("task_state", "=", "running"),
                ]
            )
        )

    @api.model
    def _update(self, recipients):
        """Work out the prices of a few at once, of more in the scheduled action.

        :return: whether all are done
        """
        if len(recipients) <= AT_ONCE:
            self._work_out(recipients)
            return True
        self.env["recurring.forecast.price"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE recurring_forecast_price SET is_stale = TRUE"
                " WHERE recipient_id IN %s",
                recipients._ids,
            )
        )
        self.invalidate_model(["is_stale"])
        self.env.ref("recurring_billing.ir_cron_forecast")._trigger()
        return False

    # === SCHEDULED ACTION === #

    @api.model
    def _after_run(self, recipients):
        """What was issued may have had newer prices."""
        if recipients:
            self.env.ref("recurring_billing.ir_cron_forecast")._trigger()

    @api.model
    def _cron_forecast(self):
        """Work out what is missing or out of date, then keep what is expected."""
        commit = self.env["ir.cron"]._commit_progress
        ids = self._get_outdated()
        commit(remaining=len(ids))
        for batch in split_every(BATCH_SIZE, ids):
            with self._taken_again():
                self._work_out(self.env["recurring.task.recipient"].browse(batch))
            if not commit(len(batch)):
                return  # the slice is used up: the scheduled action calls again
        self.env["recurring.forecast.baseline"]._keep_due()

    @api.model
    def _get_outdated(self):
        """Customers of running tasks without prices, or with prices to renew.

        Prices are renewed after a document was issued at newer ones.

        :return: ids of ``recurring.task.recipient``
        """
        kinds = self._get_kinds_with_amount()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                OUTDATED,
                kinds=tuple(kinds),
                issued=ISSUED,
            )
        )
        return [recipient_id for (recipient_id,) in rows]

    @api.model
    def _get_kinds_with_amount(self):
        """Kinds of document that come to a sum of money."""
        kinds = self.env["recurring.task"]._fields["document_type"].get_values(self.env)
        handler = self.env["recurring.document"]._get_handler
        return [kind for kind in kinds if handler(kind)._has_amount()]

    # === WORKING OUT === #

    @api.model
    def _work_out(self, recipients):
        """Price the lines of these customers; who cannot be priced keeps what he has.

        What is wrong with him shows on his line of the task, by the ready mark.
        """
        for members in recipients.grouped("company_id").values():
            self._work_or_halve(self._price, members, self._set_aside)
        self.invalidate_model()

    @api.model
    def _price(self, recipients):
        company = recipients.company_id
        mine = recipients.sudo().with_company(company)
        mine = mine.with_context(allowed_company_ids=company.ids)
        mine = mine.filtered(lambda r: r.task_id._get_handler()._has_amount())
        slots = [self._prepare_slot(recipient) for recipient in mine]
        amounts = mine.env["recurring.pricing"]._get_untaxed_amounts(slots)
        self._write_rows(
            company,
            [
                (
                    *(slot.recipient.id, line.id, line.product_id.id or None),
                    *(line.quantity, amount, slot.today),
                )
                for slot, by_line in zip(slots, amounts, strict=True)
                for line, amount in by_line.items()
            ],
        )

    @api.model
    def _prepare_slot(self, recipient):
        """A document of today."""
        today = recipient.task_id._get_today()
        return Slot(recipient, Period(0, today, today), today, today)

    @api.model
    def _set_aside(self, recipient, error):
        _logger.info("No forecast price for %s: %s", recipient, error)

    @api.model
    def _write_rows(self, company, rows):
        """Insert or replace prices, in one statement.

        :param list rows: recipient, line, product, quantity, amount, day
        """
        if not rows:
            return
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                WRITE,
                company=company.id,
                uid=self.env.uid,
                **dict(
                    zip(
                        (
                            *("recipients", "lines", "products"),
                            *("quantities", "amounts", "days"),
                        ),
                        columns,
                        strict=True,
                    )
                ),
            )
        )
