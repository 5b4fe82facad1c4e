"""Who manages a task: on create, on write, in an import, in a mass edit, by RPC."""

import json

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .managed_common import ManagedCommon


@tagged("post_install", "-at_install")
class TestTaskManager(ManagedCommon):
    def test_rule_1_a_user_manages_it(self):
        task = self._create_task(self.progress)
        self._assert_managed(task, self.bea)
        self.assertTrue(task.managed_by_locked)
        self.assertEqual(task.managed_by_display, "Bea")

    def test_rule_2_a_role_manages_it(self):
        task = self._create_task(self.waiting)
        self._assert_managed(task, role=self.role)
        self.assertTrue(task.managed_by_locked)
        self.assertEqual(task.managed_by_display, "Workshop")

    def test_rule_3_it_is_whom_somebody_entered(self):
        task = self._create_task(managed_by_user_id=self.ana.id)
        self._assert_managed(task, self.ana)
        self.assertFalse(task.managed_by_locked)
        task.managed_by_user_id = self.cleo
        self._assert_managed(task, self.cleo)

    def test_the_entered_user_survives_every_stage(self):
        task = self._create_task(managed_by_user_id=self.ana.id)
        for stage, user, role in (
            (self.progress, self.bea, None),
            (self.waiting, None, self.role),
            (self.solved, self.ana, None),
            (self.progress, self.bea, None),
            (self.new, self.ana, None),
        ):
            task.stage_id = stage
            with self.subTest(stage=stage.name):
                self._assert_managed(task, user, role)

    def test_the_entered_user_survives_another_reason(self):
        other = self.env["crm.task.reason"].create({"name": "Question"})
        task = self._create_task(managed_by_user_id=self.ana.id)
        task.write({"reason_id": other.id, "stage_id": self.progress.id})
        self._assert_managed(task, self.ana)
        task.reason_id = self.reason
        self._assert_managed(task, self.bea)
        task.reason_id = False
        self._assert_managed(task, self.ana)

    def test_another_user_than_the_rules_is_refused(self):
        task = self._create_task(self.progress)
        message = "“Repair” is managed by Bea.*“Breakdown” at the stage “In Progress”"
        with self._refused(message):
            task.managed_by_user_id = self.ana
        with self._refused(message):
            task.managed_by_user_id = False
        with self._refused(message):
            self._create_task(self.progress, managed_by_user_id=self.ana.id)
        with self._refused(message):
            self._create_task().write(
                {"stage_id": self.progress.id, "managed_by_user_id": self.ana.id}
            )
        self._assert_managed(task, self.bea)

    def test_what_a_role_manages_is_taken_not_assigned(self):
        task = self._create_task(self.waiting)
        with self._refused("is managed by Workshop"):
            task.managed_by_user_id = self.ana

    def test_the_same_user_may_be_written(self):
        task = self._create_task(self.progress, managed_by_user_id=self.bea.id)
        task.managed_by_user_id = self.bea
        self._assert_managed(task, self.bea)

    def test_nobody_writes_a_role(self):
        task = self._create_task()
        with self._refused("only where its reason says so"):
            task.managed_by_role_id = self.role
        with self._refused("is managed by Bea"):
            self._create_task(self.progress).managed_by_role_id = self.role
        with self._refused("only where its reason says so"):
            self._create_task(managed_by_role_id=self.role.id)

    def test_a_customer_manages_nothing(self):
        with self._refused("your own people only"):
            self._create_task(managed_by_user_id=self.portal.id)
        with self._refused("your own people only"):
            self._create_task().managed_by_entered_id = self.portal

    def test_the_note_of_a_proposal_cannot_be_written(self):
        task = self._create_task(managed_by_note="Proposed by me")
        task.managed_by_note = "Proposed by me"
        self.assertFalse(task.managed_by_note)

    def test_a_default_from_the_context_is_checked_too(self):
        forged = self.Task.with_context(default_managed_by_user_id=self.ana.id)
        with self._refused("is managed by Bea"):
            forged.create(
                {
                    "name": "Repair",
                    "project_id": self.project.id,
                    "reason_id": self.reason.id,
                    "stage_id": self.progress.id,
                }
            )

    def test_a_mass_edit_gives_each_its_own(self):
        tasks = self._create_task(managed_by_user_id=self.ana.id)
        tasks |= self._create_task(self.waiting)
        other = self.env["crm.task.reason"].create({"name": "Question"})
        tasks |= self._create_task(reason_id=other.id)
        tasks.write({"stage_id": self.progress.id})
        for task, user in zip(tasks, (self.bea, self.bea, None), strict=True):
            self._assert_managed(task, user)
        with self._refused("is managed by Bea"):
            tasks.managed_by_user_id = self.ana
        self._assert_managed(tasks[2])

    def test_another_project_moves_the_stage_and_with_it_who_manages(self):
        project = self.env["project.project"].create(
            {
                "name": "Workshop",
                "privacy_visibility": "employees",
                "type_ids": [Command.set(self.waiting.ids)],
            }
        )
        task = self._create_task(managed_by_user_id=self.ana.id)
        child = self._create_task(parent_id=task.id, managed_by_user_id=self.cleo.id)
        task.project_id = project
        self.assertEqual((task | child).stage_id, self.waiting)
        self._assert_managed(task, role=self.role)
        self._assert_managed(child, role=self.role)

    def test_a_copy_gets_the_entered_user_not_the_rules(self):
        task = self._create_task(managed_by_user_id=self.ana.id)
        task.stage_id = self.progress
        copy = task.copy({"stage_id": self.new.id})
        self._assert_managed(copy, self.ana)
        self._assert_managed(task.copy(), self.bea)

    def test_a_reason_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.project.company_id = self.company
        foreign = self.env["crm.task.reason"].create(
            {"name": "Foreign", "company_id": company.id}
        )
        with self._refused("Choose a reason of the same", ValidationError):
            self.env["project.task"].create(
                {
                    "name": "Repair",
                    "project_id": self.project.id,
                    "reason_id": foreign.id,
                }
            )

    def test_tasks_of_before_stay_as_they_were(self):
        task = self.Task.create({"name": "Old", "project_id": self.project.id})
        task.stage_id = self.progress
        self._assert_managed(task)
        self.assertFalse(task.managed_by_entered_id)


