import logging
from itertools import chain, islice, takewhile

from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

#: Documents that are simulated while the user waits; more go to the scheduled action.
AT_ONCE = 200


class RecurringSimulationPlayingMixin(models.AbstractModel):
    """How a simulation is played: at once, or in the background batch by batch.

    What is shown is written in the caller's transaction, after the batch is undone.
    """

    _name = "recurring.simulation.playing.mixin"
    _description = "Playing of a simulation"

    def _is_large(self, recipients):
        """Whether more documents would come than anybody waits for."""
        planner = self.env["recurring.planner"].sudo()
        if len(recipients) > 10 * AT_ONCE:
            return True
        coming = planner._get_coming_periods(recipients.sudo())
        periods = chain.from_iterable(
            takewhile(lambda period: period.start <= self.date_until, own)
            for own in coming.values()
        )
        return any(True for _period in islice(periods, AT_ONCE, None))

    def _play_to_the_end(self):
        """At once: a batch after the other, in the user's transaction."""
        for shown in self.env["recurring.simulator"]._play(self):
            self._add_documents(shown)
        self.state = "done"

    def _go_on(self):
        """In the background, with a commit after each batch.

        :return: whether there was time to the end
        """
        cron = self.env["ir.cron"]
        try:
            self.document_ids.filtered(lambda row: row.kind != "document").unlink()
            for shown in self.env["recurring.simulator"]._play(self):
                self._add_documents(shown)
                has_time = cron._commit_progress()
                self.invalidate_recordset(["state"])
                if self.state != "waiting":
                    return True  # cancelled meanwhile, or deleted
                if not has_time:
                    return False
            self.write({"state": "done"})
            self.flush_recordset()
            self._tell_user()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # cancelled in this moment: looked at again
            self.env.ref("recurring_billing.ir_cron_simulate")._trigger()
        except Exception as error:
            self._fail(error)
        return True

    def _fail(self, error):
        """Nothing leaves the scheduled action; the reason is shown."""
        self.env.cr.rollback()
        if not self.exists():
            return
        is_known = isinstance(error, UserError | RedirectWarning)
        if not is_known:
            _logger.error("%s could not be played", self, exc_info=error)
        text = str(error.args[0]) if is_known else f"{type(error).__name__}: {error}"
        self.write({"state": "failed", "error": text})

    def _tell_user(self):
        """Whoever is at work sees at once that it is ready."""
        texts = self.with_context(lang=self.user_id.lang)
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "success",
                "title": texts.env._("The simulation is ready"),
                "message": texts.name,
            },
        )

    def _add_documents(self, shown):
        """Note the rows of a batch; a second attempt replaces the first."""
        Document = self.env["recurring.simulation.document"]
        keys = {
            (values["recipient_id"], values["scheduled_date"])
            for values in shown
            if values.get("recipient_id")
        }
        known = Document.search(
            [
                ("simulation_id", "=", self.id),
                ("recipient_id", "in", [line for line, _day in keys]),
            ]
        )
        known.filtered(lambda r: (r.recipient_id.id, r.scheduled_date) in keys).unlink()
        Document.create(
            [
                {
                    **values,
                    "simulation_id": self.id,
                    "line_ids": [
                        fields.Command.create(line)
                        for line in values.get("line_ids", ())
                    ],
                }
                for values in shown
            ]
        )

    def _note_stuck(self, ids):
        """Say whom the engine did not touch."""
        if ids:
            lines = self.env["recurring.task.recipient"].browse(ids).sudo()
            self.note = self.env._(
                "Not simulated, since they are being issued at this moment: %s. "
                "Simulate again.",
                ", ".join(lines[:10].mapped("display_name")),
            )
