from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install", "slow")
class TestDeliveryRows(DeliveryCommon):
    """From the issued document to the queue."""

    def test_row_says_who_gets_what_and_why(self):
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        self.assertEqual(rows.state, "queued")
        self.assertEqual(rows.partner_id, self.customer)
        self.assertEqual(rows.partner_ids, self.customer | self.contact)
        self.assertEqual(rows.author_id, self.biller)
        self.assertEqual(rows.company_id, self.company)
        self.assertEqual(rows.document_name, rows._get_document().display_name)

    def test_nothing_is_sent_while_the_row_is_made(self):
        rows = self._issue()
        self.assertFalse(rows.mail_mail_id)
        self.assertFalse(rows._get_document().is_move_sent)

    def test_task_that_only_issues_sends_nothing(self):
        self.assertFalse(self._issue(self._create_task(completion="confirm")))

    def test_same_sending_cannot_exist_twice(self):
        rows = self._issue()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.Delivery._create_for_occurrences(rows.occurrence_id)

    def test_held_until_somebody_approves(self):
        rows = self._issue(self._create_task(send_when="held"))
        self.assertEqual(rows.state, "held")
        self.assertFalse(self._queue(rows))
        rows.with_user(self.biller).action_approve()
        self.assertEqual(rows.state, "queued")
        self.assertTrue(self._queue(rows))

    def test_sent_at_the_hour_of_the_task(self):
        task = self._create_task(send_when="at_hour", send_hour=8.5)
        with freeze_time("2027-01-31 03:00:00"):
            rows = self._issue(task)
            self.assertEqual(rows.next_attempt, datetime(2027, 1, 31, 7, 30))
            self.assertFalse(self._queue(rows))
        with freeze_time("2027-01-31 07:30:00"):
            self.assertTrue(self._queue(rows))

    def test_sender_is_woken_in_time(self):
        cron = self.env.ref("recurring_billing.ir_cron_send")
        task = self._create_task(send_when="at_hour", send_hour=8.5)
        with patch.object(type(cron), "_trigger") as trigger:
            rows = self._issue(task)
        trigger.assert_called_once_with(at=[rows.next_attempt])

    def test_customer_without_address(self):
        self.customer.email = "no address"
        rows = self._issue()
        self.assertEqual(rows.state, "no_address")
        self.assertIn("Azure Interior", rows.reason)
        self.assertFalse(self._queue(rows))
        self.customer.email = "new@azure.example"
        rows.with_user(self.biller).action_retry()
        self.assertEqual((rows.state, rows.reason), ("queued", False))
        self.assertIn("new@azure.example", rows.email_to)

    def test_contact_without_address_is_named_and_the_others_get_it(self):
        self.contact.email = False
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        self.assertEqual(rows.state, "queued")
        self.assertIn("Brandon Freeman", rows.reason)

    def test_address_stands_once_in_a_mail(self):
        self.contact.email = "OFFICE@azure.example"
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        self.assertFalse(rows.email_cc)

    def test_invoice_address_without_mail_falls_back_to_the_customer(self):
        address = self.env["res.partner"].create(
            {"name": "Books", "type": "invoice", "parent_id": self.customer.id}
        )
        rows = self._issue(partner_invoice_id=address.id)
        self.assertEqual(rows.partner_id, self.customer)

    def test_voided_before_sending_is_cancelled(self):
        rows = self._issue()
        rows.occurrence_id.state = "void"
        self.assertFalse(self._queue(rows))
        self.assertEqual(rows.state, "cancelled")

    def test_one_bad_document_stops_no_other(self):
        other = self.env["res.partner"].create(
            {"name": "Deco", "email": "d@deco.example"}
        )
        bad = self._make_invoice()
        good_rows = self._issue(partner=other) | self._issue()
        bad_rows = self._issue(document=bad)
        bad.sudo().button_draft()
        (good_rows | bad_rows)._run_batch()
        self.assertEqual(set(good_rows.mapped("state")), {"queued"})
        self.assertEqual(len(good_rows.mail_mail_id), 2)
        self.assertEqual(bad_rows.state, "blocked")
        self.assertTrue(bad_rows.reason)

    def test_invoice_without_e_invoice_is_blocked_with_the_reason(self):
        sender = type(self.env["account.move.send"])
        original = sender._hook_invoice_document_before_pdf_report_render
        bad = self._make_invoice()

        def fail(model, invoice, data):
            original(model, invoice, data)
            if invoice.id == bad.id:
                data["error"] = {"error_title": "No tax number", "errors": ["Add it"]}

        rows = self._issue() | self._issue(document=bad)
        with patch.object(
            sender, "_hook_invoice_document_before_pdf_report_render", fail
        ):
            rows._run_batch()
        blocked = rows.filtered(lambda row: row.res_id == bad.id)
        self.assertEqual(blocked.state, "blocked")
        self.assertIn("No tax number", blocked.reason)
        self.assertFalse(blocked.mail_mail_id)
        self.assertFalse(bad.is_move_sent)
        self.assertEqual(blocked.occurrence_id.state, "generated")
        self.assertEqual((rows - blocked).state, "queued")
        self.assertTrue((rows - blocked).mail_mail_id)

    @mute_logger("odoo.addons.recurring_billing.models.document_sender")
    def test_bug_in_one_document_is_recorded(self):
        rows = self._issue()
        sender = type(self.env["document.sender.invoice"])
        with patch.object(sender, "_post", side_effect=ZeroDivisionError("oops")):
            rows._run_batch()
        self.assertEqual(rows.state, "blocked")
        self.assertIn("oops", rows.reason)
        self.assertEqual(rows.occurrence_id.state, "generated")

    def test_scheduled_action_queues_and_wakes_the_mail_queue(self):
        rows = self._issue()
        with self.enter_registry_test_mode():
            result = self.env.ref(
                "recurring_billing.ir_cron_send"
            ).method_direct_trigger()
        self.assertEqual(result, True)
        rows.invalidate_recordset()
        self.assertTrue(rows.mail_mail_id)
        self.assertEqual(rows.state, "queued")

    def test_cost_per_document_stays_flat(self):
        task = self._create_task()
        partners = self.env["res.partner"].create(
            [{"name": f"C{n}", "email": f"c{n}@x.example"} for n in range(110)]
        )
        rows = self.env["recurring.occurrence"].sudo().browse()
        invoice = self._make_invoice()
        for partner in partners:
            recipient = self._create_recipient(task, partner)
            rows |= self._create_occurrence(recipient, invoice)
        counts = []
        for part in (rows[:10], rows[10:]):
            with self.counting() as counted:
                self.Delivery._create_for_occurrences(part)
            counts.append(counted.statements)
        self.assertLessEqual(counts[1], counts[0] + 20, counts)

    # === RIGHTS === #

    def test_rows_cannot_be_forged(self):
        rows = self._issue()
        mine = rows.with_user(self.biller)
        for attack in (
            lambda: mine.write({"state": "sent"}),
            lambda: mine.write({"res_id": 1}),
            lambda: mine.unlink(),
            lambda: mine.create({"res_model": "account.move", "res_id": 1}),
        ):
            with self.assertRaises(AccessError):
                attack()

    def test_user_sees_and_may_not_press_buttons(self):
        rows = self._issue(self._create_task(send_when="held"))
        user = new_test_user(
            self.env,
            "seer",
            groups="recurring_billing.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        mine = rows.with_user(user)
        self.assertEqual(mine.state, "held")
        for button in ("approve", "retry", "cancel", "mark_arrived", "send_again"):
            with self.assertRaises(AccessError):
                getattr(mine, f"action_{button}")()

    def test_other_company_sees_nothing(self):
        rows = self._issue(self._create_task(send_when="held"))
        other = self.env["res.company"].sudo().create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="recurring_billing.group_billing",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.env["document.delivery"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            rows.with_user(stranger).action_approve()

    def test_link_of_the_customer_is_no_secret_of_billing(self):
        rows = self._issue(self._create_task(ask_acknowledgement=True))
        with self.assertRaises(AccessError):
            rows.with_user(self.biller).read(["access_token"])

    # === BUTTONS === #

    def test_call_back(self):
        rows = self._issue()
        mail = self._queue(rows)
        rows.with_user(self.biller).action_cancel()
        self.assertEqual((rows.state, mail.state), ("cancelled", "cancel"))
        self.assertIn("biller", rows.reason)

    def test_too_late_to_call_back(self):
        rows = self._issue()
        self._send(rows)
        with self.assertRaises(UserError):
            rows.with_user(self.biller).action_cancel()

    def test_accepted_mail_cannot_be_tried_again(self):
        rows = self._issue()
        self._send(rows)
        with self.assertRaises(UserError):
            rows.with_user(self.biller).action_retry()

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_try_again_after_refusal_uses_the_corrected_address(self):
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        self._send(rows, **{"rcpt:office@azure.example": (550, b"Unknown")})
        self.assertEqual(rows.state, "refused")
        self.customer.email = "right@azure.example"
        rows.with_user(self.biller).action_retry()
        server = self._send(rows)
        self.assertEqual(rows.state, "sent")
        # the copy got it the first time
        self.assertEqual(server.received[0][0], ["right@azure.example"])

    def test_customer_says_that_it_arrived(self):
        rows = self._issue()
        rows._update_state(("queued",), "unknown")
        rows.with_user(self.biller).action_mark_arrived()
        self.assertEqual(rows.state, "sent")
        self.assertTrue(rows.sent_date)

    def test_document_shows_the_state_of_its_last_mail(self):
        rows = self._issue()
        invoice = rows._get_document().with_user(self.biller)
        self.assertEqual(invoice.mail_delivery_state, "queued")
        self.assertEqual(invoice.mail_delivery_count, 1)
        found = invoice.search([("mail_delivery_state", "=", "queued")])
        self.assertIn(invoice, found)
        self.assertNotIn(
            invoice, invoice.search([("mail_delivery_state", "=", "sent")])
        )
        self.assertIn(invoice, invoice.search([("mail_delivery_state", "!=", "sent")]))

    def test_not_acknowledged_after_days(self):
        rows = self._issue(self._create_task(ask_acknowledgement=True))
        self._send(rows)
        domain = [("unacknowledged_days", ">=", 3), ("id", "in", rows.ids)]
        self.assertFalse(self.Delivery.search(domain))
        rows.sent_date -= timedelta(days=3)
        self.assertEqual(rows.unacknowledged_days, 3)
        self.assertEqual(self.Delivery.search(domain), rows)
        rows._acknowledge("Azure Interior")
        self.assertFalse(self.Delivery.search(domain))

    def test_mail_taken_out_of_the_queue_is_not_made_again(self):
        for button in ("cancel", "unlink"):
            with self.subTest(button=button):
                rows = self._issue()
                getattr(self._queue(rows), button)()
                self.assertEqual(rows.state, "cancelled")

    def test_rows_that_another_runner_holds_are_left_to_him(self):
        rows = self._issue()
        with (
            patch.object(
                type(rows), "try_lock_for_update", lambda rows, **kw: rows[:0]
            ),
            self.enter_registry_test_mode(),
            self.assertNoLogs("odoo.addons.base.models.ir_cron", "WARNING"),
        ):
            self.env.ref("recurring_billing.ir_cron_send").method_direct_trigger()
        rows.invalidate_recordset()
        self.assertEqual(rows.state, "queued")
