"""Which jobs a technician sees, in which order, and what he is told of them."""

from odoo import Command

from .field_common import FieldCommon


class TestMyDay(FieldCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role = cls.env["project.role"].create(
            {"name": "Heating", "user_ids": [Command.link(cls.technician.id)]}
        )

    def _get_day(self):
        return self.MyDay.with_user(self.technician).get_day()

    def _get_jobs(self):
        return {job["id"]: job for job in self._get_day()["jobs"]}

    def test_overdue_first_then_today_then_the_coming_days(self):
        later = self._create_job(visit_date="2027-03-18")
        overdue = self._create_job(visit_date="2027-03-12")
        undated = self._create_job(visit_date=False)
        far = self._create_job(visit_date="2027-05-01")
        jobs = self._get_jobs()
        self.assertEqual(list(jobs), [overdue.id, self.job.id, later.id, undated.id])
        sections = [job["section"] for job in jobs.values()]
        self.assertEqual(sections, ["overdue", "today", "next", "undated"])
        self.assertNotIn(far.id, jobs)

    def test_a_ticket_without_a_visit_has_the_day_of_its_deadline(self):
        ticket = self._create_job(visit_date=False, date_deadline="2027-03-15 23:30:00")
        self.assertEqual(self._get_jobs()[ticket.id]["day"], "2027-03-16")

    def test_today_is_the_technicians(self):
        self.technician.tz = "Pacific/Auckland"
        self.clock.move_to("2027-03-15 20:00:00")
        self.assertEqual(self._get_day()["today"], "2027-03-16")
        self.assertEqual(self._get_jobs()[self.job.id]["section"], "overdue")

    def test_jobs_of_his_role_that_nobody_has_are_his(self):
        of_role = self._create_job(user_ids=False, work_role_id=self.role.id)
        taken = self._create_job(
            user_ids=[Command.link(self.clerk.id)], work_role_id=self.role.id
        )
        jobs = self._get_jobs()
        self.assertIn(of_role.id, jobs)
        self.assertNotIn(taken.id, jobs)

    def test_jobs_that_he_manages_are_his(self):
        managed = self._create_job(
            user_ids=False, managed_by_user_id=self.technician.id
        )
        self.assertIn(managed.id, self._get_jobs())

    def test_done_jobs_and_those_of_others_are_not_shown(self):
        self.job.state = "1_done"
        self._create_job(user_ids=[Command.link(self.clerk.id)])
        self.assertEqual(self._get_jobs(), {})

    def test_he_is_told_where_it_is_and_what_stands_there(self):
        self.customer.write(
            {"street": "Calle Mayor 1", "city": "Madrid", "phone": "+34 911 22 33 44"}
        )
        asset = self._create_asset(serial_no="X1", customer_location="Cellar")
        self.job.write(
            {"asset_ids": [Command.link(asset.id)], "visit_access_notes": "Code 12"}
        )
        job = self._get_jobs()[self.job.id]
        self.assertIn("Calle Mayor 1, Madrid", job["address"])
        self.assertEqual(
            (job["phone"], job["accessNotes"]), ("+34 911 22 33 44", "Code 12")
        )
        told = {"id": asset.id, "name": "Boiler", "serial": "X1", "place": "Cellar"}
        self.assertEqual(job["assets"], [told])

    def test_what_was_done_is_shown(self):
        self.assertSaved(
            self.entry("part", product=self.work.id, quantity=2),
            self.entry("start", at="2027-03-15 08:00:00"),
        )
        day = self._get_day()
        job = day["jobs"][0]
        self.assertEqual([part["quantity"] for part in job["parts"]], [2.0])
        self.assertEqual(day["running"]["task"], self.job.id)
        self.assertEqual(day["running"]["since"], "2027-03-15 08:00:00")

    def test_who_pays_is_proposed_by_the_contract(self):
        contract = self._create_contract()
        contract.sudo().write({"state": "active"})
        self.job.ticket_contract_id = contract
        covered = self.env.ref("postsale_contracts.condition_contract")
        self.assertEqual(self._get_jobs()[self.job.id]["conditionId"], covered.id)

    def test_parts_used_most_come_first_and_others_are_found(self):
        self._create_product("Filter", 5.0, barcode="84123")
        self.assertSaved(self.entry("part", product=self.work.id, quantity=1))
        self.assertEqual(self._get_day()["parts"][0]["id"], self.work.id)
        search = self.MyDay.with_user(self.technician).search_parts
        self.assertEqual([part["name"] for part in search("84123")], ["Filter"])
        self.assertEqual(search("  "), [])

    def test_jobs_of_other_companies_are_not_shown(self):
        other = self.env["res.company"].create({"name": "Other"})
        project = self.env["project.project"].create(
            {"name": "Theirs", "is_postsale": True, "company_id": other.id}
        )
        self._create_ticket(project_id=project.id, partner_id=False)
        self.assertEqual(list(self._get_jobs()), [self.job.id])
