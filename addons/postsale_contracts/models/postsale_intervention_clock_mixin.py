from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Longer work is not believed: somebody forgot to stop.
MAX_WORK = timedelta(hours=16)


class PostsaleInterventionClockMixin(models.AbstractModel):
    """Work whose time runs: started and stopped on the technician's phone.

    Both moments are UTC. The hours are written when the clock is stopped.
    """

    _name = "postsale.intervention.clock.mixin"
    _description = "Service activity whose time runs"

    clock_start = fields.Datetime(string="Started", readonly=True, copy=False)
    clock_end = fields.Datetime(string="Stopped", readonly=True, copy=False)

    _one_clock = models.UniqueIndex(
        "(user_id) WHERE clock_start IS NOT NULL AND clock_end IS NULL",
        "A technician works on one job at a time: stop the other one first.",
    )

    @api.model
    def _get_running(self):
        """The user's own activity whose time runs; at most one, wherever it is."""
        return self.sudo().search(
            [
                ("user_id", "=", self.env.uid),
                ("clock_start", "!=", False),
                ("clock_end", "=", False),
            ]
        )

    @api.model
    def _prepare_clock_end(self, start, end):
        """Values that stop a clock.

        Work over 16 hours is not guessed: the activity stays open, without hours, until
        somebody enters them.
        """
        if not timedelta() <= end - start <= MAX_WORK:
            return {"clock_end": max(start, end)}
        hours = round((end - start).total_seconds() / 60) / 60
        return {
            "clock_end": end,
            "duration": hours,
            "quantity": hours,  # work is billed by its hours, whatever rule reads which
            "stage_id": self._get_closed_stage().id,
        }

    def _stop_clock(self, end):
        """The work ended at that moment, as its technician says.

        :param datetime end: UTC, naive
        :raises UserError: when it ended before it began, or lasted over 16 hours
        """
        self.ensure_one()
        if self.clock_end and self.clock_end <= end and self.state == "closed":
            return  # another start has stopped it already
        if not timedelta() <= end - self.clock_start <= MAX_WORK:
            raise UserError(
                self.env._(
                    "The work on “%(task)s” began on %(start)s. Enter an end after it, "
                    "16 hours later at most.",
                    task=self.task_id.name,
                    start=fields.Datetime.context_timestamp(
                        self, self.clock_start
                    ).strftime("%d/%m %H:%M"),
                )
            )
        self.write(self._prepare_clock_end(self.clock_start, end))

    @api.model
    def _get_closed_stage(self):
        """:raises UserError: when there is none, with the place to make one"""
        stage = self.env["postsale.intervention.stage"].search(
            [("type", "=", "closed")], limit=1
        )
        if not stage:
            raise UserError(
                self.env._(
                    "No stage of service activities has the type “Closed”. A manager "
                    "can add one under Post-Sale → Configuration."
                )
            )
        return stage
