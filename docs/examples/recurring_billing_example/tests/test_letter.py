"""A new kind of document, and what else can be said of it."""

from odoo.tests import tagged

from odoo.addons.recurring_billing.tests.common import RecurringCommon


@tagged("post_install", "-at_install")
class TestLetter(RecurringCommon):
    def _issue_letter(self):
        task = self._start_task(
            document_type="letter",
            lines=[{"name": "Our offices are closed in {month}."}],
        )
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, "2027-04-01 generated")
        return self._get_documents(task)

    def test_the_engine_issues_it(self):
        letter = self._issue_letter()
        self.assertEqual((letter._name, letter.state), ("example.letter", "ready"))
        self.assertEqual(letter.text, "Our offices are closed in April.")

    def test_a_cancelled_one_frees_its_period(self):
        letter = self._issue_letter()
        letter.action_cancel()
        self.assertEqual(letter.recurring_occurrence_id.state, "void")

    def test_the_dashboard_counts_it(self):
        self._issue_letter()
        dashboard = self.env["recurring.dashboard"].with_user(self.biller)
        groups = {group["key"]: group for group in dashboard._get_figure_groups()}
        (figure,) = groups["letters"]["figures"]
        self.assertEqual(figure["value"], 1)

    def test_the_watchdog_finds_a_forgotten_one(self):
        letter = self.env["example.letter"].create(
            {"name": "Hello", "partner_id": self.customer.id, "date": "2027-03-01"}
        )
        watchdog = self.env["recurring.watchdog"]
        texts = [f["text"] for f in watchdog._find_forgotten_letters(self.company)]
        self.assertEqual(texts, ["Letters that nobody has finished: 1."])
        letter.state = "ready"
        self.assertEqual(watchdog._find_forgotten_letters(self.company), [])

    def test_the_watchdog_looks_for_it(self):
        checks = self.env["recurring.watchdog"]._get_checks()
        self.assertIn("_find_forgotten_letters", checks)

    def test_the_api_writes_it_once(self):
        api = self.env["recurring.api"].with_user(self.biller)
        first, again = (
            api.create_letter(
                customer_id=self.customer.id, text="Hello", idempotency_key="letter-1"
            )
            for _call in range(2)
        )
        self.assertEqual(first, again)
        letter = self.env["example.letter"].browse(first["id"])
        self.assertEqual(letter.text, "Hello")
