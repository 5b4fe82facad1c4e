"""Open opportunities in the forecast, for whoever may see them."""

from odoo.tests import tagged

from .test_enrolment import EnrolmentCommon


@tagged("post_install", "-at_install")
class TestPipelineForecast(EnrolmentCommon):
    def _get_rows(self, user=None):
        self.env.flush_all()
        rows = self.env["recurring.forecast"].with_user(user or self.clerk)
        rows = rows.with_context(allowed_company_ids=self.company.ids)
        return rows.search([("source", "=", "pipeline")])

    def _create_lead(self, **values):
        return self._create_card(
            **{
                "expected_revenue": 1000,
                "probability": 30,
                "date_deadline": "2027-06-10",
                **values,
            }
        )

    def test_an_opportunity_counts_with_its_probability(self):
        lead = self._create_lead()
        row = self._get_rows()
        self.assertEqual((row.lead_id, str(row.date)), (lead, "2027-06-10"))
        self.assertEqual((row.amount_untaxed, row.company_id), (300, self.company))
        self.assertEqual(row.user_id, lead.user_id)
        self.assertEqual(row.action_open_task()["res_model"], "crm.lead")

    def test_one_without_a_company_counts_for_the_open_one(self):
        lead = self._create_lead()
        lead.sudo().write({"team_id": False, "company_id": False})
        self.assertEqual(self._get_rows().company_id, self.company)

    def test_what_is_decided_or_forgotten_is_not_expected(self):
        self._create_lead(date_deadline=False)
        self._create_lead(date_deadline="2027-02-28")
        self._create_lead(date_deadline="2029-03-01")
        self._create_lead(expected_revenue=0)
        self._create_lead().action_set_won()
        self._create_lead().action_set_lost()
        self.assertFalse(self._get_rows())

    def test_a_deadline_of_this_month_that_has_passed_is_overdue(self):
        self._create_lead(date_deadline="2027-03-02")
        self.assertEqual(self._get_rows().status, "overdue")

    def test_who_may_not_see_opportunities_sees_none_here(self):
        self._create_lead()
        self.assertFalse(self._get_rows(self.biller))

    def test_by_product_too(self):
        self._create_lead()
        rows = self.env["recurring.forecast.line"].with_user(self.clerk)
        rows = rows.with_context(allowed_company_ids=self.company.ids)
        row = rows.search([("source", "=", "pipeline")])
        self.assertEqual((row.amount_untaxed, row.product_id.id), (300, False))
