"""A run is watched and cancelled, and what the watchdog found is released."""

from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from ..models import recurring_lifecycle_mixin
from .test_tours import TourCase


class ProgressTourCase(TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["recurring.watchdog"].sudo()._get_watched_actions().write(
            {
                "active": True,
                "nextcall": fields.Datetime.add(fields.Datetime.now(), days=1),
            }
        )

    def _start_task(self, name, count):
        task = (
            self.env["recurring.task"]
            .with_user(self.biller)
            .create(
                {
                    "name": name,
                    "completion": "confirm",
                    "date_start": fields.Date.add(fields.Date.today(), days=9),
                    "line_ids": [Command.create({"product_id": self.product.id})],
                    "recipient_ids": [
                        Command.create({"partner_id": partner.id})
                        for partner in self.env["res.partner"].create(
                            [{"name": f"{name} {n}"} for n in range(count)]
                        )
                    ],
                }
            )
        )
        task.action_start()
        return task

    def _hold(self):
        """A document that waits for a release."""
        task = self._start_task("Tour held", 1).sudo()
        run = self.env["recurring.run"].create(
            {"trigger": "manual", "company_id": task.company_id.id, "state": "done"}
        )
        slots = self.env["recurring.planner"]._get_next_slots(task.recipient_ids)
        return self.env["recurring.occurrence"]._record(slots, run, "held", "A lot.")

    def _begin(self):
        """A run that has issued one of five documents."""
        task = self._start_task("Tour run", 5)
        with patch.object(recurring_lifecycle_mixin, "RUN_NOW_AT_ONCE", 1):
            action = task.action_run_now()
        return task, self.env["recurring.run"].browse(action["res_id"])

    def _watch(self, tour):
        row = self._hold()
        task, run = self._begin()
        model = self.env.registry["recurring.run"]
        get_progress = model.get_progress
        calls = []

        def get_progress_of_work(runs):
            """The page asks for the third time: meanwhile one more was issued."""
            calls.append(runs.ids)
            if len(calls) == 3:
                waiting = task.sudo().recipient_ids.filtered("requested_run_id")
                runs.env["recurring.engine"].sudo()._run_batch(waiting[:1].ids)
                runs.env.invalidate_all()
            return get_progress(runs)

        with patch.object(model, "get_progress", get_progress_of_work):
            self.start_tour("/odoo/recurring-tasks", tour, login="tour_biller")
        self.env.invalidate_all()
        self.assertTrue(run.is_cancelled)
        self.assertEqual((run.generated_count, run.withdrawn_count), (2, 3))
        self.assertEqual(row.state, "generated")
        self.assertEqual({tuple(ids) for ids in calls}, {(run.id,)})


@tagged("post_install", "-at_install", "tour")
class TestProgressDesktop(ProgressTourCase):
    browser_size = "1366x768"

    def test_a_run_is_watched_and_cancelled(self):
        self._watch("recurring_billing_progress_desktop")


@tagged("post_install", "-at_install", "tour")
class TestProgressPhone(ProgressTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_run_is_watched_and_cancelled(self):
        self._watch("recurring_billing_progress_phone")
