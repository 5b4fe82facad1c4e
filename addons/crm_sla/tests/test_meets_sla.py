"""Meets SLA? is right at any second, whichever way it is asked (promise P20)."""

import random
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from . import sla_oracle as oracle
from .sla_case import NOW, SlaCase

ANSWERS = ("yes", "no", "none")
WEEK = {day: [(9, 13), (14, 18)] for day in range(5)}


class RandomTasks(SlaCase):
    """Random histories in a real calendar, and what the walker says of them."""

    #: An hour of each of these days exists twice, or not at all.
    OFFICES = (
        # zone, first instant
        ("Europe/Madrid", "2026-03-27 06:00:00"),
        ("Europe/Madrid", "2026-10-23 06:00:00"),
        ("America/Sao_Paulo", "2018-11-02 10:00:00"),
        ("America/Sao_Paulo", "2018-02-16 10:00:00"),
        ("Asia/Kolkata", "2026-05-01 02:00:00"),
    )

    def setUp(self):
        super().setUp()
        self.chance = random.Random(20)

    def _minutes(self, least, most):
        return timedelta(minutes=self.chance.randint(least, most))

    def _open_office(self, zone, start):
        """A random week and days off, in the calendar and for the walker.

        The hours that a change of the clock repeats or leaves out are inside of working
        hours or outside of them, not at their edges: there core decides.
        """
        hours = {}
        for day in range(7):
            if self.chance.random() < 0.8:
                first = self.chance.choice((0, 6, 8.5, 9))
                hours[day] = [(first, 12.75), (14, self.chance.choice((18, 20.25, 24)))]
        days_off = []
        for _leave in range(2):
            begin = start + self._minutes(0, 6 * 24 * 60)
            days_off.append((begin, begin + self._minutes(1, 30 * 60)))
        self._set_hours(zone, hours, days_off)
        return oracle.Office(zone, hours, days_off)

    def _set_hours(self, zone, hours, days_off):
        attendances = [
            Command.create(
                {
                    "name": "Work",
                    "dayofweek": str(day),
                    "hour_from": first,
                    "hour_to": last,
                    "day_period": "morning" if last < 13 else "afternoon",
                }
            )
            for day, pieces in hours.items()
            for first, last in pieces
        ]
        self.calendar.write(
            {"tz": zone, "attendance_ids": [Command.clear(), *attendances]}
        )
        leaves = self.env["resource.calendar.leaves"]
        leaves.search([]).unlink()
        leaves.create(
            [
                {
                    "name": "Off",
                    "date_from": start,
                    "date_to": end,
                    # One of the calendar, one of the whole company
                    "calendar_id": self.calendar.id if index else False,
                }
                for index, (start, end) in enumerate(days_off)
            ]
        )

    def _live(self, start):
        """A task goes through random stages; returns it and its history."""
        kinds = {
            self.new: "runs",
            self.progress: "runs",
            self.waiting: "stops",
            self.solved: "reached",
            self.done: "reached",
        }
        moment = start + self._minutes(0, 48 * 60)
        self._at(moment)
        # Made in a folded stage it would be closed from the start.
        stage = self.chance.choice(self.stages - self.done)
        task = self._create_tasks(stage_id=stage.id)
        events = [(moment, kinds[stage])]
        for _move in range(self.chance.randint(0, 4)):
            moment += self._minutes(1, 30 * 60)
            stage = self.chance.choice(self.stages - stage)
            self._move(task, stage, moment)
            events.append((moment, kinds[stage]))
        return task, oracle.History(events)


