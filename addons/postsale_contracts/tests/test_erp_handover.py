"""Orders on their way to the ERP: states, versions, cancellation, invoicing."""

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import Form

from ..erp_client import NotReached
from .erp_common import KEY, ErpCommon

TIMEOUT = NotReached("timeout", True)
NO_LINE = NotReached("connect", False)


class TestErpHandOver(ErpCommon):
    def test_nothing_leaves_in_the_request_that_asks_for_it(self):
        order = self._create_order()
        order.action_send_to_erp()
        self.assertEqual(order.erp_state, "queued")
        self.assertEqual(self.receiver.got, [])
        self.assertFalse(order.erp_sent_date)

    def test_the_receiver_answers_with_its_number(self):
        order = self._create_confirmed()
        self._hand_over(order)
        self.assertEqual(order.erp_state, "sent")
        self.assertEqual(order.erp_number, "ERP-1")
        self.assertEqual(str(order.erp_sent_date), "2027-03-15 10:00:00")
        self.assertFalse(order.erp_error)

    def test_what_the_receiver_gets(self):
        order = self._create_confirmed()
        row = self._hand_over(order)
        ((target, headers, body, timeout),) = self.receiver.got
        self.assertEqual((target.host, target.path), ("erp.example.com", "/orders"))
        self.assertEqual(timeout, 30)
        self.assertEqual(headers["Authorization"], f"Bearer {KEY}")
        self.assertEqual(headers["Idempotency-Key"], row.idempotency_key)
        self.assertEqual(headers["X-Message"], "order")
        self.assertEqual(headers["X-Order-Number"], order.name)
        self.assertEqual(headers["X-Order-Version"], "1")
        self.assertEqual(headers["X-Order-State"], "order")
        self.assertTrue(headers["Content-Digest"].startswith("sha-256=:"))
        root = etree.fromstring(body)
        self.assertTrue(root.tag.endswith("Order-2}Order"))
        self.assertEqual(root.findtext("{*}ID"), order.name)

    def test_a_quotation_says_so(self):
        self._hand_over(self._create_order())
        self.assertEqual(self.receiver.got[0][1]["X-Order-State"], "quotation")

    def test_the_same_bytes_whoever_looks(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.product.with_context(lang="it_IT").name = "Contratto"
        order = self._create_confirmed()
        document = self.env["postsale.erp.document"]
        italian = order.with_user(self.clerk).with_context(
            lang="it_IT", tz="Asia/Tokyo"
        )
        self.assertEqual(
            document._export_orders(order)[order],
            document._export_orders(italian)[order],
        )

    def test_a_failure_is_tried_again_with_the_same_bytes_and_key(self):
        order = self._create_confirmed()
        row = self._hand_over(order, TIMEOUT, (503, b""), (201, b""))
        self.assertEqual(order.erp_state, "queued")
        self.assertEqual(str(row.next_attempt), "2027-03-15 10:01:00")
        self._run_cron()
        self.assertEqual(len(self.receiver.got), 1, "before the pause is over")
        order.order_line.name = "Something else"
        for minutes in (1, 6):
            self.clock.move_to(f"2027-03-15 10:0{minutes}:00")
            self._run_cron()
        self.assertEqual(order.erp_state, "sent")
        self.assertEqual(len(set(self.receiver.keys)), 1)
        self.assertEqual(len(set(self.receiver.bodies)), 1)
        self.assertEqual(len(self.receiver.got), 3)

    def test_a_dead_process_is_taken_up(self):
        order = self._create_confirmed()
        order.action_send_to_erp()
        row = self._get_rows(order)
        row._update_state(("queued",), "sending", attempts=1)
        self._run_cron()
        self.assertEqual(row.state, "queued")
        self.assertTrue(row.may_have_arrived)

    def test_a_person_is_told_at_last(self):
        order = self._create_confirmed()
        row = self._hand_over(order, (503, b""))
        self._fail(row)
        self.assertEqual(row.attempts, 8)
        self.assertEqual(order.erp_state, "failed")
        self.assertIn("503", order.erp_error)
        activity = order.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn(order.name, activity.note)

    def test_a_refusal_is_final(self):
        order = self._create_confirmed()
        self._hand_over(order, (422, b'{"error": "unknown customer"}'))
        self.assertEqual(order.erp_state, "failed")
        self.assertIn("unknown customer", order.erp_error)

    def test_try_again(self):
        order = self._create_confirmed()
        row = self._hand_over(order, (422, b""))
        row.with_user(self.seller).action_retry()
        self.receiver.answers = [(200, b"")]
        self._run_cron()
        self.assertEqual(order.erp_state, "sent")
        self.assertEqual(len(set(self.receiver.keys)), 1)

    def test_a_key_that_is_echoed_is_not_shown(self):
        order = self._create_confirmed()
        body = f'{{"error": "bad key {KEY}"}}'.encode()
        self._hand_over(order, (401, body))
        self.assertIn("bad key", order.erp_error)
        self.assertNotIn(KEY, order.erp_error)

    def test_a_file_that_was_changed_is_not_sent(self):
        order = self._create_confirmed()
        order.action_send_to_erp()
        row = self._get_rows(order)
        row.attachment_id.raw = b"<Order/>"
        self._run_cron()
        self.assertEqual(row.state, "failed")
        self.assertEqual(self.receiver.got, [])

    def test_a_redirect_is_not_followed(self):
        order = self._create_confirmed()
        self._hand_over(order, (307, b""))
        self.assertEqual(order.erp_state, "failed")
        self.assertIn("not followed", order.erp_error)

    def test_one_error_does_not_stop_the_others(self):
        orders = self._create_confirmed() | self._create_confirmed()
        self.receiver.answers = [ZeroDivisionError(), (201, b"")]
        orders.action_send_to_erp()
        with self.assertLogs("odoo.addons.postsale_contracts", "ERROR") as logs:
            self._run_cron()
        self.assertEqual(sorted(orders.mapped("erp_state")), ["queued", "sent"])
        self.assertNotIn(KEY, "".join(logs.output))

    def test_an_archived_channel_sends_nothing(self):
        order = self._create_confirmed()
        order.action_send_to_erp()
        self.channel.active = False
        self._run_cron()
        self.assertEqual((order.erp_state, self.receiver.got), ("queued", []))

    def test_a_copy_of_an_order_was_not_handed_over(self):
        order = self._create_confirmed()
        self._hand_over(order)
        copy = order.copy()
        self.assertEqual((copy.erp_state, copy.erp_version), ("none", 0))

    def test_without_the_guards_nothing_is_sent(self):
        order = self._create_order()
        self.env.cr.execute("DROP INDEX postsale_erp_transmission_one_current")
        with self.assertRaisesRegex(UserError, "one_current"):
            order.action_send_to_erp()

    def test_the_same_version_is_written_once(self):
        order = self._create_order()
        order.action_send_to_erp()
        with self.assertRaisesRegex(UserError, "on its way"):
            order.action_send_to_erp()
        self.assertEqual(len(self._get_rows(order)), 1)

    def test_what_stands_in_the_way_is_told(self):
        empty = self._create_order(order_line=[])
        with self.assertRaisesRegex(UserError, "no lines"):
            empty.action_send_to_erp()
        cancelled = self._create_order()
        cancelled.action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            cancelled.action_send_to_erp()
        self.channel.active = False
        with self.assertRaisesRegex(UserError, "ERP Channels"):
            self._create_order().action_send_to_erp()

    def test_many_at_once_leaves_out_what_cannot(self):
        good, empty = self._create_order(), self._create_order(order_line=[])
        answer = (good | empty).action_send_to_erp()
        self.assertEqual(good.erp_state, "queued")
        self.assertEqual(empty.erp_state, "none")
        self.assertIn(empty.name, answer["params"]["message"])

    def test_filters_and_groups(self):
        sent, failed, none = (self._create_confirmed() for _i in range(3))
        self._hand_over(sent)
        self._hand_over(failed, (400, b""))
        mine = [("id", "in", (sent | failed | none).ids)]
        for state, order in (("sent", sent), ("failed", failed), ("none", none)):
            domain = [*mine, ("erp_state", "=", state)]
            self.assertEqual(self.orders.search(domain), order)
        self.assertEqual(
            self.orders.search([*mine, ("erp_state", "!=", "none")]), sent | failed
        )
        groups = self.orders._read_group(mine, ["erp_state"], ["__count"])
        self.assertEqual(sorted(groups), [("failed", 1), ("none", 1), ("sent", 1)])
        self.assertTrue(self.orders.fields_get(["erp_state"])["erp_state"]["groupable"])
        held = self.orders.search([*mine, ("is_handed_over", "=", True)])
        self.assertEqual(held, sent)
        free = self.orders.search([*mine, ("is_handed_over", "=", False)])
        self.assertEqual(free, failed | none)
        number = self.orders.search([*mine, ("erp_number", "=", "ERP-1")])
        self.assertEqual(number, sent)


class TestErpVersions(ErpCommon):
    def test_a_change_shows_and_goes_as_a_new_version(self):
        order = self._create_confirmed()
        self._hand_over(order)
        self.assertFalse(order.is_erp_changed)
        order.order_line.product_uom_qty = 3
        order.invalidate_recordset()
        self.assertTrue(order.is_erp_changed)
        self.assertIn("since version 1", order.erp_text)
        rows = self._hand_over(order, (200, b'{"number": "ERP-2"}'))
        self.assertEqual(rows.mapped("version"), [1, 2])
        self.assertEqual(len(set(self.receiver.keys)), 2)
        self.assertEqual(order.erp_number, "ERP-2")
        self.assertFalse(order.is_erp_changed)

    def test_what_was_not_changed_is_not_sent_again(self):
        order = self._create_confirmed()
        self._hand_over(order)
        with (
            freeze_time("2027-05-01"),
            self.assertRaisesRegex(UserError, "nothing was"),
        ):
            order.action_send_to_erp()

    def test_a_quotation_that_was_confirmed_has_changed(self):
        order = self._create_order()
        self._hand_over(order)
        order.action_confirm()
        order.invalidate_recordset()
        self.assertTrue(order.is_erp_changed)
        self._hand_over(order)
        self.assertEqual(self.receiver.got[-1][1]["X-Order-State"], "order")

    def test_a_newer_version_takes_back_the_one_that_waits(self):
        order = self._create_confirmed()
        self._hand_over(order, (503, b""))
        order.order_line.product_uom_qty = 3
        rows = self._hand_over(order, (200, b""))
        self.assertEqual(rows.mapped("state"), ["void", "sent"])
        self.assertEqual(order.erp_state, "sent")

    def test_a_version_that_is_taken_back_leaves_the_one_before(self):
        order = self._create_confirmed()
        self._hand_over(order)
        order.order_line.product_uom_qty = 3
        order.action_send_to_erp()
        row = self._get_rows(order)[-1]
        row.with_user(self.seller).action_take_back()
        self.assertEqual(row.state, "void")
        self.assertEqual((order.erp_state, order.erp_version), ("sent", 1))
        self.assertTrue(order.is_handed_over)

    def test_what_was_sent_cannot_be_taken_back(self):
        order = self._create_confirmed()
        row = self._hand_over(order)
        with self.assertRaisesRegex(UserError, "Too late"):
            row.with_user(self.seller).action_take_back()

    def test_the_form_can_be_changed_after_the_hand_over(self):
        order = self._create_confirmed()
        self._hand_over(order)
        with Form(order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 4
        self.assertTrue(order.is_erp_changed)


class TestErpCancelled(ErpCommon):
    def test_cancelling_is_handed_over_too(self):
        order = self._create_confirmed()
        self._hand_over(order)
        order.action_cancel()
        self.assertFalse(order._is_cancellation_accepted())
        self.assertEqual(order.erp_state, "queued")
        self._run_cron()
        self.assertEqual(order.erp_state, "none")
        self.assertTrue(order._is_cancellation_accepted())
        _target, headers, body, _timeout = self.receiver.got[-1]
        self.assertEqual(headers["X-Message"], "cancellation")
        self.assertEqual(headers["X-Order-Version"], "2")
        root = etree.fromstring(body)
        self.assertEqual(root.findtext("{*}OrderReference/{*}ID"), order.name)
        self.assertIsNotNone(root.find("{*}BuyerCustomerParty/{*}Party/{*}PartyName"))

    def test_the_activities_are_freed_once_it_is_accepted(self):
        order = self._create_confirmed()
        self._hand_over(order)
        activity = self.env["postsale.intervention"].create(
            {
                "name": "New valve",
                "task_id": self._create_ticket().id,
                "stage_id": self.env.ref(
                    "postsale_contracts.intervention_stage_closed"
                ).id,
                "sale_line_id": order.order_line[:1].id,
            }
        )
        order.action_cancel()
        self.receiver.answers = [(503, b""), (200, b"")]
        self._run_cron()
        self.assertEqual(activity.sale_line_id, order.order_line[:1])
        self.clock.move_to("2027-03-15 10:05:00")
        self._run_cron()
        self.assertFalse(activity.sale_line_id)

    def test_what_nobody_has_got_is_only_taken_back(self):
        order = self._create_confirmed()
        order.action_send_to_erp()
        order.action_cancel()
        rows = self._get_rows(order)
        self.assertEqual(rows.mapped("state"), ["void"])
        self.assertTrue(order._is_cancellation_accepted())

    def test_what_may_have_arrived_is_cancelled_there(self):
        order = self._create_confirmed()
        self._hand_over(order, NotReached("timeout", True))
        order.action_cancel()
        self.assertEqual(
            self._get_rows(order).mapped("kind"), ["order", "cancellation"]
        )

    def test_an_order_of_our_own_cancels_as_ever(self):
        order = self._create_confirmed()
        order.action_cancel()
        self.assertTrue(order._is_cancellation_accepted())
        self.assertEqual(len(self._get_rows(order)), 0)

    def test_a_person_may_have_cancelled_it_there(self):
        order = self._create_confirmed()
        self._hand_over(order)
        order.action_cancel()
        self.receiver.answers = [(404, b"")]
        self._run_cron()
        self.assertEqual(order.erp_state, "failed")
        self.assertIn("may still be", order.erp_text)
        self._get_rows(order)[-1].with_user(self.seller).action_settle()
        self.assertTrue(order._is_cancellation_accepted())

    def test_taken_up_again_it_is_a_new_version(self):
        order = self._create_confirmed()
        self._hand_over(order)
        order.action_cancel()
        self._run_cron()
        order.action_draft()
        order.action_confirm()
        rows = self._hand_over(order)
        self.assertEqual(rows.mapped("version"), [1, 2, 3])
        self.assertTrue(order.is_handed_over)

    def test_it_cannot_be_deleted(self):
        order = self._create_order()
        order.action_send_to_erp()
        with self.assertRaisesRegex(UserError, "not deleted"):
            order.sudo().unlink()


class TestErpInvoicing(ErpCommon):
    people = ("seller", "manager")

    def _get_offer(self, order):
        line = order.order_line
        return (
            order.invoice_status,
            line.qty_to_invoice,
            line.invoice_status,
            line.untaxed_amount_to_invoice,
            line.amount_to_invoice,
        )

    def test_an_order_that_was_handed_over_is_not_offered(self):
        order = self._create_confirmed()
        before = self._get_offer(order)
        self.assertEqual(before[:3], ("to invoice", 1.0, "to invoice"))
        order.action_send_to_erp()
        self.assertEqual(self._get_offer(order), ("no", 0.0, "no", 0.0, 0.0))
        self._run_cron()
        self.assertEqual(self._get_offer(order), ("no", 0.0, "no", 0.0, 0.0))
        order.order_line.product_uom_qty = 5
        self.assertEqual(self._get_offer(order), ("no", 0.0, "no", 0.0, 0.0))

    def test_a_refused_one_is_offered_again(self):
        order = self._create_confirmed()
        before = self._get_offer(order)
        self._hand_over(order, (422, b""))
        self.assertEqual(self._get_offer(order), before)
        self.assertTrue(order.sudo()._create_invoices())

    def test_one_that_may_have_arrived_waits_for_a_person(self):
        order = self._create_confirmed()
        before = self._get_offer(order)
        row = self._hand_over(order, TIMEOUT)
        self._fail(row, NO_LINE)
        self.assertTrue(order.is_handed_over)
        self.assertIn("ask there", order.erp_text)
        self.assertEqual(self._get_offer(order)[0], "no")
        row.with_user(self.seller).action_settle()
        self.assertEqual(self._get_offer(order), before)

    def test_one_that_surely_did_not_arrive_does_not(self):
        order = self._create_confirmed()
        row = self._hand_over(order, NO_LINE)
        self._fail(row, NO_LINE)
        self.assertFalse(order.is_handed_over)
        self.assertEqual(self._get_offer(order)[0], "to invoice")

    def test_no_way_to_an_invoice(self):
        order = self._create_confirmed()
        self._hand_over(order)
        sudo = order.sudo()
        with self.assertRaisesRegex(UserError, "invoiced there"):
            sudo._create_invoices()
        for method in ("percentage", "fixed", "delivered"):
            wizard = (
                self.env["sale.advance.payment.inv"]
                .with_context(active_ids=order.ids, active_model="sale.order")
                .create(
                    {"advance_payment_method": method, "amount": 5, "fixed_amount": 5}
                )
            )
            with self.subTest(method), self.assertRaisesRegex(UserError, "there"):
                wizard.create_invoices()
        self.assertFalse(order.invoice_ids)

    def test_it_is_not_on_a_recapitulative_invoice(self):
        order, other = self._create_confirmed(), self._create_confirmed()
        self._hand_over(order)
        recapitulative = self.env["recapitulative.invoice"]
        mine = [("id", "in", (order | other).ids)]
        self.assertEqual(recapitulative._get_open_orders(mine), other.sudo())
        sources = recapitulative._get_sources((order | other).sudo())
        self.assertEqual(list(sources), [other.sudo()])

    def test_what_runs_by_itself_leaves_it_out(self):
        order, other = self._create_confirmed(), self._create_confirmed()
        self._hand_over(order)
        both = (order | other).sudo()
        both._force_lines_to_invoice_policy_order()
        moves = both.with_context(raise_if_nothing_to_invoice=False)._create_invoices()
        self.assertEqual(moves.line_ids.sale_line_ids.order_id, other.sudo())
        order.sudo()._force_lines_to_invoice_policy_order()
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_its_periodic_billing_does_not_start_here(self):
        order = self._create_order()
        order.order_line.billed_periodically = True
        self._hand_over(order)
        order.action_confirm()
        self.assertFalse(order.billing_task_id)
        rows = self._hand_over(order, (422, b""))
        self.assertEqual(rows[-1].state, "failed")
        self.assertFalse(order.billing_task_id, "the first version is there")
        order.action_cancel()
        self.receiver.answers = [(200, b"")]
        self._run_cron()
        order.action_draft()
        order.action_confirm()
        self.assertTrue(order.billing_task_id)

    def test_what_is_billed_here_over_time_is_not_handed_over(self):
        order = self._create_order()
        order.order_line.billed_periodically = True
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "Stop Billing"):
            order.action_send_to_erp()

    def test_what_is_invoiced_here_is_not_handed_over(self):
        order = self._create_confirmed()
        order.sudo()._create_invoices()
        with self.assertRaisesRegex(UserError, "invoiced here already"):
            order.action_send_to_erp()
