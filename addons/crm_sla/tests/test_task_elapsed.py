"""Core's working time of tasks, asked once for those that have the same times."""

from odoo.tests import freeze_time, tagged

from .common import SlaCommon


@tagged("post_install", "-at_install")
class TestTaskElapsed(SlaCommon):
    def _create_tasks(self, moment, count):
        tasks = self.env["project.task"].create(
            [
                {"name": "Repair", "project_id": self.project.id, "user_ids": False}
                for _number in range(count)
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE project_task SET create_date = %s WHERE id IN %s",
            [moment, tuple(tasks.ids)],
        )
        tasks.invalidate_recordset()
        return tasks

    def _close(self, tasks, moment):
        with freeze_time(moment):
            tasks.write({"stage_id": self.done.id, "date_end": moment})

    def test_every_task_has_the_time_that_core_would_give_it(self):
        monday = self._create_tasks("2027-03-15 09:00:00", 2)
        tuesday = self._create_tasks("2027-03-16 09:00:00", 2)
        self._close(monday[0] | tuesday, "2027-03-17 12:00:00")
        self._close(monday[1], "2027-03-18 12:00:00")
        for task in monday | tuesday:
            expected = self.calendar.get_work_duration_data(
                task.create_date, task.date_end, compute_leaves=True
            )
            self.assertEqual(task.working_hours_close, expected["hours"])
            self.assertEqual(task.working_days_close, expected["days"])
        self.assertEqual(len(set((monday | tuesday).mapped("working_hours_close"))), 3)

    def test_tasks_of_one_import_are_asked_for_once(self):
        _first, few, many = (
            self._count_statements(
                self._close,
                self._create_tasks("2027-03-15 09:00:00", count),
                "2027-03-17 12:00:00",
            )
            for count in (2, 10, 60)
        )
        self.assertLessEqual(many - few, 3)
