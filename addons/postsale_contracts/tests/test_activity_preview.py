"""The preview says for each activity what becomes of it; the billing does just that."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ..wizards import postsale_activity_billing
from .intervention_common import InterventionCommon


class TestActivityPreview(InterventionCommon):
    people = ("seller",)

    def _open(self, tickets=None, user=None):
        tickets = (tickets or self.ticket).with_user(user or self.clerk)
        action = tickets.action_bill_activities()
        return tickets.env[action["res_model"]].browse(action["res_id"])

    def _create_tickets(self, count):
        tickets = self.env["project.task"]
        for index in range(count):
            tickets |= self._create_ticket(name=f"Ticket {index}")
        for ticket in tickets:
            self._create_activity(ticket)
        return tickets

    def test_every_activity_has_its_answer(self):
        nobody = self._create_ticket(partner_id=False)
        expected = {
            self._create_activity(): "billed",
        }
        self._bill()
        self.config.activity_product_id = False
        expected |= {
            self._create_activity(product_id=self.work.id): "billable",
            self._create_activity(condition_id=self.covered.id): "covered",
            self._create_activity(condition_id=self.warranty.id): "warranty",
            self._create_activity(stage_id=self.open_stage.id): "not_closed",
            self._create_activity(stage_id=self.cancelled_stage.id): "cancelled",
            self._create_activity(condition_id=False): "no_condition",
            self._create_activity(): "no_product",
            self._create_activity(product_id=self.work.id, quantity=0): "no_quantity",
            self._create_activity(nobody): "no_customer",
        }
        billing = self._open(self.ticket | nobody)
        answers = {line.activity_id: line.decision for line in billing.line_ids}
        self.assertEqual(answers, expected)
        billed = billing.line_ids.filtered(lambda line: line.decision == "billed")
        self.assertTrue(billed.billed_on)
        sums = {
            row.task_id: (row.billable_count, row.amount) for row in billing.ticket_ids
        }
        self.assertEqual(sums, {self.ticket: (1, 60), nobody: (0, 0)})
        self.assertEqual((billing.billable_count, billing.other_count), (1, 9))

    def test_looking_changes_nothing(self):
        activity = self._create_activity()
        self._open()
        self.assertTrue(activity.billable)

    def test_it_bills_what_it_listed(self):
        tickets = self._create_tickets(2) | self.ticket
        billing = self._open(tickets)
        notice = billing.action_bill()
        self.assertEqual(notice["tag"], "postsale_contracts.order_notice")
        self.assertEqual(len(self._get_orders(tickets)), 2)
        states = billing.ticket_ids.mapped("state")
        self.assertEqual(sorted(states), ["billed", "billed", "nothing"])
        self.assertEqual((billing.state, billing.progress), ("done", 100))

    def test_pressed_twice_bills_once(self):
        tickets = self._create_tickets(1)
        billing = self._open(tickets)
        billing.action_bill()
        billing.action_bill()
        self.assertEqual(len(self._get_orders(tickets)), 1)

    def test_what_somebody_billed_meanwhile_is_told(self):
        tickets = self._create_tickets(2)
        billing = self._open(tickets)
        self._bill(tickets[0])
        billing.action_bill()
        row = billing.ticket_ids.filtered(lambda row: row.task_id == tickets[0])
        self.assertEqual(row.state, "failed")
        self.assertIn("somebody else", row.reason)
        self.assertEqual(len(self._get_orders(tickets)), 2)

    def test_nothing_to_bill_is_said(self):
        with self.assertRaisesRegex(UserError, "Nothing to bill"):
            self._open().action_bill()

    def test_tasks_that_are_no_tickets_are_told(self):
        project = self.env["project.project"].create({"name": "Research"})
        with self.assertRaisesRegex(UserError, "Choose tickets"):
            self._open(self._create_ticket(project_id=project.id))

    def test_it_is_for_whoever_opened_it(self):
        other = self._create_user_like_clerk()
        billing = self._open(self._create_tickets(1))
        with self.assertRaises(AccessError):
            billing.with_user(other).action_bill()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            billing.with_user(other).read(["state"])

    @classmethod
    def _create_user_like_clerk(cls):
        return cls.clerk.copy({"login": "postsale_other", "name": "Other"})

    # === AND SEND === #

    def test_bill_and_send_queues_a_mail_for_each_order(self):
        clerk = self.clerk
        clerk.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        tickets = self._create_tickets(2)
        self._open(tickets, clerk).action_bill_and_send()
        orders = self._get_orders(tickets)
        mails = self.env["document.delivery"].search(
            [("res_model", "=", "sale.order"), ("res_id", "in", orders.ids)]
        )
        self.assertEqual(len(mails), 2)
        self.assertEqual(mails.partner_id, self.customer)

    def test_sending_takes_a_right(self):
        billing = self._open(self._create_tickets(1))
        self.assertFalse(billing.can_send)
        with self.assertRaises(AccessError):
            billing.action_bill_and_send()

    # === MANY === #

    def _run_cron(self):
        cron = self.env.ref("postsale_contracts.ir_cron_bill_activities")
        with self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)

    def test_many_go_on_in_the_background(self):
        tickets = self._create_tickets(5)
        with (
            patch.object(postsale_activity_billing, "AT_ONCE", 2),
            patch.object(postsale_activity_billing, "BATCH", 2),
        ):
            billing = self._open(tickets)
            action = billing.action_bill()
            self.assertEqual(action["res_id"], billing.id)
            self.assertEqual((billing.state, billing.progress), ("running", 0))
            self._run_cron()
        self.env.invalidate_all()
        self.assertEqual((billing.state, billing.progress), ("done", 100))
        orders = self._get_orders(tickets)
        self.assertEqual(len(orders), 5)
        self.assertEqual(orders.create_uid, self.clerk)

    def test_whoever_lost_his_right_meanwhile_bills_nothing(self):
        tickets = self._create_tickets(3)
        with patch.object(postsale_activity_billing, "AT_ONCE", 2):
            billing = self._open(tickets)
            billing.action_bill()
        self.clerk.group_ids -= self.env.ref("postsale_contracts.group_postsale_user")
        self._run_cron()
        rows = billing.sudo().ticket_ids
        self.assertEqual(set(rows.mapped("state")), {"failed"})
        self.assertIn("Post-Sale: User", rows[0].reason)
        self.assertFalse(self._get_orders(tickets))
