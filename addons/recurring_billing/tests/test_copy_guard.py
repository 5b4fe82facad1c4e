"""A restored copy waits for a manager before it bills, writes or charges."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.misc import file_open

from ..models.recurring_copy_guard import HOME, NOWHERE
from .charge_common import ChargeCommon

KIND = "recurring_billing.mail_activity_type_copy"


@tagged("post_install", "-at_install")
class TestCopyGuard(ChargeCommon):
    people = ("reader", "manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["ir.config_parameter"].sudo()
        cls.guard = cls.env["recurring.copy.guard"]
        cls.dialogue = cls.env["recurring.copy.release"]

    def _move_away(self):
        """What a dump looks like that was loaded somewhere else."""
        self.parameters.set_param(HOME, "of another database")

    def _release(self, user=None):
        dialogue = self.dialogue.with_user(user or self.manager)
        return dialogue.create({}).action_release()

    def _get_told(self):
        kind = self.env.ref(KIND)
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    # === WHERE WE ARE === #

    def test_a_database_that_never_worked_is_not_held(self):
        """It may be copied as a template."""
        self.env["recurring.task"].sudo().search([]).state = "draft"
        self.parameters.set_param(HOME, NOWHERE)
        self.guard._settle_upgraded()
        self.assertEqual(self.parameters.get_param(HOME), NOWHERE)
        self.assertFalse(self.guard._is_held())

    def test_the_first_task_that_starts_makes_it_the_place(self):
        self.parameters.set_param(HOME, NOWHERE)
        self._start_task()
        self.assertEqual(self.parameters.get_param(HOME), self.guard._get_place())
        self.assertFalse(self.guard._is_held())

    def test_an_upgrade_remembers_where_tasks_run(self):
        self._start_task()
        self.parameters.set_param(HOME, NOWHERE)
        self.guard._settle_upgraded()
        self.assertEqual(self.parameters.get_param(HOME), self.guard._get_place())

    def test_an_upgrade_does_not_release_a_copy(self):
        self._start_task()
        self._move_away()
        self.guard._settle_upgraded()
        self.assertTrue(self.guard._is_held())

    def test_a_new_identity_of_odoo_is_another_place(self):
        self.guard._settle()
        self.parameters.set_param("database.uuid", "given by core to a copy")
        self.assertTrue(self.guard._is_held())

    def test_the_place_tells_cluster_and_database(self):
        self.env.cr.execute(
            "SELECT (SELECT system_identifier FROM pg_control_system()), oid"
            " FROM pg_database WHERE datname = current_database()"
        )
        cluster, number = self.env.cr.fetchone()
        self.assertTrue(self.guard._get_place().endswith(f"/{cluster}/{number}"))

    # === HELD === #

    def test_nothing_is_issued(self):
        task = self._start_task()
        self._move_away()
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task)
        self.assertEqual(str(task.recipient_ids.date_next), "2027-04-01")

    def test_run_now_says_why_not(self):
        task = self._start_task()
        self._move_away()
        with self.assertRaisesRegex(UserError, "restored, copied or moved"):
            task.action_run_now()

    def test_failed_and_held_documents_wait_as_well(self):
        self.company.recurring_catch_up_cap = 1
        task = self._start_task()
        self._run_cron("2027-06-15 08:00:00")
        self.assertEqual(set(self._get_rows(task).mapped("state")), {"held"})
        self._move_away()
        with self.assertRaisesRegex(UserError, "restored, copied or moved"):
            task.action_release()

    def test_no_mail_is_made(self):
        task = self._start_task(completion="send")
        task.action_run_now()
        self._move_away()
        self._trigger("send")
        delivery = task.sudo().occurrence_ids.delivery_ids
        self.assertEqual(
            (delivery.state, bool(delivery.mail_mail_id)), ("queued", False)
        )

    def test_no_mail_that_is_in_the_queue_leaves(self):
        self._create_invoice(3)
        self._remind()
        mail = self._make_mails()
        self._move_away()
        server = self._hand_over()
        self.assertFalse(server.received)
        self.assertEqual(mail.state, "outgoing")

    def test_mails_that_are_not_ours_leave(self):
        self._move_away()
        mail = self.env["mail.mail"].create(
            {"email_to": "boss@example.com", "body_html": "Hello", "auto_delete": False}
        )
        with self._mail_server() as server:
            mail.send()
        self.assertTrue(server.received)

    def test_nobody_is_reminded(self):
        invoice = self._create_invoice(3)
        self._move_away()
        self._remind()
        self.assertFalse(self._get_rows_of(invoice))
        with self.assertRaisesRegex(UserError, "restored, copied or moved"):
            self.engine._remind_now(self.company, self.customer)

    def test_no_card_is_charged(self):
        self._create_due()
        self._move_away()
        self._charge()
        self.assertFalse(self.asked)

    def test_the_months_invoice_and_the_accountants_pack_wait(self):
        self._move_away()
        went_on = []
        for name, method, action in (
            ("recapitulative.month", "_get_batches", "recapitulative"),
            ("accountant.pack", "_plan_automatic", "accountant_pack"),
        ):
            model = type(self.env[name])
            self.patch(model, method, lambda _self, name=name: went_on.append(name))
            self._trigger(action)
        self.assertEqual(went_on, [])

    # === WHO IS TOLD === #

    def test_each_manager_gets_one_activity(self):
        self._move_away()
        for _time in range(2):
            self._run_cron()
        mine = self._get_told().filtered(lambda a: a.user_id == self.manager)
        self.assertEqual(len(mine), 1)
        self.assertIn("restored, copied or moved", mine.note)
        self.assertNotIn(self.biller, self._get_told().user_id)

    def test_everybody_sees_the_banner_and_managers_its_button(self):
        self._move_away()
        for person in (self.reader, self.manager):
            watchdog = self.env["recurring.watchdog"].with_user(person)
            finding = watchdog.get_findings()[0]
            self.assertEqual(finding["key"], "copy")
            action = finding["action"]
            is_manager = person == self.manager
            self.assertEqual(bool(action), is_manager)
        self.assertEqual(action["res_model"], self.dialogue._name)

    # === RELEASE === #

    def test_only_managers_let_it_go_on(self):
        self._move_away()
        for person in (self.reader, self.biller):
            with self.assertRaises(AccessError):
                self.dialogue.with_user(person).action_release()
        self.assertTrue(self.guard._is_held())

    def test_after_the_release_what_was_due_is_issued_once(self):
        task = self._start_task()
        self._move_away()
        self._run_cron("2027-04-01 08:00:00")
        self._release()
        self.assertFalse(self._get_told())
        for _time in range(2):
            self._run_cron()
        self.assertRows(task, "2027-04-01 generated")

    def test_the_dialogue_tells_what_waits(self):
        self._start_task(customers=self.customer + self.other_customer)
        self.clock.move_to("2027-04-01 08:00:00")
        waiting = self.dialogue.with_user(self.manager).new({}).waiting
        self.assertIn("date has come: 2", waiting)

    # === NEUTRALIZED === #

    def test_a_neutralized_copy_is_held_and_charges_nobody(self):
        self.guard._settle()
        self.env.flush_all()
        with file_open("recurring_billing/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()
        self.assertTrue(self.guard._is_held())
        self.assertFalse(self.company.charge_from_date)

    # === HELPERS === #

    def _trigger(self, action):
        cron = self.env.ref(f"recurring_billing.ir_cron_{action}")
        with self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)

    def _get_rows(self, task):
        """Of the ledger of documents; that of reminders has the same helper."""
        return task.sudo().occurrence_ids.sorted(lambda r: (r.scheduled_date, r.id))

    def _get_rows_of(self, invoice):
        return self.Reminder._get_used(invoice).get(invoice, self.Reminder)
