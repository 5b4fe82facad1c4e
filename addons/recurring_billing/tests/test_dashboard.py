"""The dashboard: figures that are links, for whoever works with recurring billing."""

import json

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import json_default

from .reminder_common import ReminderCommon


class DashboardCommon(ReminderCommon):
    people = ("stranger", "reader", "portal")

    def _get_dashboard(self, user=None, companies=None):
        companies = companies or self.company
        return (
            self.env["recurring.dashboard"]
            .with_user(user or self.biller)
            .with_context(allowed_company_ids=companies.ids)
        )

    def _get_figures(self, **values):
        groups = self._get_dashboard(**values).get_data()["groups"]
        return {f["key"]: f for group in groups for f in group["figures"]}

    def _get_values(self, *keys, **values):
        figures = self._get_figures(**values)
        return tuple(figures[key]["value"] for key in keys)

    def _count_behind(self, link, **values):
        """Records that the web client shows, after the way over the wire."""
        domain = json.loads(json.dumps(link["domain"], default=json_default))
        model = self._get_dashboard(**values).env[link["res_model"]]
        return model.search_count(domain)

    @classmethod
    def _create_delivery(cls, state, **values):
        return (
            cls.env["document.delivery"]
            .sudo()
            .create(
                {
                    "res_model": "res.partner",
                    "res_id": cls.customer.id,
                    "company_id": cls.company.id,
                    "state": state,
                    "address_key": f"{state} {values}",
                    **values,
                }
            )
        )

    @classmethod
    def _create_reminder(cls, invoice, state, level=None):
        return cls.Reminder.sudo().create(
            {
                "move_id": invoice.id,
                "level_id": (level or cls.first).id,
                "date": "2027-03-14",
                "state": state,
                "partner_id": invoice.partner_id.id,
                "company_id": invoice.company_id.id,
                "currency_id": invoice.currency_id.id,
            }
        )


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fill_ledger()
        cls._fill_deliveries()
        cls.overdue = cls._create_invoice(5)
        cls._create_invoice(-5)
        cls._create_reminder(cls.overdue, "sent")
        cls._create_reminder(cls.overdue, "queued", cls.second)
        cls._create_reminder(cls.overdue, "failed", cls.call)
        cls.env.invalidate_all()

    @classmethod
    def _fill_ledger(cls):
        """One document on 2 March, two today, one failed, one held, one due."""
        cls.clock.move_to("2027-03-02 08:00:00")
        early = cls._start_task(date_start="2027-04-01", name="Early")
        early.action_run_now()
        cls._start_task(date_start="2027-03-10", name="Missed")
        cls.clock.move_to("2027-03-15 10:00:00")
        gone = cls._create_customer(name="Gone")
        cls.task = cls._start_task(cls.customer | cls.other_customer | gone)
        gone.active = False
        cls.task.action_run_now()
        parked = cls._start_task(name="Parked")
        parked.action_run_now()
        row = parked.sudo().occurrence_ids
        row.move_id.button_cancel()
        row.write({"state": "held", "res_id": False})

    @classmethod
    def _fill_deliveries(cls):
        for state in ("held", "queued", "deferred", "refused", "no_address", "unknown"):
            cls._create_delivery(state)
        cls._create_delivery("sent", ask_acknowledgement=True)
        cls._create_delivery("cancelled")

    def _get_issued_row(self):
        rows = self.task.sudo().occurrence_ids
        return rows.filtered(lambda row: row.state == "generated")[0]

    def test_figures_count_what_is_there(self):
        values = {key: figure["value"] for key, figure in self._get_figures().items()}
        expected = {
            "due": 1,
            "issued_today": 2,
            "issued_month": 3,
            "failed": 1,
            "held": 1,
            "delivered": 1,
            "sending": 2,
            "approval": 1,
            "refused": 2,
            "unknown": 1,
            "unconfirmed": 1,
            "overdue": 2,
            "reminders_waiting": 1,
            "reminders_sent": 1,
            "reminders_failed": 1,
        }
        self.assertEqual({key: values[key] for key in expected}, expected)

    def test_the_records_behind_each_link_are_as_many(self):
        for key, figure in self._get_figures().items():
            with self.subTest(key):
                self.assertEqual(self._count_behind(figure["action"]), figure["value"])

    def test_links_show_lists_that_nothing_filters_further(self):
        for key, figure in self._get_figures().items():
            with self.subTest(key):
                self.assertEqual(figure["action"]["views"][0][1], "list")
                self.assertEqual(figure["action"]["context"], {"create": False})

    def test_amounts_are_those_of_invoices_without_taxes(self):
        figures = self._get_figures()
        self.assertEqual(figures["issued_today"]["amount"], 200.0)
        self.assertEqual(figures["issued_month"]["amount"], 300.0)
        self._get_issued_row().res_model = "res.partner"  # of another kind
        self.assertEqual(self._get_figures()["issued_today"]["amount"], 100.0)
        self.assertEqual(self._get_values("issued_today"), (2,))

    def test_only_what_is_overdue_is_added_up(self):
        # that of 2 March with its tax, and the one due five days ago
        self.assertEqual(self._get_figures()["overdue"]["amount"], 121.0 + 100.0)

    def test_today_is_that_of_the_company(self):
        row = self._get_issued_row()
        row.attempt_date = "2027-03-14 22:59:59"  # an hour to midnight in Madrid
        self.assertEqual(self._get_values("issued_today"), (1,))
        row.attempt_date = "2027-03-14 23:00:00"
        self.assertEqual(self._get_values("issued_today"), (2,))

    def test_what_was_sent_again_is_settled(self):
        refused = self._create_delivery("refused", subject="first")
        self.assertEqual(self._get_values("refused", "delivered"), (3, 1))
        again = self._create_delivery("sent", attempt_of_id=refused.id)
        self.assertEqual(self._get_values("refused", "delivered"), (2, 2))
        again.state = "cancelled"
        self.assertEqual(self._get_values("refused", "delivered"), (3, 1))

    def test_what_was_sent_long_ago_is_left_out(self):
        old = self._create_delivery("sent", subject="old")
        old.state_date = "2027-02-13 10:00:00"
        self.assertEqual(self._get_values("delivered"), (2,))
        old.state_date = "2027-02-13 09:59:59"
        self.assertEqual(self._get_values("delivered"), (1,))

    def test_what_has_not_left_is_never_too_old(self):
        old = self._create_delivery("held", subject="old")
        old.state_date = "2027-01-01 09:00:00"
        self.assertEqual(self._get_values("approval"), (2,))

    def test_reminders_are_left_out_while_they_are_off(self):
        self.company.reminder_from_date = False
        self.assertNotIn("reminders_sent", self._get_figures())

    def test_what_was_released_does_not_wait(self):
        row = self.env["recurring.occurrence"].search([("state", "=", "held")])
        row.sudo().release_run_id = row.run_id
        self.assertEqual(self._get_values("held"), (0,))

    def test_only_people_who_work_with_it_may_look(self):
        # whoever may read all that is counted is refused as well
        self.reader.group_ids |= self.env.ref("account.group_account_invoice")
        for role in self.people:
            dashboard = self._get_dashboard(getattr(self, role))
            for name in ("get_data", "get_chart"):
                with self.subTest(f"{role} {name}"), self.assertRaises(AccessError):
                    getattr(dashboard, name)()

    def test_the_first_day(self):
        fresh = self._create_billing_company(name="Fresh Co")
        self.assertTrue(self._get_dashboard().get_data()["has_tasks"])
        novice = new_test_user(
            self.env,
            "novice",
            groups="recurring_billing.group_billing",
            company_id=fresh.id,
            company_ids=[(6, 0, fresh.ids)],
        )
        data = self._get_dashboard(novice, fresh).get_data()
        self.assertFalse(data["has_tasks"])
        self.assertFalse(any(f["value"] for g in data["groups"] for f in g["figures"]))

    def test_the_number_of_queries_does_not_grow(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._get_dashboard().get_data()
            return self.cr.sql_log_count - before

        count()  # caches of the server
        few = count()
        customers = self._create_customers(10)
        for name in "abcdefghij":
            self._start_task(customers, name=name).action_run_now()
        self._create_invoices(customers, 5)
        self.assertEqual(self._get_values("issued_today", "overdue"), (102, 12))
        self.assertLessEqual(count(), few)


@tagged("post_install", "-at_install")
class TestDashboardOfCompanies(DashboardCommon):
    """Two companies with different currencies; rates: 2 dollars for a euro."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dollar = cls._enable_currency("USD")
        cls.other = cls._create_billing_company(
            name="Dollar Co", currency_id=dollar.id, reminder_from_date="2027-01-01"
        )
        cls.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": cls.company.id,
                "name": "2027-01-01",
                "rate": 2.0,
            }
        )
        cls._create_invoice(5)
        cls.biller.company_ids |= cls.other
        env = cls._get_company_env(cls.other)
        due = {"invoice_date": "2027-02-01", "invoice_date_due": "2027-03-01"}
        line = {"name": "Work", "price_unit": 60.0, "tax_ids": []}
        env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_line_ids": [(0, 0, line)],
                **due,
            }
        ).action_post()

    def _get_overdue(self, companies):
        figure = self._get_figures(companies=companies)["overdue"]
        self.assertEqual(
            self._count_behind(figure["action"], companies=companies), figure["value"]
        )
        return figure["value"], figure["amount"]

    def test_only_the_companies_that_were_chosen(self):
        self.assertEqual(self._get_overdue(self.company), (1, 100.0))
        self.assertEqual(self._get_overdue(self.other), (1, 60.0))

    def test_amounts_of_several_are_converted(self):
        self.assertEqual(self._get_overdue(self.company + self.other), (2, 130.0))