@tagged("post_install", "-at_install", "slow", "release")
class TestAtEveryInstant(RandomTasks):
    def test_every_way_of_asking_agrees_with_the_walker(self):
        """Lists, filters, groups, the pivot and exports, at instants at which nobody
        touches anything and no job runs."""
        self.technician.group_ids |= self.env.ref("base.group_allow_export")
        seen = set()
        for zone, first in self.OFFICES:
            start = fields.Datetime.to_datetime(first)
            office = self._open_office(zone, start)
            self.policy.hours = self.chance.randint(30, 900) / 60
            lives = [self._live(start) for _task in range(8)]
            last = max(history.events[-1][0] for _task, history in lives)
            for _look in range(5):
                now = last + self._minutes(0, 5 * 24 * 60)
                self._at(now)
                expected = {
                    task.id: history.meets(
                        office.works, round(self.policy.hours * 60), now
                    )
                    for task, history in lives
                }
                self._check(expected)
                seen |= set(expected.values())
            self.env["project.task"].browse(expected).unlink()
        self.assertEqual(seen, {"yes", "no"})

    def _check(self, expected):
        tasks = self.env["project.task"].with_user(self.technician)
        tasks = tasks.browse(expected)
        self.assertEqual({task.id: task.meets_sla for task in tasks}, expected)
        domain = Domain("id", "in", tasks.ids)
        for answer in ANSWERS:
            wanted = {task for task, found in expected.items() if found == answer}
            leaf = Domain("meets_sla", "=", answer)
            self.assertEqual(set(tasks.search(domain & leaf).ids), wanted)
            self.assertEqual(set(tasks.filtered_domain(leaf).ids), wanted)
        counts = {
            answer: list(expected.values()).count(answer)
            for answer in set(expected.values())
        }
        self.assertEqual(
            dict(tasks._read_group(domain, ["meets_sla"], ["__count"])), counts
        )
        pivot = tasks.formatted_read_grouping_sets(
            domain, [[], ["meets_sla"]], ["__count", "sla_compliance:avg"]
        )
        found = {group["meets_sla"]: group["__count"] for group in pivot[1]}
        self.assertEqual(found, counts)
        self.assertAlmostEqual(
            pivot[0][0]["sla_compliance:avg"], counts.get("yes", 0) / len(expected)
        )
        labels = dict(tasks._fields["meets_sla"].selection)
        self.assertEqual(
            [row[0] for row in tasks.export_data(["meets_sla"])["datas"]],
            [labels[expected[task.id]] for task in tasks],
        )


