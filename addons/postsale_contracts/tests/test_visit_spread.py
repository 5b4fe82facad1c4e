"""Spreading first visits: laws of the function, and the dialogue."""

import unittest
from collections import Counter
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import BaseCase, Form, tagged

from ..visit_spread import Trip, get_days, spread
from .work_order_common import WorkOrderCommon

try:
    import hypothesis
    from hypothesis import strategies as st
except ImportError:  # not among Odoo's requirements: our own test run installs it
    hypothesis = None


def _days(weeks):
    days = get_days(date(2027, 4, 1), weeks)
    return [day for day in days if day.weekday() < 5]


@tagged("post_install", "-at_install", "slow", "release")
@unittest.skipUnless(hypothesis, "hypothesis is not installed")
class TestSpreadLaws(BaseCase):
    def _try(self, law, **strategies):
        run = hypothesis.settings(max_examples=100, deadline=None, derandomize=True)
        run(hypothesis.given(**strategies)(law))()

    def test_the_load_of_each_technician_is_even(self):
        def law(count, people, weeks):
            trips = [Trip(n, n % people) for n in range(count)]
            found = spread(trips, _days(weeks))
            for person in range(min(people, count)):
                own = Counter(found[t.key] for t in trips if t.technician == person)
                loads = [own[day] for day in _days(weeks)]
                self.assertLessEqual(max(loads) - min(loads), 1)

        self._try(
            law,
            count=st.integers(1, 80),
            people=st.integers(1, 4),
            weeks=st.integers(1, 6),
        )

    def test_only_days_that_suit_and_never_more_than_there_is_room(self):
        def law(wishes, per_day, taken):
            trips = [Trip(n, None, wish) for n, wish in enumerate(wishes)]
            days = _days(2)
            before = {(None, day): n for day, n in zip(days, taken, strict=False)}
            found = spread(trips, days, per_day, before)
            loads = Counter(day for day in found.values() if day)
            for trip in trips:
                day = found[trip.key]
                if day:
                    self.assertIn(day, days)
                    self.assertIn(day.weekday(), trip.weekdays)
            for day, load in loads.items():
                if not before.get((None, day)):
                    self.assertLessEqual(load, per_day)
                else:
                    self.assertLessEqual(load + before[None, day], per_day)

        self._try(
            law,
            wishes=st.lists(st.frozensets(st.integers(0, 6), min_size=1), max_size=40),
            per_day=st.integers(1, 5),
            taken=st.lists(st.integers(0, 5), max_size=10),
        )

    def test_a_trip_has_no_day_only_where_all_of_them_are_full(self):
        def law(count, per_day):
            trips = [Trip(n) for n in range(count)]
            days = _days(1)
            missing = sum(not day for day in spread(trips, days, per_day).values())
            self.assertEqual(missing, max(count - per_day * len(days), 0))

        self._try(law, count=st.integers(0, 60), per_day=st.integers(1, 8))

    def test_it_is_always_the_same(self):
        def law(wishes):
            trips = [Trip(n, n % 2, wish) for n, wish in enumerate(wishes)]
            found = spread(trips, _days(3))
            self.assertEqual(found, spread(list(trips), _days(3)))

        wish = st.frozensets(st.integers(0, 6), min_size=1)
        self._try(law, wishes=st.lists(wish, max_size=30))


@tagged("post_install", "-at_install")
class TestVisitSpread(WorkOrderCommon):
    people = ("technician", "reader")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(20)
        cls.values = {
            "customers": cls.customers,
            "assigned_user_ids": [Command.set(cls.technician.ids)],
            "interval_unit": "year",
        }

    def _open(self, task, **values):
        wizard = self.env["postsale.visit.spread"].with_user(self.biller)
        form = Form(wizard.with_context(default_task_id=task.id))
        for name, value in values.items():
            form[name] = value
        return form

    def _apply(self, task, **values):
        self._open(task, **values).save().action_apply()
        return Counter(task.recipient_ids.mapped("date_start"))

    def test_twenty_customers_fill_the_working_days_of_four_weeks(self):
        loads = self._apply(self._create_task(**self.values))
        self.assertEqual(len(loads), 20)
        self.assertFalse([day for day in loads if day.weekday() > 4])
        self.assertGreaterEqual(min(loads), date(2027, 4, 1))
        self.assertLess(max(loads), date(2027, 4, 29))

    def test_holidays_are_free(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2027-04-04 22:00:00",
                "date_to": "2027-04-05 21:59:59",
            }
        )
        loads = self._apply(self._create_task(**self.values), weeks=1)
        self.assertEqual(len(loads), 4)
        self.assertNotIn(date(2027, 4, 5), loads)

    def test_the_next_dates_follow(self):
        task = self._start_task(**self.values)
        self._apply(task)
        for recipient in task.recipient_ids:
            self.assertEqual(recipient.date_next, recipient.date_start)

    def test_the_list_is_shown_before_anything_is_changed(self):
        task = self._create_task(**self.values)
        form = self._open(task, weeks=1)
        self.assertEqual(len(form.line_ids), 20)
        self.assertFalse(any(task.recipient_ids.mapped("date_start")))

    def test_days_that_suit_are_respected(self):
        self.customers.visit_monday = True
        loads = self._apply(self._create_task(**self.values))
        self.assertEqual({day.weekday() for day in loads}, {0})

    def test_without_room_nothing_is_changed(self):
        task = self._create_task(**self.values)
        form = self._open(task, weeks=1, per_day=2)
        self.assertEqual(form.missing_count, 10)
        with self.assertRaisesRegex(UserError, "no room for 10 of 20"):
            form.save().action_apply()

    def test_other_visits_of_the_technician_count(self):
        self.env["project.task"].create(
            {
                "name": "Elsewhere",
                "project_id": self.project.id,
                "is_work_order": True,
                "visit_date": "2027-04-02",
                "user_ids": [Command.set(self.technician.ids)],
            }
        )
        task = self._create_task(**{**self.values, "customers": self.customers[:4]})
        loads = self._apply(task, weeks=1)
        self.assertNotIn(date(2027, 4, 2), loads)
        self.assertEqual(len(loads), 4)

    def test_several_visits_to_one_address_fall_on_one_day(self):
        customers = [*self.customers[:3], self.customer, self.customer, self.customer]
        task = self._create_task(
            assigned_user_ids=self.values["assigned_user_ids"],
            recipient_ids=[
                Command.create({"partner_id": customer.id}) for customer in customers
            ],
        )
        self._apply(task)
        own = task.recipient_ids.filtered(lambda r: r.partner_id == self.customer)
        self.assertEqual(len(set(own.mapped("date_start"))), 1)

    def test_whoever_was_visited_keeps_his_dates(self):
        task = self._start_task(**{**self.values, "customers": self.customers[:3]})
        task.recipient_ids[0].date_start = "2027-03-20"
        self._run_cron("2027-03-20 08:00:00")
        form = self._open(task)
        self.assertEqual((len(form.line_ids), form.kept_count), (2, 1))

    def test_a_given_day_of_the_month_cannot_be_spread(self):
        task = self._create_task(**self.values, day_rule="month_end")
        with self.assertRaisesRegex(UserError, "given day of the month"):
            task.action_spread_visits()

    def test_readers_change_nothing(self):
        task = self._create_task(**self.values).with_user(self.reader)
        with self.assertRaises(AccessError):
            task.action_spread_visits()

    def test_the_first_day_is_after_today(self):
        task = self._create_task(**self.values)
        self.clock.move_to("2027-05-10 08:00:00")
        self.assertEqual(self._open(task).date_from, Date.to_date("2027-05-11"))
