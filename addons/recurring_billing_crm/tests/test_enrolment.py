from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.recurring_billing.tests.payment_common import PaymentCommon


@tagged("post_install", "-at_install")
class EnrolmentCommon(PaymentCommon):
    """Diana's school: cards that move from *New* to *Enrolled* to *Paid*."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Stage = cls.env["crm.stage"]
        cls.stage_new = Stage.create({"name": "New", "sequence": 1})
        cls.stage_enrolled = Stage.create({"name": "Enrolled", "sequence": 2})
        cls.stage_paid = Stage.create({"name": "Paid", "sequence": 3})
        cls.team = cls.env["crm.team"].create(
            {"name": "School", "company_id": cls.company.id}
        )
        cls.rule = cls._create_rule(
            trigger="stage",
            stage_enrolled_id=cls.stage_enrolled.id,
            stage_paid_id=cls.stage_paid.id,
        )
        cls.clerk = cls._create_user(
            "clerk",
            "recurring_billing.group_billing,sales_team.group_sale_salesman_all_leads",
        )

    @classmethod
    def _create_card(cls, **values):
        """A card with all that is needed; a name of None leaves a value out."""
        return (
            cls.env["crm.lead"]
            .with_user(cls.salesperson)
            .create(
                {
                    "name": "First aid, Ana Pop",
                    "type": "opportunity",
                    "contact_name": "Ana Pop",
                    "email_from": "ana@example.com",
                    "street": "Strada Lunga 1",
                    "city": "Cluj",
                    "country_id": cls.env.ref("base.ro").id,
                    "stage_id": cls.stage_new.id,
                    "team_id": cls.team.id,
                    "company_id": cls.company.id,
                    "enrolment_template_id": cls.template.id,
                    **values,
                }
            )
        )

    def _enrol(self, **values):
        card = self._create_card(**values)
        card.stage_id = self.stage_enrolled
        return card


class TestEnrolment(EnrolmentCommon):
    """Moving the card makes the quotation and its pro-forma, and sends it."""

    def test_proforma_at_once(self):
        card = self._enrol()
        order = card.enrolment_order_id
        self.assertTrue(order.proforma_number)
        self.assertEqual(order.partner_id.name, "Ana Pop")
        self.assertEqual(order.amount_total, 1210.0)
        self.assertEqual(
            self._get_deliveries(order).email_to, '"Ana Pop" <ana@example.com>'
        )

    def test_moved_again(self):
        card = self._enrol()
        order = card.enrolment_order_id
        card.stage_id = self.stage_new
        card.stage_id = self.stage_enrolled
        self.assertEqual(card.enrolment_order_id, order)
        self.assertEqual(len(card.order_ids), 1)

    def test_created_at_the_stage(self):
        card = self._create_card(stage_id=self.stage_enrolled.id)
        self.assertTrue(card.proforma_number)

    def test_the_card_says_what_is_missing(self):
        card = self._create_card(street=False, email_from="nobody")
        self.assertEqual(card.enrolment_missing, "valid e-mail address, street")

    def test_a_card_that_lacks_something_stays(self):
        card = self._create_card(street=False, city=False)
        with self.assertRaisesRegex(UserError, "Missing: street, city"):
            card.stage_id = self.stage_enrolled

    def test_a_company_needs_its_tax_id(self):
        card = self._create_card(partner_name="Pop SRL")
        self.assertIn("tax ID", card.enrolment_missing)
        card.enrolment_vat = "RO14399840"
        self.assertFalse(card.enrolment_missing)

    def test_the_tax_id_reaches_the_customer(self):
        card = self._enrol(enrolment_vat="1790101410011")
        self.assertEqual(card.partner_id.vat, "1790101410011")

    def test_the_payer_gets_the_proforma(self):
        payer = self._create_customer(
            name="Employer",
            vat="RO14399840",
            street="Bd. 1",
            city="Cluj",
            country_id=self.env.ref("base.ro").id,
        )
        card = self._enrol(payer_id=payer.id)
        self.assertEqual(card.enrolment_order_id.partner_invoice_id, payer)
        self.assertEqual(
            self._get_deliveries(card.enrolment_order_id).partner_id, payer
        )

    def test_an_agreed_price(self):
        card = self._enrol(enrolment_price=800.0)
        self.assertEqual(card.enrolment_order_id.amount_untaxed, 800.0)

    def test_cards_of_other_templates_are_left_alone(self):
        other = self.template.copy()
        card = self._enrol(enrolment_template_id=other.id)
        self.assertFalse(card.enrolment_order_id)

    def test_cards_of_other_teams_are_left_alone(self):
        self.rule.crm_team_id = self.env["crm.team"].create({"name": "Other"})
        card = self._enrol()
        self.assertFalse(card.enrolment_order_id)

    def test_by_button(self):
        card = self._create_card()
        card.action_enrol()
        self.assertTrue(card.proforma_number)

    def test_nobody_writes_the_order(self):
        order = self._create_order()
        with self.assertRaises(AccessError):
            self._create_card(enrolment_order_id=order.id)

    def test_a_copied_card_is_not_enrolled(self):
        self.assertFalse(self._enrol().copy().enrolment_order_id)

    def test_a_rule_needs_its_stage(self):
        with self.assertRaisesRegex(ValidationError, "choose the stage"):
            self.rule.stage_enrolled_id = False

    def test_one_stage_cannot_be_both(self):
        with self.assertRaisesRegex(ValidationError, "two stages"):
            self.rule.stage_paid_id = self.stage_enrolled


class TestCardPaid(EnrolmentCommon):
    """The payment moves the card, and the moved card tells of the payment."""

    def test_the_card_moves(self):
        card = self._enrol()
        self._confirm(card.enrolment_order_id)
        self.assertEqual(card.stage_id, self.stage_paid)
        self.assertPaidOnce(card.enrolment_order_id)

    def test_moved_by_hand(self):
        card = self._enrol()
        card.with_user(self.clerk).stage_id = self.stage_paid
        self.assertPaidOnce(card.enrolment_order_id)
        self.assertEqual(len(card.enrolment_order_id.sudo().proforma_payment_ids), 1)

    def test_moving_takes_the_right_to_book(self):
        card = self._enrol()
        with self.assertRaises(AccessError):
            card.stage_id = self.stage_paid

    def test_moved_back_and_forth(self):
        card = self._enrol().with_user(self.clerk)
        card.stage_id = self.stage_paid
        card.stage_id = self.stage_enrolled
        card.stage_id = self.stage_paid
        self.assertPaidOnce(card.enrolment_order_id)

    def test_a_part_leaves_the_card_and_shows_what_is_missing(self):
        card = self._enrol()
        self._confirm(card.enrolment_order_id, amount=1000.0)
        self.assertEqual(card.stage_id, self.stage_enrolled)
        self.assertEqual(card.proforma_missing_amount, 210.0)
        self.assertNothingIssued(card.enrolment_order_id)

    def test_a_card_that_is_not_enrolled_only_moves(self):
        card = self._create_card()
        card.stage_id = self.stage_paid
        self.assertFalse(card.enrolment_order_id)

    def test_other_orders_of_the_card_do_not_move_it(self):
        card = self._enrol()
        other = self._create_order(opportunity_id=card.id)
        other.action_issue_proforma()
        self._confirm(other)
        self.assertEqual(card.stage_id, self.stage_enrolled)

    def test_rule_from_the_template_follows_the_order(self):
        card = self._enrol()
        self.assertEqual(card.enrolment_order_id.payment_automation_id, self.rule)


class TestInstalments(EnrolmentCommon):
    """The story of seed 004: three instalments, and the student who leaves."""

    def _enrol_and_pay(self):
        card = self._enrol(enrolment_instalments=3)
        self._confirm(card.enrolment_order_id)
        return card

    def test_the_proforma_asks_for_the_first(self):
        card = self._enrol(enrolment_instalments=3)
        self.assertEqual(card.proforma_amount, 403.33)

    def test_its_payment_makes_contract_and_first_invoice(self):
        card = self._enrol_and_pay()
        self.assertPaidOnce(card.enrolment_order_id)
        self.assertEqual(
            self._get_invoice(card.enrolment_order_id).amount_total, 403.33
        )
        self.assertEqual(card.stage_id, self.stage_paid)

    def test_the_others_come_monthly_and_make_the_whole(self):
        order = self._enrol_and_pay().enrolment_order_id
        self._run_cron("2027-04-15 10:00:00")
        self._run_cron("2027-05-15 10:00:00")
        self._run_cron("2027-06-15 10:00:00")
        invoices = order.sudo().invoice_ids.sorted("invoice_date")
        self.assertEqual(
            [str(day) for day in invoices.mapped("invoice_date")],
            ["2027-03-15", "2027-04-15", "2027-05-15"],
        )
        self.assertEqual(sum(invoices.mapped("amount_untaxed")), 1000.0)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_the_student_who_leaves(self):
        card = self._enrol_and_pay()
        self._run_cron("2027-04-15 10:00:00")
        action = card.with_user(self.clerk).action_leave_course()
        self.assertIn(
            "Not asked for any more: 1 instalments", action["params"]["message"]
        )
        self._run_cron("2027-05-15 10:00:00")
        self.assertEqual(len(card.enrolment_order_id.sudo().invoice_ids), 2)

    def test_the_contract_tells_the_terms(self):
        self.contract_template.body = (
            '<p><t t-out="object.instalments_text"/> from '
            '<t t-out="object.start_text"/></p>'
        )
        card = self._enrol(enrolment_instalments=3, enrolment_start_date="2027-04-01")
        self._confirm(card.enrolment_order_id)
        contract = card.enrolment_order_id.sudo().contract_document_ids
        self.assertIn("3 from 04/01/2027", contract.body)