@tagged("post_install", "-at_install")
class TestMeetsSla(SlaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.met, cls.late, cls.paused, cls.running = cls._create_tasks(4)
        cls.clock.move_to("2026-11-02 10:00:00")
        cls.met.stage_id = cls.solved
        cls.paused.stage_id = cls.waiting
        cls.clock.move_to("2026-11-05 10:00:00")
        cls.late.stage_id = cls.solved
        cls.none = cls.env["project.task"].create(
            {"name": "None", "project_id": cls._create_project().id}
        )
        cls.tasks = cls.met + cls.late + cls.paused + cls.running + cls.none
        cls.clock.move_to(NOW)

    @classmethod
    def _create_project(cls):
        return cls.env["project.project"].create({"name": "Without SLA"})

    def setUp(self):
        super().setUp()
        self._at("2026-11-05 12:00:00")

    def _search(self, *domain):
        found = self.env["project.task"].search(
            Domain.AND([Domain("id", "in", self.tasks.ids), list(domain)])
        )
        return self.tasks & found

    def test_yes_no_and_none(self):
        answers = ["yes", "no", "yes", "no", "none"]
        self.assertEqual(self.tasks.mapped("meets_sla"), answers)
        for answer, found in (
            ("yes", self.met + self.paused),
            ("no", self.late + self.running),
            ("none", self.none),
        ):
            self.assertEqual(self._search(("meets_sla", "=", answer)), found)

    def test_a_negation_is_the_complement(self):
        for answer in ANSWERS:
            others = self.tasks - self._search(("meets_sla", "=", answer))
            for domain in (
                [("meets_sla", "!=", answer)],
                ["!", ("meets_sla", "=", answer)],
                [("meets_sla", "not in", [answer])],
            ):
                self.assertEqual(self._search(*domain), others, domain)

    def test_several_answers(self):
        self.assertEqual(
            self._search(("meets_sla", "in", ["no", "none"])),
            self.late + self.running + self.none,
        )

    def test_not_set_and_unknown_words_match_nothing(self):
        for value in (False, "Yes", "", "overdue"):
            self.assertFalse(self._search(("meets_sla", "=", value)), value)
        self.assertEqual(self._search(("meets_sla", "!=", False)), self.tasks)

    def test_other_operators_say_so_plainly(self):
        with self.assertRaises(UserError):
            self._search(("meets_sla", "ilike", "ye"))

    def test_it_can_be_sorted_by(self):
        found = self.env["project.task"].search(
            [("id", "in", self.tasks.ids)], order="meets_sla desc, id"
        )
        self.assertEqual(found.mapped("meets_sla"), ["yes", "yes", "none", "no", "no"])

    def test_the_client_offers_it_for_filter_group_and_export(self):
        info = self.env["project.task"].fields_get(["meets_sla", "sla_compliance"])
        for feature in ("searchable", "sortable", "groupable", "exportable"):
            self.assertTrue(info["meets_sla"][feature], feature)
        self.assertEqual(info["sla_compliance"]["aggregator"], "avg")
        self.assertTrue(info["meets_sla"]["readonly"])

    def test_compliance_is_the_share_of_those_under_an_sla(self):
        ((share,),) = self.env["project.task"]._read_group(
            [("id", "in", self.tasks.ids)], [], ["sla_compliance:avg"]
        )
        self.assertAlmostEqual(share, 0.5)

    def test_a_path_without_a_task_has_no_answer(self):
        """Grouping by path: a child without a parent is not a child of a "None"."""
        child = self._create_tasks(parent_id=self.met.id)
        groups = self.env["project.task"]._read_group(
            [("id", "in", (child + self.none).ids)],
            ["parent_id.meets_sla"],
            ["__count"],
        )
        self.assertEqual(groups, [("yes", 1), (False, 1)])

    def test_at_risk_is_separate(self):
        self._at("2026-11-02 15:00:00")
        self.assertFalse(self._search(("sla_at_risk", "=", True)))
        self._at("2026-11-03 08:30:00")
        self.assertEqual(self._search(("sla_at_risk", "=", True)), self.running)
        self.assertTrue(self.running.sla_at_risk)
        self.assertEqual(self.running.meets_sla, "yes")
        self.assertEqual(
            self._search(("sla_at_risk", "=", False)), self.tasks - self.running
        )
        self._at("2026-11-03 09:00:01")
        self.assertFalse(self._search(("sla_at_risk", "=", True)))

    def test_a_filter_is_served_by_an_index(self):
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for answer in ("yes", "no", "none"):
            query = (
                self.env["project.task"].sudo()._search([("meets_sla", "=", answer)])
            )
            self.env.cr.execute(SQL("EXPLAIN %s", query.select("id")))
            plan = "\n".join(row[0] for row in self.env.cr.fetchall())
            if answer != "none":
                self.assertRegex(plan, "Index.* on project_task__?sla_|using.*sla_")
            self.assertNotIn("CASE", plan)

    # === ON THE PORTAL === #
    def test_a_customer_reads_the_answer_and_nothing_else(self):
        self.project.privacy_visibility = "portal"
        self.running.partner_id = self.portal.partner_id
        self.running.message_subscribe(self.portal.partner_id.ids)
        task = self.running.with_user(self.portal)
        self.assertEqual(task.read(["meets_sla", "sla_deadline"])[0]["meets_sla"], "no")
        self.assertIn(task, task.search([("meets_sla", "=", "no")]))
        self.assertEqual(
            task._read_group([("id", "=", task.id)], ["meets_sla"]), [("no",)]
        )
        for name in ("sla_policy_id", "sla_explanation", "sla_risk_date"):
            with self.subTest(name), self.assertRaises(AccessError):
                task.read([name])
