"""What a role manages is in My Tasks of every member, and one of them takes it."""

from threading import Thread

from lxml import etree
from psycopg2.errors import SerializationFailure

from odoo import Command, api
from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import file_path, mute_logger
from odoo.tools.safe_eval import safe_eval

from odoo.addons.crm_sla.hooks import CORE_MY_TASKS, uninstall_hook

from .managed_common import ManagedCommon


@tagged("post_install", "-at_install")
class TestTake(ManagedCommon):
    def test_a_member_takes_it_and_gives_it_back(self):
        task = self._create_task(self.waiting)
        self.assertTrue(task.with_user(self.ana).can_take)
        self.assertFalse(task.with_user(self.bea).can_take)
        task.with_user(self.ana).action_take()
        self._assert_managed(task, self.ana, self.role)
        self.assertEqual(task.managed_by_display, "Ana, Workshop")
        self.assertFalse(task.with_user(self.cleo).can_take)
        task.with_user(self.ana).action_give_back()
        self._assert_managed(task, role=self.role)

    def test_the_second_reads_who_has_it(self):
        task = self._create_task(self.waiting)
        task.with_user(self.ana).action_take()
        with self.assertRaisesRegex(UserError, "Ana has taken “Repair” already"):
            task.with_user(self.cleo).action_take()
        with self.assertRaisesRegex(UserError, "You have not taken"):
            task.with_user(self.cleo).action_give_back()

    def test_whoever_takes_it_keeps_the_warning_alone(self):
        policy = self.env["crm.sla.policy"].create({"name": "Gold", "hours": 8})
        task = self._create_task(self.waiting).sudo()
        self.assertEqual(task.sla_policy_id, policy)
        task._warn_of_sla()
        self.assertEqual(task.activity_ids.user_id, self.ana | self.cleo)
        task.with_user(self.ana).action_take()
        self.assertEqual(task.activity_ids.user_id, self.ana)

    def test_only_a_member_takes_it(self):
        task = self._create_task(self.waiting)
        for user in (self.bea, self.planner):
            with self.assertRaisesRegex(UserError, "not managed by a role of yours"):
                task.with_user(user).action_take()
        with self.assertRaisesRegex(UserError, "not managed by a role of yours"):
            self._create_task(self.progress).with_user(self.ana).action_take()

    def test_a_planner_may_free_a_task(self):
        task = self._create_task(self.waiting)
        task.with_user(self.ana).action_take()
        task.with_user(self.planner).action_give_back()
        self._assert_managed(task, role=self.role)

    def test_another_role_empties_who_took_it(self):
        other = self.env["project.role"].create(
            {"name": "Field Service", "user_ids": [Command.set(self.ana.ids)]}
        )
        self.reason.rule_ids = [
            Command.create({"stage_id": self.solved.id, "role_id": other.id})
        ]
        task = self._create_task(self.waiting)
        task.with_user(self.ana).action_take()
        task.stage_id = self.solved
        self._assert_managed(task, role=other)

    def test_customers_take_nothing(self):
        self.project.privacy_visibility = "portal"
        task = self._create_task(self.waiting).sudo()
        task.message_subscribe(self.portal.partner_id.ids)
        self.role.user_ids += self.portal
        task = task.with_user(self.portal).sudo(False)
        self.assertTrue(task.has_access("read"))
        for method in ("action_take", "action_give_back"):
            with self.assertRaisesRegex(AccessError, "Only your own people"):
                getattr(task, method)()


