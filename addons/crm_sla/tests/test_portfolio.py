"""What a portfolio holds: billing of customers, agents, states, filling in."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portfolio_common import PortfolioCommon


@tagged("post_install", "-at_install")
class TestPortfolioBilling(PortfolioCommon):
    def test_final_billing_is_what_was_invoiced_in_the_period(self):
        line = self._add_line(billing_initial=300)
        self._bill(self.alma, 500)
        self._bill(self.alma, 120, kind="out_refund")
        self._bill(self.alma, 1000, day="2026-12-31")  # before the period
        self._bill(self.borja, 70)
        line.invalidate_recordset()
        self.assertEqual(line.billing_final, 380)
        self.assertEqual(line.billing_difference, 80)

    def test_drafts_and_vendor_bills_do_not_count(self):
        line = self._add_line()
        self._bill(self.alma, 500).button_draft()
        line.invalidate_recordset()
        self.assertEqual(line.billing_final, 0)

    def test_invoices_of_contacts_count_for_their_company(self):
        line = self._add_line()
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.alma.id}
        )
        self._bill(contact, 90)
        line.invalidate_recordset()
        self.assertEqual(line.billing_final, 90)

    def test_invoices_of_other_companies_do_not_count(self):
        line = self._add_line()
        other = self.env["res.company"].create({"name": "Other Co"})
        self.env.user.company_ids |= other
        self._set_up_accounting(other)
        self._bill(self.alma, 1000, company_id=other.id)
        line.invalidate_recordset()
        self.assertEqual(line.billing_final, 0)

    def test_amounts_are_untaxed_in_the_currency_of_the_company(self):
        line = self._add_line()
        currency = self.env["res.currency"].create({"name": "TST", "symbol": "T"})
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "rate": 4,
                "name": "2027-01-01",
                "company_id": self.company.id,
            }
        )
        self._bill(self.alma, 400, currency_id=currency.id)
        line.invalidate_recordset()
        self.assertEqual(line.billing_final, 100)

    def test_an_uploaded_billing_counts_instead_also_when_it_is_zero(self):
        line = self._add_line(billing_initial=300, billing_uploaded=0.0)
        self._bill(self.alma, 500)
        line.invalidate_recordset()
        self.assertEqual(line.billing_final, 0)
        self.assertEqual(line.billing_difference, -300)
        line.billing_uploaded = False
        self.assertEqual(line.billing_final, 500)

    def test_lists_filters_and_pivots_agree_with_the_line(self):
        lines = self._add_line(billing_initial=300)
        lines |= self._add_line(self.borja, billing_initial=50, billing_uploaded=60.5)
        lines |= self._add_line(self.carla, billing_initial=10)
        self._bill(self.alma, 500)
        self.env.invalidate_all()
        Line = self.env["crm.portfolio.line"]
        own = [("portfolio_id", "=", self.portfolio.id)]
        for name in ("billing_invoiced", "billing_final", "billing_difference"):
            [[total]] = Line._read_group(own, aggregates=[f"{name}:sum"])
            self.assertEqual(float(total), sum(lines.mapped(name)))
            for operation in ("<", "<=", ">", ">=", "=", "!="):
                for amount in (0, 60.5, 200, 500):
                    domain = [(name, operation, amount)]
                    with self.subTest(domain=domain):
                        found = Line.search(own + domain)
                        expected = lines.filtered(
                            lambda line, n=name, o=operation, a=amount: {
                                "<": line[n] < a,
                                "<=": line[n] <= a,
                                ">": line[n] > a,
                                ">=": line[n] >= a,
                                "=": line[n] == a,
                                "!=": line[n] != a,
                            }[o]
                        )
                        self.assertEqual(found, expected.sorted("id") & found)
                        self.assertEqual(len(found), len(expected))
                        self.assertEqual(lines.filtered_domain(domain), expected)
        ordered = Line.search(own, order="billing_final desc")
        self.assertEqual(
            ordered.partner_id.ids, (self.alma + self.borja + self.carla).ids
        )
        self.assertFalse(Line.search([*own, ("billing_final", "=", False)]) - lines[2])

    def test_totals_of_the_portfolio(self):
        self._add_line(billing_initial=300, value_recommended=310)
        self._add_line(self.borja, billing_initial=50, billing_uploaded=60)
        self._bill(self.alma, 500)
        self.portfolio.invalidate_recordset()
        self.assertEqual(self.portfolio.line_count, 2)
        self.assertEqual(self.portfolio.billing_initial, 350)
        self.assertEqual(self.portfolio.value_recommended, 310)
        self.assertEqual(self.portfolio.billing_final, 560)
        self.assertEqual(self.portfolio.billing_difference, 210)

    def test_a_customer_stands_in_a_portfolio_only_once(self):
        self._add_line()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._add_line()

    def test_a_contact_is_no_customer_of_a_portfolio(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.alma.id}
        )
        with self.assertRaisesRegex(ValidationError, "put the customer"):
            self._add_line(contact)


@tagged("post_install", "-at_install")
class TestPortfolioAgent(PortfolioCommon):
    def test_the_custom_agent_goes_before_the_salesperson(self):
        self.alma.user_id = self.seller
        line = self._add_line()
        self.assertEqual(line.agent_id, self.seller)
        line.agent_custom_id = self.other_seller
        self.assertEqual(line.agent_id, self.other_seller)
        line.agent_custom_id = False
        self.assertEqual(line.agent_id, self.seller)

    def test_the_agent_follows_the_salesperson_of_the_customer(self):
        line = self._add_line()
        self.alma.user_id = self.seller
        self.assertEqual(line.agent_id, self.seller)

    def test_the_agent_of_a_closed_portfolio_stays(self):
        self.alma.user_id = self.seller
        line = self._add_line()
        self.portfolio.action_start()
        self.portfolio.action_close()
        self.alma.user_id = self.other_seller
        self.assertEqual(line.agent_id, self.seller)

    def test_only_active_internal_users_of_the_company_can_be_agents(self):
        other = self.env["res.company"].create({"name": "Other Co"})
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        stranger.write({"company_ids": other.ids, "company_id": other.id})
        archived = self._create_user("archived", "sales_team.group_sale_salesman")
        archived.active = False
        customers = self.alma, self.borja, self.carla
        users = self.portal, stranger, archived
        for user, customer in zip(users, customers, strict=True):
            with (
                self.subTest(user=user.login),
                self.assertRaisesRegex(ValidationError, "cannot be an agent"),
            ):
                self._add_line(customer, agent_custom_id=user.id)


@tagged("post_install", "-at_install")
class TestPortfolioState(PortfolioCommon):
    def test_nothing_of_a_closed_portfolio_changes(self):
        line = self._add_line()
        portfolio = self.portfolio.with_user(self.sales_manager)
        portfolio.action_start()
        portfolio.action_close()
        for change in (
            lambda: portfolio.write({"name": "Other"}),
            lambda: line.write({"billing_initial": 5}),
            lambda: line.unlink(),
            lambda: self._add_line(self.borja),
            lambda: portfolio.action_fill(),
            lambda: portfolio.action_upload(),
            lambda: portfolio.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "open it again first"):
                change()
        portfolio.action_reopen()
        line.billing_initial = 5

    def test_the_state_has_one_door(self):
        portfolio = self.portfolio.with_user(self.sales_manager)
        with self.assertRaises(AccessError):
            portfolio.state = "closed"
        with self.assertRaises(AccessError):
            portfolio.create({"name": "Other", "state": "closed"})
        other = portfolio.with_context(default_state="closed").create({"name": "Other"})
        self.assertEqual(other.state, "draft")
        with self.assertRaisesRegex(UserError, "cannot be done now"):
            portfolio.action_close()

    def test_a_company_with_customers_stays(self):
        self._add_line()
        other = self.env["res.company"].create({"name": "Other Co"})
        with self.assertRaisesRegex(UserError, "cannot change"):
            self.portfolio.company_id = other

    def test_the_reference_period_is_proposed_one_year_before(self):
        start, end = self.portfolio.reference_from, self.portfolio.reference_to
        self.assertEqual((str(start), str(end)), ("2026-01-01", "2026-12-31"))


@tagged("post_install", "-at_install")
class TestPortfolioFill(PortfolioCommon):
    def setUp(self):
        super().setUp()
        self._bill(self.alma, 1000, day="2026-05-05")
        self._bill(self.alma, 800, day="2025-05-05")
        self._bill(self.borja, 100, day="2026-12-31")
        self._bill(self.borja, 40, day="2026-12-31", kind="out_refund")

    def _fill(self, **values):
        wizard = self.env["crm.portfolio.fill"].with_user(self.sales_manager)
        wizard = wizard.create({"portfolio_id": self.portfolio.id, **values})
        wizard.action_fill()
        return {line.partner_id: line for line in self.portfolio.line_ids}

    def test_all_customers_with_invoices_of_the_reference_period(self):
        lines = self._fill()
        self.assertEqual(set(lines), {self.alma, self.borja})
        self.assertEqual(lines[self.alma].billing_initial, 1000)
        self.assertEqual(lines[self.borja].billing_initial, 60)
        self.assertEqual(lines[self.alma].value_recommended, 0)

    def test_recommended_value_by_percentage(self):
        self.portfolio.write({"value_rule": "percent", "value_percent": 110})
        self.assertEqual(self._fill()[self.alma].value_recommended, 1100)

    def test_recommended_value_by_trend(self):
        self.portfolio.value_rule = "trend"
        lines = self._fill()
        self.assertEqual(lines[self.alma].value_recommended, 1250)
        self.assertEqual(lines[self.borja].value_recommended, 60)

    def test_customers_of_salespeople_and_with_tags(self):
        self.carla.user_id = self.seller
        self.assertEqual(
            set(self._fill(source="salesperson", user_ids=self.seller.ids)),
            {self.carla},
        )
        tag = self.env["res.partner.category"].create({"name": "Key"})
        self.borja.category_id = tag
        self._fill(source="tag", category_ids=tag.ids)
        self.assertEqual(self.portfolio.line_ids.partner_id, self.borja + self.carla)

    def test_customers_by_a_filter(self):
        lines = self._fill(source="filter", partner_domain="[('ref', '=', 'C-1')]")
        self.assertEqual(set(lines), {self.alma})
        with self.assertRaisesRegex(UserError, "cannot be understood"):
            self._fill(source="filter", partner_domain="[('nothing', '=', 1)]")
        with self.assertRaisesRegex(UserError, "cannot be understood"):
            self._fill(source="filter", partner_domain="__import__('os')")

    def test_lines_that_are_there_stay_unless_they_are_asked_for(self):
        line = self._add_line(billing_initial=5, value_recommended=7)
        self._fill()
        self.assertEqual(line.billing_initial, 5)
        self._fill(is_anew=True)
        self.assertEqual((line.billing_initial, line.value_recommended), (1000, 7))

    def test_the_period_before_keeps_whole_months(self):
        before = self.portfolio._get_period_before
        dates = self.portfolio.reference_from, self.portfolio.reference_to
        self.assertEqual(
            [str(day) for day in before(*dates)], ["2025-01-01", "2025-12-31"]
        )
        start = self.portfolio.reference_from.replace(month=3)
        end = start.replace(day=10)
        self.assertEqual(
            [str(day) for day in before(start, end)], ["2026-02-19", "2026-02-28"]
        )