@tagged("post_install", "-at_install")
class TestRuleChanges(ManagedCommon):
    """Open tasks follow a changed rule; closed ones tell who managed them."""

    def test_open_tasks_follow_a_changed_rule(self):
        task, closed = (
            self._create_task(self.progress),
            self._create_task(self.progress),
        )
        closed.state = "1_done"
        rule = self.reason.rule_ids[0].with_user(self.planner)
        rule.user_id = self.cleo
        self._assert_managed(task, self.cleo)
        self._assert_managed(closed, self.bea)

    def test_open_tasks_follow_a_new_rule_and_come_back_when_it_goes(self):
        task = self._create_task(managed_by_user_id=self.ana.id)
        self.reason.with_user(self.planner).rule_ids = [
            Command.create({"stage_id": self.new.id, "user_id": self.bea.id})
        ]
        self._assert_managed(task, self.bea)
        rules = self.reason.rule_ids.filtered(lambda rule: rule.stage_id == self.new)
        rules.with_user(self.planner).unlink()
        self._assert_managed(task, self.ana)

    def test_a_rule_that_moves_to_another_stage_lets_go(self):
        task = self._create_task(self.progress)
        other = self._create_task(self.solved)
        self.reason.rule_ids[0].with_user(self.planner).stage_id = self.solved
        self._assert_managed(task)
        self._assert_managed(other, self.bea)


@tagged("post_install", "-at_install")
class TestTaskImport(ManagedCommon):
    FIELDS = ("name", "project_id", "stage_id", "reason_id", "managed_by_user_id")

    def _load(self, *rows):
        return self.Task.load(
            list(self.FIELDS),
            [[name, "Support", stage, "Breakdown", user] for name, stage, user in rows],
        )

    def test_an_import_follows_the_rules(self):
        result = self._load(
            ("Free", "New", "Ana"), ("Hers", "In Progress", ""), ("Role", "Waiting", "")
        )
        self.assertFalse(result["messages"])
        free, hers, role = self.env["project.task"].browse(result["ids"])
        self._assert_managed(free, self.ana)
        self._assert_managed(hers, self.bea)
        self._assert_managed(role, role=self.role)

    def test_each_wrong_row_tells_its_own_error(self):
        result = self._load(
            ("Right", "New", "Ana"),
            ("Wrong 1", "In Progress", "Ana"),
            ("Wrong 2", "Waiting", "Ana"),
        )
        self.assertFalse(result["ids"])
        # On the first row core repeats the first error of the whole file.
        errors = {m["record"]: m["message"] for m in result["messages"] if m["record"]}
        self.assertEqual(list(errors), [1, 2])
        self.assertIn("“Wrong 1” is managed by Bea", errors[1])
        self.assertIn("“Wrong 2” is managed by Workshop", errors[2])


@tagged("post_install", "-at_install")
class TestTaskRpc(HttpCase, ManagedCommon):
    def _call(self, method, *args):
        response = self.url_open(
            f"/web/dataset/call_kw/project.task/{method}",
            data=json.dumps(
                {
                    "params": {
                        "model": "project.task",
                        "method": method,
                        "args": args,
                        "kwargs": {},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def test_a_program_meets_the_same_rules(self):
        task = self._create_task(self.progress)
        self.authenticate("technician", "technician")
        with mute_logger("odoo.http"):
            answer = self._call("write", task.ids, {"managed_by_user_id": self.ana.id})
        self.assertIn("is managed by Bea", answer["error"]["data"]["message"])
        answer = self._call("write", task.ids, {"stage_id": self.waiting.id})
        self.assertTrue(answer["result"])
        self.env.invalidate_all()
        self._assert_managed(task, role=self.role)