@tagged("post_install", "-at_install")
class TestTakeAtOnce(BaseCase):
    """Two real transactions: what is committed here is taken away again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})
            records = self._create(env)
            self.users = [user.id for user in records[0]]
            self.task = records[-1].id
            ids = [(record._name, record.ids) for record in records]
        self.addCleanup(self._delete, ids)

    def _create(self, env):
        users = env["res.users"].create(
            [
                {
                    "name": login,
                    "login": f"{login} at once",
                    "group_ids": [Command.set(env.ref("base.group_user").ids)],
                }
                for login in ("Ana", "Cleo")
            ]
        )
        role = env["project.role"].create(
            {"name": "At once", "user_ids": [Command.set(users.ids)]}
        )
        stage = env["project.task.type"].create({"name": "At once"})
        project = env["project.project"].create(
            {"name": "At once", "type_ids": [Command.set(stage.ids)]}
        )
        rule = {"stage_id": stage.id, "role_id": role.id}
        reason = env["crm.task.reason"].create(
            {"name": "At once", "rule_ids": [Command.create(rule)]}
        )
        task = env["project.task"].create(
            {"name": "Repair", "project_id": project.id, "reason_id": reason.id}
        )
        return users, role, stage, project, reason, task

    def _delete(self, ids):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})
            for model, record_ids in (*reversed(ids[3:]), *reversed(ids[1:3])):
                env[model].browse(record_ids).unlink()
            env["res.users"].browse(ids[0][1]).partner_id.active = True
            partners = env["res.users"].browse(ids[0][1]).partner_id
            env["res.users"].browse(ids[0][1]).unlink()
            partners.unlink()

    def test_exactly_one_gets_it(self):
        ana, cleo = self.users
        failures = []
        with self.registry.cursor() as first, self.registry.cursor() as second:
            hers = self._get_task(first, ana)
            his = self._get_task(second, cleo)
            thread = Thread(target=self._take, args=(his, failures))
            hers.action_take()
            hers.env.flush_all()
            thread.start()
            self._wait_for_lock(second.connection.info.backend_pid)
            first.commit()
            thread.join(30)
            self.assertFalse(thread.is_alive())
            self.assertEqual(failures, [SerializationFailure])
            second.rollback()  # as Odoo does before it repeats a request
            his.env.transaction.clear()
            with self.assertRaisesRegex(UserError, "Ana has taken “Repair” already"):
                his.action_take()
        with self.registry.cursor() as cr:
            self.assertEqual(self._get_task(cr, ana).managed_by_user_id.id, ana)

    def _get_task(self, cr, user):
        return api.Environment(cr, user, {})["project.task"].browse(self.task)

    def _take(self, task, failures):
        try:
            with mute_logger("odoo.sql_db"):
                task.action_take()
        except Exception as failure:
            failures.append(type(failure))

    def _wait_for_lock(self, backend):
        """Until the second one waits for the first, at most 10 seconds."""
        with self.registry.cursor() as cr:
            for _attempt in range(200):
                cr.execute(
                    "SELECT pg_sleep(0.05), wait_event_type FROM pg_stat_activity"
                    " WHERE pid = %s",
                    [backend],
                )
                if cr.fetchone()[1] == "Lock":
                    return
                cr.rollback()  # statistics are those of the transaction
        self.fail("The second one did not wait.")


@tagged("post_install", "-at_install")
class TestMyTasks(ManagedCommon):
    def _find(self, user, action):
        domain = safe_eval(self.env.ref(action).domain, {"uid": user.id})
        return self.env["project.task"].with_user(user).search(domain)

    def test_they_show_what_i_manage_and_what_nobody_took(self):
        mine = self._create_task(managed_by_user_id=self.ana.id)
        role = self._create_task(self.waiting)
        assigned = self._create_task(user_ids=[Command.set(self.ana.ids)])
        other = self._create_task(self.progress)
        ours = mine | role | assigned | other
        for action in ("project.action_view_my_task", "crm_sla.project_task_my_action"):
            with self.subTest(action=action):
                self.assertEqual(
                    self._find(self.ana, action) & ours, mine | role | assigned
                )
                self.assertEqual(self._find(self.cleo, action) & ours, role)
                self.assertEqual(self._find(self.bea, action) & ours, other)

    def test_what_somebody_took_is_in_no_other_list(self):
        task = self._create_task(self.waiting)
        task.with_user(self.ana).action_take()
        for action in ("project.action_view_my_task", "crm_sla.project_task_my_action"):
            self.assertIn(task, self._find(self.ana, action))
            self.assertNotIn(task, self._find(self.cleo, action))

    def test_the_filter_of_core_and_ours_show_the_same(self):
        task = self._create_task(self.waiting)
        for view in (
            "project.view_task_search_form",
            "crm_sla.project_task_search_view_search",
        ):
            arch = self.env["project.task"].get_view(self.env.ref(view).id)["arch"]
            node = etree.fromstring(arch).find(".//filter[@name='my_tasks']")
            domain = safe_eval(node.get("domain"), {"uid": self.cleo.id})
            tasks = self.env["project.task"].with_user(self.cleo).search(domain)
            self.assertIn(task, tasks)

    def test_uninstalling_gives_core_its_domain_back(self):
        action = self.env.ref("project.action_view_my_task")
        uninstall_hook(self.env)
        self.assertEqual(action.domain, CORE_MY_TASKS)
        action.domain = "[('user_ids', 'in', uid), ('priority', '=', '1')]"
        uninstall_hook(self.env)
        self.assertIn("priority", action.domain)  # somebody's own

    def test_the_domain_given_back_is_that_of_core(self):
        path = file_path("project/views/project_task_views.xml")
        record = etree.parse(path).find(".//record[@id='action_view_my_task']")
        text = record.find("field[@name='domain']").text
        names = {"uid": 1}
        self.assertEqual(safe_eval(text, names), safe_eval(CORE_MY_TASKS, names))
