"""SQL statements per task: what the SLA adds is flat, whatever the number."""

import logging

from odoo import Command, fields
from odoo.tests import tagged

from .sla_case import SlaCase

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "slow")
class TestSlaQueryBudget(SlaCase):
    #: Statements that the SLA may cost whatever the number of tasks.
    FIXED = 35

    def _check(self, what, measure):
        measure(3)  # caches of the server
        few, many = measure(10), measure(100)
        _logger.info("%s: %s statements for 10, %s for 100", what, few, many)
        self.assertLessEqual(few, self.FIXED)
        # Rows are written in batches: nothing per task.
        self.assertLessEqual(many - few, 5)

    def test_following_new_tasks(self):
        def measure(count):
            self.policy.active = False
            tasks = self._create_tasks(count)
            self.policy.active = True
            self.env["crm.sla.policy"]._get_rules()
            return self._count_statements(lambda: tasks._follow_sla())

        self._check("create", measure)

    def test_following_moved_tasks(self):
        def measure(count):
            tasks = self._create_tasks(count)
            self.policy.active = False
            with_policy = tasks.filtered("sla_policy_id")
            self.assertEqual(len(with_policy), count)
            self.policy.active = True
            self.env["crm.sla.policy"]._get_rules()
            self.env.cr.execute(
                "UPDATE project_task SET stage_id = %s WHERE id IN %s",
                [self.progress.id, tuple(tasks.ids)],
            )
            return self._count_statements(lambda: tasks._follow_sla({}))

        self._check("move", measure)

    def test_recomputing(self):
        def measure(count):
            tasks = self._create_tasks(count)
            self.policy.hours += 1
            self.env["crm.sla.policy"]._get_rules()
            now = fields.Datetime.now()
            return self._count_statements(lambda: tasks.sudo()._recompute_sla(now))

        self._check("recompute", measure)

    def test_looking_at_a_list(self):
        def measure(count):
            tasks = self._create_tasks(count)
            names = ["meets_sla", "sla_countdown", "sla_at_risk", "sla_deadline"]
            return self._count_statements(lambda: tasks.read(names))

        self._check("list", measure)

    def test_warning_costs_one_batch(self):
        def measure(count):
            tasks = self._create_tasks(
                count, user_ids=[Command.clear()], managed_by_user_id=self.planner.id
            )
            return self._count_statements(lambda: tasks._get_sla_warnings().unlink())

        self._check("no warnings", measure)
