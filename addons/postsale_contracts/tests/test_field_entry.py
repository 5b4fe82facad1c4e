"""What a technician's phone sends counts once, and with his rights only."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import mute_logger

from .field_common import FieldCommon, draw

KEY = "ab" * 16


class TestFieldEntryOnce(FieldCommon):
    people = ("portal", "stranger", "manager")

    def test_sent_twice_counts_once_and_answers_the_same(self):
        part = self.entry("part", product=self.work.id, quantity=2)
        first = self.assertSaved(part)
        self.assertEqual(self.assertSaved(part), first)
        self.assertEqual(len(self.job.intervention_ids), 1)

    def test_twice_in_one_call_counts_once(self):
        note = self.entry("note", text="Once")
        self.assertSaved(note, note)
        self.assertEqual(self.Entry.search_count([("uuid", "=", note["uuid"])]), 1)

    def test_another_content_under_the_same_key_is_refused(self):
        self.assertSaved(self.entry("note", uuid=KEY, text="One"))
        self.assertRefused(self.entry("note", uuid=KEY, text="Two"), "Another entry")

    def test_two_contents_under_one_key_in_one_call_are_both_refused(self):
        answers = self.send(
            self.entry("note", uuid=KEY, text="One"),
            self.entry("note", uuid=KEY, text="Two"),
        )
        self.assertEqual({a["outcome"] for a in answers}, {"refused"})
        self.assertFalse(self.Entry.search([("uuid", "=", KEY)]))

    def test_the_key_of_somebody_else_is_refused(self):
        note = self.entry("note", text="Mine")
        self.assertSaved(note)
        self.assertRefused(note, "Another entry", user=self.manager)

    def test_entries_of_somebody_else_are_not_sent_as_ones_own(self):
        note = self.entry("note", text="Mine")
        Entry = self.Entry.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Somebody else"):
            Entry.record([note], self.technician.id)
        self.assertFalse(self.Entry.search([("uuid", "=", note["uuid"])]))

    def test_the_database_refuses_a_second_row(self):
        note = self.entry("note", text="Once")
        self.assertSaved(note)
        row = self.Entry.search([("uuid", "=", note["uuid"])])
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            row.copy({"uuid": row.uuid, "payload_hash": "x"})

    def test_one_that_is_refused_harms_no_other(self):
        entries = [
            self.entry("part", product=self.work.id, quantity=1),
            self.entry("part", product=2**30, quantity=1),
            self.entry("part", product=self.work.id, quantity=3),
        ]
        answers = self.send(*entries)
        outcomes = [answer["outcome"] for answer in answers]
        self.assertEqual(outcomes, ["saved", "refused", "saved"])
        self.assertEqual(self.job.intervention_ids.mapped("quantity"), [3.0, 1.0])

    def test_a_refused_key_is_free_for_another_attempt(self):
        part = self.entry("part", product=self.work.id, quantity=1)
        self.work.sale_ok = False
        self.assertRefused(part, "not sold any more")
        self.work.sale_ok = True
        self.assertSaved(part)

    def test_a_deleted_job_is_told(self):
        gone = self._create_job()
        note = self.entry("note", gone, text="Too late")
        gone.unlink()
        self.assertRefused(note, "does not exist any more")

    def test_a_plain_task_is_no_job(self):
        project = self.env["project.project"].create({"name": "Office"})
        task = self.env["project.task"].create(
            {"name": "Letters", "project_id": project.id}
        )
        self.assertRefused(self.entry("note", task, text="Hm"), "may not work")

    def test_a_job_that_he_does_not_see_is_refused(self):
        self.project.privacy_visibility = "followers"
        other = self._create_job(user_ids=False)
        self.assertRefused(self.entry("note", other, text="Hm"), "may not work")
        self.assertFalse(other.message_ids.filtered(lambda m: "Hm" in m.body))

    def test_only_technicians_may_call(self):
        for user in (self.portal, self.stranger):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.send(self.entry("note", text="Hm"), user=user)
                with self.assertRaises(AccessError):
                    self.MyDay.with_user(user).get_day()
                with self.assertRaises(AccessError):
                    self.MyDay.with_user(user).search_parts("Hour")

    def test_rows_are_seen_by_their_technician_and_managers(self):
        self.assertSaved(self.entry("note", text="Mine"))
        domain = [("task_id", "=", self.job.id)]
        counts = {
            user.login: self.Entry.with_user(user).search_count(domain)
            for user in (self.technician, self.clerk, self.manager)
        }
        self.assertEqual(list(counts.values()), [1, 0, 1])

    def test_too_many_or_no_list_is_told(self):
        note = self.entry("note", text="Much")
        for entries in ([note] * 201, "note", None):
            with self.assertRaises(UserError):
                self.Entry.with_user(self.technician).record(entries)

    def test_nonsense_gets_an_answer_each(self):
        answers = self.send("note", 7, None, {"uuid": "x"})
        self.assertEqual([a["outcome"] for a in answers], ["refused"] * 4)


class TestFieldWork(FieldCommon):
    people = ("manager",)

    def _start(self, at, task=None):
        entry = self.entry("start", task, at=at)
        self.assertSaved(entry)
        return entry["uuid"]

    def _stop(self, start, ended, task=None):
        return self.entry(
            "stop", task, at="2027-03-15 10:00:00", start=start, ended=ended
        )

    def test_time_becomes_a_closed_activity(self):
        start = self._start("2027-03-15 08:00:00")
        activity = self.job.intervention_ids
        self.assertEqual((activity.state, activity.user_id), ("open", self.technician))
        self.assertSaved(self._stop(start, "2027-03-15 09:30:00"))
        self.assertEqual((activity.state, activity.duration), ("closed", 1.5))
        self.assertEqual(activity.quantity, 1.5)

    def test_starting_one_stops_the_other(self):
        other = self._create_job(name="Other")
        self._start("2027-03-15 08:00:00")
        self._start("2027-03-15 08:45:00", other)
        self.assertEqual(self.job.intervention_ids.duration, 0.75)
        self.assertFalse(other.intervention_ids.clock_end)

    def test_starts_in_one_call_follow_each_other(self):
        other = self._create_job(name="Other")
        self.assertSaved(
            self.entry("start", at="2027-03-15 08:00:00"),
            self.entry("start", other, at="2027-03-15 08:30:00"),
            self.entry("start", at="2027-03-15 09:00:00"),
        )
        self.assertEqual(other.intervention_ids.duration, 0.5)
        open_ones = self.Activity.search(
            [("clock_end", "=", False), ("clock_start", "!=", False)]
        )
        self.assertEqual(open_ones.task_id, self.job)

    def test_the_database_lets_one_clock_run(self):
        self._start("2027-03-15 08:00:00")
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.job.intervention_ids.copy({"clock_start": "2027-03-15 09:00:00"})

    def test_work_over_night_is_not_guessed(self):
        self._start("2027-03-14 09:00:00")
        self._start("2027-03-15 08:00:00", self._create_job())
        activity = self.job.intervention_ids
        self.assertEqual((activity.state, activity.duration), ("open", 0.0))

    def test_who_forgot_to_stop_says_when_he_finished(self):
        start = self._start("2027-03-14 15:00:00")
        self.assertSaved(self._stop(start, "2027-03-14 17:00:00"))
        self.assertEqual(self.job.intervention_ids.duration, 2.0)

    def test_an_end_before_the_start_is_refused(self):
        start = self._start("2027-03-15 08:00:00")
        self.assertRefused(self._stop(start, "2027-03-15 07:00:00"), "began on")

    def test_a_start_of_somebody_else_cannot_be_stopped(self):
        start = self._start("2027-03-15 08:00:00")
        stop = self._stop(start, "2027-03-15 09:00:00")
        self.assertRefused(stop, "is not saved", user=self.manager)

    def test_a_part_becomes_a_closed_activity(self):
        condition = self.env.ref("postsale_contracts.condition_billed")
        self.assertSaved(
            self.entry("part", product=self.work.id, quantity=2, condition=condition.id)
        )
        part = self.job.intervention_ids
        self.assertEqual((part.product_id, part.quantity), (self.work, 2.0))
        self.assertTrue(part.billable)

    def test_planned_work_is_done_once(self):
        planned = self.Activity.create({"task_id": self.job.id, "name": "Filter"})
        self.assertSaved(self.entry("done", activity=planned.id))
        self.assertEqual((planned.state, planned.user_id), ("closed", self.technician))
        self.assertRefused(self.entry("done", activity=planned.id), "no longer planned")

    def test_planned_work_of_another_job_is_left_alone(self):
        other = self._create_job()
        planned = self.Activity.create({"task_id": other.id, "name": "Filter"})
        self.assertRefused(self.entry("done", activity=planned.id), "no longer planned")
        self.assertEqual(planned.state, "open")

    def test_work_orders_of_any_project_are_jobs(self):
        project = self.env["project.project"].create({"name": "Visits"})
        visit = self.env["project.task"].create(
            {"name": "Visit", "project_id": project.id, "is_work_order": True}
        )
        self.assertSaved(self.entry("part", visit, name="Rope", quantity=1))

    def test_a_part_in_words_waits_for_its_product(self):
        self.assertSaved(self.entry("part", name="Rope", quantity=3))
        part = self.job.intervention_ids
        self.assertEqual((part.name, part.product_id.id), ("Rope", False))

    def test_the_day_is_the_technicians(self):
        self.technician.tz = "Pacific/Auckland"
        self.assertSaved(
            self.entry("part", name="Rope", quantity=1, at="2027-03-14 12:00:00")
        )
        self.assertEqual(str(self.job.intervention_ids.date), "2027-03-15")

    def test_notes_are_text(self):
        self.assertSaved(self.entry("note", text="<script>alert(1)</script>\nDone"))
        message = self.job.message_ids[0]
        self.assertNotIn("<script>", message.body)
        self.assertEqual(message.author_id, self.technician.partner_id)

    def test_photos_are_files_of_the_job(self):
        image = draw("JPEG", mode="RGB")
        self.assertSaved(self.entry("photo", image=image))
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "project.task"), ("res_id", "=", self.job.id)]
        )
        self.assertEqual((file.mimetype, file.datas.decode()), ("image/jpeg", image))
        self.assertEqual(file.name, "Photo 2027-03-15 10.00.jpg")

    def test_a_checklist_of_another_job_is_left_alone(self):
        lines = self.env["postsale.checklist.line"].create(
            [
                {"task_id": self.job.id, "name": "Pressure"},
                {"task_id": self._create_job().id, "name": "Valve"},
            ]
        )
        self.assertSaved(self.entry("check", line=lines[0].id, done=True))
        self.assertRefused(
            self.entry("check", line=lines[1].id, done=True),
            "no longer on the checklist",
        )
        self.assertEqual(lines.mapped("done"), [True, False])

    def test_the_signature_has_a_name_and_a_time(self):
        self.assertSaved(self.entry("signature", name="Ann Alma", image=draw()))
        self.assertTrue(self.job.work_signature)
        self.assertEqual(self.job.work_signed_by, "Ann Alma")
        self.assertEqual(str(self.job.work_signed_on), "2027-03-15 09:00:00")

    def test_an_earlier_signature_stays_among_the_files(self):
        self.assertSaved(self.entry("signature", name="Ann", image=draw()))
        self.assertSaved(
            self.entry("signature", name="Bob", image=draw(size=(200, 100)))
        )
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "project.task"),
                ("res_id", "=", self.job.id),
                ("res_field", "=", False),
            ]
        )
        self.assertEqual(len(files), 2)

    def test_finish_closes_the_job_and_its_clock(self):
        self._start("2027-03-15 08:00:00")
        self.assertSaved(self.entry("finish"))
        self.assertEqual(self.job.state, "1_done")
        self.assertEqual(self.job.stage_id, self.stages[0])
        self.assertEqual(self.job.intervention_ids.duration, 1.0)

    def test_finish_moves_to_the_stage_of_the_project(self):
        self.project.finished_stage_id = self.stages[2]
        self.assertSaved(self.entry("finish"))
        self.assertEqual(self.job.state, "1_done")
        self.assertEqual(self.job.stage_id, self.stages[2])
