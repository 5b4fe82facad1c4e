"""The calendar: what is created, and what will be."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import tagged

from .work_order_common import WorkOrderCommon


@tagged("post_install", "-at_install")
class TestVisit(WorkOrderCommon):
    GROUPS = {
        **WorkOrderCommon.GROUPS,
        "planner": "postsale_contracts.group_postsale_technician,"
        "recurring_billing.group_user",
    }
    people = ("technician", "colleague", "stranger", "planner")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._start_task(
            assigned_user_ids=[Command.set(cls.technician.ids)], plan_days_ahead=3
        )

    def _get_visits(self, user=None, domain=()):
        Visit = self.env["postsale.visit"].with_user(user or self.technician)
        return Visit.search([("partner_id", "=", self.customer.id), *domain])

    def assertVisits(self, *expected):
        visits = [f"{visit.date} {visit.state}" for visit in self._get_visits()]
        self.assertEqual(visits, list(expected))

    def test_coming_visits_of_three_months_are_shown(self):
        self.assertVisits(
            "2027-04-01 planned", "2027-05-01 planned", "2027-06-01 planned"
        )
        visit = self._get_visits()[0]
        self.assertEqual(visit.display_name, "Alma Books: Boiler service")
        self.assertEqual(visit.user_id, self.technician)
        self.assertEqual(visit.project_id, self.project)

    def test_a_created_one_takes_the_place_of_the_planned_one(self):
        before = self._get_visits()
        self._run_cron("2027-03-29 08:00:00")
        self.assertVisits("2027-04-01 open", "2027-05-01 planned", "2027-06-01 planned")
        self.assertEqual(self._get_visits()[1:], before[1:])  # they keep their ids

    def test_it_is_exact_at_the_moment(self):
        self.task.business_day_shift = "after"
        self.assertEqual(str(self._get_visits()[1].date), "2027-05-03")
        self.task.action_pause()
        self.assertVisits()

    def test_the_last_visits_are_counted(self):
        self.task.max_documents = 2
        self.assertVisits("2027-04-01 planned", "2027-05-01 planned")

    def test_a_failed_date_is_still_a_visit_to_come(self):
        self.project.active = False
        self._run_cron("2027-03-29 08:00:00")
        self.assertRows(self.task, "2027-04-01 failed")
        self.project.active = True
        self.assertEqual(self._get_visits()[0].state, "planned")

    def test_moving_a_created_one_leaves_the_grid_alone(self):
        self._run_cron("2027-03-29 08:00:00")
        visit = self._get_visits()[0]
        visit.write({"date": "2027-04-06"})
        self.assertVisits("2027-04-06 open", "2027-05-01 planned", "2027-06-01 planned")
        order = self._get_documents(self.task)
        self.assertEqual(order.visit_date, Date.to_date("2027-04-06"))
        self.assertRows(self.task, "2027-04-01 generated")

    def test_one_that_is_not_created_cannot_be_moved(self):
        with self.assertRaisesRegex(UserError, "not created yet"):
            self._get_visits()[0].write({"date": "2027-04-06"})
        with self.assertRaisesRegex(UserError, "can be moved"):
            self._get_visits()[0].write({"name": "Other"})

    def test_it_opens_what_it_stands_for(self):
        self._run_cron("2027-03-29 08:00:00")
        created, planned = self._get_visits()[:2]
        self.assertEqual(created.action_open()["res_model"], "project.task")
        with self.assertRaisesRegex(UserError, "not created yet"):
            planned.action_open()
        planner = planned.with_user(self.planner)
        self.assertEqual(planner.action_open()["res_id"], self.task.id)

    def test_nobody_sees_visits_of_a_project_that_is_not_his(self):
        self.project.privacy_visibility = "followers"
        self.project.message_subscribe(self.technician.partner_id.ids)
        self._run_cron("2027-03-29 08:00:00")
        self.assertEqual(len(self._get_visits(self.technician)), 3)
        self.assertFalse(self._get_visits(self.colleague))
        with self.assertRaises(AccessError):
            self._get_visits(self.stranger)

    def test_nobody_sees_visits_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = self._create_user("other", self.GROUPS["technician"], other)
        self._run_cron("2027-03-29 08:00:00")
        Visit = self.env["postsale.visit"].with_user(user)
        self.assertFalse(Visit.with_context(allowed_company_ids=other.ids).search([]))

    def test_by_technician(self):
        found = self._get_visits(domain=[("user_id", "=", self.technician.id)])
        self.assertEqual(len(found), 3)
        self.assertFalse(self._get_visits(domain=[("user_id", "=", self.colleague.id)]))

    def test_many_customers_cost_the_same_number_of_queries(self):
        counts = []
        for size in (10, 100):
            self._start_task(customers=self._create_customers(size))
            with self.counting() as counted:
                self.env["postsale.visit"].with_user(self.technician).search_read(
                    [], ["date", "name", "partner_id"]
                )
            counts.append(counted.statements)
        self.assertLessEqual(counts[1], counts[0] + 3)
