"""What a task under an SLA knows, whoever moves it and however."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .sla_case import NOW, SlaCase


@tagged("post_install", "-at_install")
class TestSlaTask(SlaCase):
    # === THE CLOCK === #
    def test_a_new_task_gets_policy_and_deadline(self):
        task = self._create_tasks()
        self.assertEqual(task.sla_policy_id, self.policy)
        self.assertEqual(task.sla_hours, 8)
        # Ten in the morning: seven hours are left today, one is done tomorrow.
        self.assertDeadline(task, "2026-11-03 09:00:00")
        self.assertEqual(task.meets_sla, "yes")

    def test_nobody_has_to_touch_a_task_for_it_to_be_late(self):
        task = self._create_tasks()
        self._at("2026-11-03 09:00:00")
        self.assertEqual(task.meets_sla, "yes")
        self._at("2026-11-03 09:00:01")
        self.assertEqual(task.meets_sla, "no")

    def test_waiting_stops_the_clock(self):
        task = self._create_tasks()
        self._move(task, self.waiting, "2026-11-02 10:00:00")
        self._at("2026-11-20 10:00:00")
        self.assertEqual(task.meets_sla, "yes")
        self._move(task, self.progress, "2026-11-20 10:00:00")  # Friday, eleven
        self.assertDeadline(task, "2026-11-23 09:00:00")
        self.assertFalse(task.sla_paused_since)

    def test_reaching_the_stage_decides(self):
        task = self._create_tasks()
        self._move(task, self.solved, "2026-11-02 12:00:00")
        self._at("2026-12-24 12:00:00")
        self.assertEqual(task.meets_sla, "yes")
        self.assertEqual(task.sla_hours_used, 3)

    def test_reaching_it_late_decides_too(self):
        task = self._create_tasks()
        self._move(task, self.solved, "2026-11-04 12:00:00")
        self.assertEqual(task.meets_sla, "no")

    def test_a_stage_after_the_target_has_reached_it(self):
        task = self._create_tasks()
        self._move(task, self.done, "2026-11-02 12:00:00")
        self.assertTrue(task.sla_reached_date)

    def test_without_a_stage_closing_decides(self):
        self.policy.stage_id = False
        tasks = self._create_tasks(3)
        self._at("2026-11-02 12:00:00")
        tasks[0].with_user(self.technician).state = "1_done"
        tasks[1].with_user(self.technician).stage_id = self.done  # a folded stage
        tasks[2].with_user(self.technician).stage_id = self.solved
        self.assertEqual([bool(task.sla_reached_date) for task in tasks], [1, 1, 0])

    def test_opened_again_it_goes_on_where_it_stood(self):
        task = self._create_tasks()
        self._move(task, self.solved, "2026-11-02 12:00:00")
        self._move(task, self.progress, "2026-11-20 10:00:00")
        self.assertFalse(task.sla_reached_date)
        self.assertDeadline(task, "2026-11-20 16:00:00")  # five hours and the lunch

    def test_a_later_edit_of_a_stage_rewrites_nothing(self):
        self.policy.stage_id = False
        task = self._create_tasks()
        self._move(task, self.done, "2026-11-02 12:00:00")
        self.done.fold = False
        self._move(task, self.progress, "2026-11-20 10:00:00")
        periods = task.sla_period_ids.sorted("date_start")
        self.assertEqual(periods.mapped("is_closed"), [False, True, False])

    def test_all_stays_are_written_down_one_after_the_other(self):
        task = self._create_tasks()
        self._move(task, self.waiting, "2026-11-02 10:00:00")
        self._move(task, self.progress, "2026-11-02 11:00:00")
        periods = task.sla_period_ids.sorted("date_start")
        self.assertEqual(periods.stage_id, self.new + self.waiting + self.progress)
        self.assertEqual(
            periods[:-1].mapped("date_end"), periods[1:].mapped("date_start")
        )
        self.assertFalse(periods[-1].date_end)

    def test_a_subtask_moved_along_by_its_parent_is_followed(self):
        stage = self.env["project.task.type"].create({"name": "Elsewhere"})
        other = self.env["project.project"].create(
            {"name": "Other", "type_ids": [Command.set(stage.ids)]}
        )
        parent = self._create_tasks()
        child = self._create_tasks(parent_id=parent.id)
        self._at("2026-11-02 10:00:00")
        parent.with_user(self.planner).project_id = other
        self.assertEqual(child.sla_period_ids.stage_id, self.new + stage)
        self.assertEqual(child.meets_sla, "none")

    # === WHICH POLICY === #
    def test_the_most_specific_policy_counts(self):
        special = self._create_policy(
            hours=2, reason_ids=[Command.set(self.reason.ids)], sequence=90
        )
        self.assertEqual(
            self._create_tasks(reason_id=self.reason.id).sla_policy_id, special
        )

    def test_a_change_of_priority_changes_the_policy(self):
        urgent = self._create_policy(hours=1, priority="3")
        task = self._create_tasks()
        self._at("2026-11-02 10:30:00")
        task.with_user(self.technician).priority = "3"
        self.assertEqual(task.sla_policy_id, urgent)
        self.assertDeadline(task, "2026-11-02 10:00:00")
        self.assertEqual(task.meets_sla, "no")

    def test_tags_and_customers_count_with_their_company(self):
        tag = self.env["project.tags"].create({"name": "VIP"})
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        tagged_policy = self._create_policy(hours=3, tag_ids=[Command.set(tag.ids)])
        gold = self._create_policy(
            hours=4, partner_ids=[Command.set(self.customer.ids)], sequence=1
        )
        task = self._create_tasks()
        task.tag_ids = tag
        self.assertEqual(task.sla_policy_id, tagged_policy)
        task.partner_id = contact
        self.assertEqual(task.sla_policy_id, gold)

    def test_what_is_decided_keeps_its_policy(self):
        self._create_policy(hours=1, priority="3")
        task = self._create_tasks()
        self._move(task, self.solved, "2026-11-02 12:00:00")
        task.priority = "3"
        self.assertEqual(task.sla_policy_id, self.policy)

    def test_a_policy_that_starts_at_a_stage(self):
        start = self._create_policy(
            hours=2, from_stage_ids=[Command.set(self.progress.ids)], sequence=1
        )
        task = self._create_tasks()
        self.assertEqual(task.sla_policy_id, self.policy)
        self._move(task, self.progress, "2026-11-02 10:00:00")
        self.assertEqual(task.sla_policy_id, start)
        self.assertDeadline(task, "2026-11-02 12:00:00")
        self._move(task, self.new, "2026-11-02 11:00:00")
        self.assertEqual(task.sla_policy_id, start)

    def test_an_archived_policy_is_kept_by_its_tasks_and_given_to_none(self):
        old = self._create_tasks()
        self.policy.active = False
        self.assertFalse(self._create_tasks().sla_policy_id)
        self._move(old, self.solved, "2026-11-02 12:00:00")
        self.assertEqual(old.sla_policy_id, self.policy)
        self.assertTrue(old.sla_reached_date)

    def test_policies_of_other_companies_are_not_meant(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.policy.company_id = other
        self.assertFalse(self._create_tasks().sla_policy_id)
        self.project.company_id = self.company
        self.policy.company_id = self.company
        self.assertEqual(self._create_tasks().sla_policy_id, self.policy)

    def test_an_edit_of_policy_or_calendar_changes_no_task(self):
        task = self._create_tasks()
        self.policy.hours = 1
        self.calendar.attendance_ids[:4].unlink()
        self.env.invalidate_all()
        self.assertDeadline(task, "2026-11-03 09:00:00")
        self.assertEqual(task.sla_hours, 8)

    # === WHICH TASKS === #
    def test_without_an_active_policy_nothing_is_written(self):
        self.policy.active = False
        task = self._create_tasks()
        task.stage_id = self.progress
        self.assertFalse(task.sla_period_ids)
        self.assertEqual(task.meets_sla, "none")

    def test_templates_and_private_tasks_have_no_clock(self):
        template = self._create_tasks(is_template=True)
        private = self.env["project.task"].create({"name": "To-do"})
        self.assertFalse((template + private).sla_period_ids)
        self.assertEqual(template.meets_sla, "none")

    def test_a_task_that_becomes_a_template_loses_its_promise(self):
        task = self._create_tasks()
        task.is_template = True
        self.assertFalse(task.sla_policy_id)
        self.assertFalse(task.sla_deadline)

    def test_a_closed_task_gets_no_policy_afterwards(self):
        task = self._create_tasks(state="1_done")
        self.assertFalse(task.sla_policy_id)

    def test_a_task_older_than_the_policy_counts_from_its_creation(self):
        self.policy.active = False
        task = self._create_tasks()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE project_task SET create_date = '2026-10-30 09:00:00.5',"
            " date_last_stage_update = '2026-10-30 15:00:00' WHERE id = %s",
            [task.id],
        )
        self.policy.active = True
        self._move(task, self.progress, NOW)
        periods = task.sla_period_ids.sorted("date_start")
        self.assertEqual(periods.mapped("stage_id"), self.new + self.progress)
        self.assertEqual(len(periods), 3)
        self.assertEqual(str(task.sla_start), "2026-10-30 09:00:00")
        self.assertDeadline(task, "2026-11-02 09:00:00")  # Friday to Monday

    def test_a_copy_starts_anew(self):
        task = self._create_tasks()
        self._at("2026-11-10 09:00:00")
        copy = task.copy()
        self.assertDeadline(copy, "2026-11-11 09:00:00")
        self.assertEqual(len(copy.sla_period_ids), 1)

    # === WORKING HOURS === #
    def test_days_off_of_calendar_and_company_count(self):
        self._create_day_off("2026-11-03", calendar_id=self.calendar.id)
        self._create_day_off("2026-11-04")
        other = self._create_company()
        leave = self._create_day_off("2026-11-05", company=other)
        self.assertEqual(leave.company_id, other)
        self.assertDeadline(self._create_tasks(), "2026-11-05 09:00:00")

    def test_the_policy_has_working_hours_of_its_own(self):
        self.policy.is_round_the_clock = True
        self.assertDeadline(self._create_tasks(), "2026-11-02 17:00:00")

    def test_an_emptied_calendar_stops_nobody(self):
        self.calendar.attendance_ids.unlink()
        task = self._create_tasks()
        task.with_user(self.technician).stage_id = self.progress
        self.assertEqual(task.sla_policy_id, self.policy)
        self.assertEqual(task.meets_sla, "none")
        self.assertIn("Recompute SLA", task.sla_explanation)

    def _create_company(self):
        return self.env["res.company"].create({"name": "Somebody Else"})

    def _create_day_off(self, day, company=None, **values):
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "date_from": f"{day} 00:00:00",
                "date_to": f"{day} 22:00:00",
                **values,
            }
        )
        leave.flush_recordset()
        leave.company_id = company or self.company  # core works it out, too
        return leave

    # === IN WORDS === #
    def test_the_task_says_why_this_policy(self):
        policy = self._create_policy(
            name="Gold", hours=4.5, partner_ids=[Command.set(self.customer.ids)]
        )
        task = self._create_tasks(partner_id=self.customer.id)
        self.assertEqual(task.sla_policy_id, policy)
        for words in ("Gold", "Customer", "Support", "4 h 30 min", "Office"):
            self.assertIn(words, task.sla_explanation)

    def test_the_countdown_counts_working_time(self):
        task = self._create_tasks()
        self.assertEqual(task.sla_countdown, "8 h left")
        self._at("2026-11-02 12:30:00")
        self.assertEqual(task.sla_countdown, "5 h left")  # half an hour of it is lunch
        self._at("2026-11-03 11:20:00")
        self.assertEqual(task.sla_countdown, "2 h 20 min late")
        self.assertAlmostEqual(task.sla_remaining_hours, -2 - 1 / 3)

    def test_the_countdown_while_it_stands_still(self):
        task = self._create_tasks()
        self._move(task, self.waiting, "2026-11-02 10:00:00")
        self._at("2026-11-20 10:00:00")
        self.assertEqual(task.sla_countdown, "Paused, 7 h left")
        self._move(task, self.progress, "2026-11-20 10:00:00")
        self.assertIn("It stood still for 432 h", task.sla_explanation)
        self._move(task, self.solved, "2026-11-20 11:00:00")
        self.assertFalse(task.sla_countdown)

    # === NOBODY ENTERS IT === #
    def test_nobody_writes_the_facts(self):
        task = self._create_tasks()
        for user in (self.technician, self.planner, self.env.ref("base.user_root")):
            for values in (
                {"sla_deadline": "2030-01-01"},
                {"sla_policy_id": False},
                {"sla_reached_date": NOW, "name": "Other"},
                {"meets_sla": "yes"},
                {"sla_period_ids": [Command.clear()]},
            ):
                with self.subTest(user=user.login, values=values):
                    with self.assertRaises(UserError):
                        task.with_user(user).write(dict(values))
                    with self.assertRaises(UserError):
                        task.with_user(user).create(
                            {"name": "New", "project_id": self.project.id, **values}
                        )

    def test_a_default_of_a_column_does_not_enter_it_either(self):
        tasks = self.env["project.task"].with_context(
            default_sla_deadline="2030-01-01 00:00:00", default_meets_sla="no"
        )
        task = tasks.create({"name": "New", "project_id": self.project.id})
        self.assertDeadline(task, "2026-11-03 09:00:00")

    def test_an_import_does_not_enter_it(self):
        result = (
            self.env["project.task"]
            .with_user(self.planner)
            .load(
                ["name", "project_id/.id", "sla_deadline"],
                [["Imported", str(self.project.id), "2030-01-01 00:00:00"]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("cannot be entered", result["messages"][0]["message"])
