"""The API inside one transaction: what its methods do, refuse and answer."""

import random
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.recurring_api_change_mixin import RecurringApiChangeMixin
from .common import RecurringCommon


class ApiCommon(RecurringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller.group_ids |= cls.quick_ref("base.group_partner_manager")
        cls.product.default_code = "SUP"
        cls._open_bank(cls.company)
        cls.key = 0

    def _call(self, method, user=None, **arguments):
        """A call with a key of its own, unless one is given."""
        if method.startswith(("create", "mark", "run", "confirm")):
            type(self).key += 1
            arguments.setdefault("idempotency_key", f"key {self.key}")
        api = self.env["recurring.api"].with_user(user or self.biller)
        return getattr(api, method)(**arguments)

    def _create_invoice(self, *lines, **arguments):
        lines = [*lines] or [{"product_code": "SUP"}]
        arguments.setdefault("partner_id", self.customer.id)
        return self._call("create_invoice", lines=lines, **arguments)

    def _get_move(self, answer):
        return self.env["account.move"].browse(answer["id"])


@tagged("post_install", "-at_install")
class TestApiOnce(ApiCommon):
    people = ("manager",)

    def _count(self):
        return self.env["account.move"].search_count([])

    def test_the_same_key_gives_the_first_answer(self):
        first = self._create_invoice(idempotency_key="A")
        count = self._count()
        self._get_move(first).ref = "changed since"
        self.assertEqual(self._create_invoice(idempotency_key="A"), first)
        self.assertEqual(self._count(), count)

    def test_the_same_key_for_something_else_is_refused(self):
        self._create_invoice(idempotency_key="A")
        with self.assertRaisesRegex(UserError, "Take a new key"):
            self._create_invoice(idempotency_key="A", reference="other")
        with self.assertRaisesRegex(UserError, "Take a new key"):
            self._call("create_customer", name="A", idempotency_key="A")

    def test_keys_belong_to_their_user(self):
        first = self._create_invoice(idempotency_key="A")
        other = self._create_invoice(idempotency_key="A", user=self.manager)
        self.assertNotEqual(first["id"], other["id"])

    def test_a_call_that_failed_leaves_its_key_free(self):
        with self.assertRaises(MissingError), self.cr.savepoint():
            self._create_invoice({"product_code": "?"}, idempotency_key="A")
        self.assertTrue(self._create_invoice(idempotency_key="A")["number"])

    def test_a_key_is_needed(self):
        for key in (None, "", "  ", 7, "x" * 201):
            with self.subTest(key), self.assertRaisesRegex(UserError, "of its own"):
                self._create_invoice(idempotency_key=key)

    def test_answers_are_forgotten_after_30_days(self):
        self._create_invoice(idempotency_key="A")
        calls = self.env["recurring.api.call"].sudo()
        for moment, kept in (("2027-04-13 10:00:00", 1), ("2027-04-15 10:00:00", 0)):
            self.clock.move_to(moment)
            calls._gc_old_calls()
            self.assertEqual(calls.search_count([("key", "=", "A")]), kept)


@tagged("post_install", "-at_install")
class TestApiInvoices(ApiCommon):
    def test_an_invoice_is_posted_with_prices_and_taxes_of_the_product(self):
        answer = self._create_invoice({"product_code": "SUP", "quantity": 2})
        self.assertEqual(answer["state"], "posted")
        self.assertTrue(answer["number"])
        self.assertEqual(answer["amount_untaxed"], 200)
        self.assertEqual(answer["amount_total"], 242)
        self.assertEqual(answer["lines"][0]["taxes"], ["VAT 21"])
        self.assertEqual(answer["invoice_date"], "2027-03-15")

    def test_what_is_given_is_kept(self):
        answer = self._create_invoice(
            {"name": "Work", "price_unit": 50, "discount": 10, "tax_ids": []},
            invoice_date="2027-02-01",
            due_date="2027-02-20",
            reference="PO 1",
            post=False,
        )
        self.assertEqual((answer["state"], answer["number"]), ("draft", ""))
        self.assertEqual((answer["amount_total"], answer["amount_tax"]), (45, 0))
        self.assertEqual(answer["due_date"], "2027-02-20")
        self.assertEqual(answer["reference"], "PO 1")

    def test_it_is_sent_on_request(self):
        move = self._get_move(self._create_invoice(send=True))
        self.assertEqual(move.mail_delivery_state, "queued")
        with self.assertRaisesRegex(UserError, "a draft is not sent"):
            self._create_invoice(send=True, post=False)

    def test_a_new_customer_comes_with_it(self):
        customer = {"name": "Carla", "email": "c@example.com", "country_code": "es"}
        answer = self._create_invoice(partner_id=None, customer=customer)
        partner = self.env["res.partner"].browse(answer["customer_id"])
        self.assertEqual((partner.name, partner.country_id.code), ("Carla", "ES"))

    def test_records_of_other_companies_do_not_exist(self):
        other = self._create_billing_company(name="Other Co")
        theirs = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaises(MissingError):
            self._create_invoice(partner_id=theirs.id)

    def test_a_payment_of_all_that_is_due(self):
        invoice = self._create_invoice()
        answer = self._call("mark_as_paid", number=invoice["number"], reference="T 1")
        self.assertEqual((answer["payment_state"], answer["amount_due"]), ("paid", 0))
        payment = self._get_move(invoice).matched_payment_ids
        self.assertEqual((payment.amount, payment.memo), (121, "T 1"))
        with self.assertRaisesRegex(UserError, "nothing is due"):
            self._call("mark_as_paid", number=invoice["number"])

    def test_a_payment_in_part_and_never_more_than_is_due(self):
        invoice = self._create_invoice()
        answer = self._call("mark_as_paid", invoice_id=invoice["id"], amount=21)
        self.assertEqual(
            (answer["payment_state"], answer["amount_due"]), ("partial", 100)
        )
        with self.assertRaisesRegex(UserError, "only 100.0 EUR are due"):
            self._call("mark_as_paid", invoice_id=invoice["id"], amount=100.01)

    def test_a_payment_of_a_draft_is_refused(self):
        invoice = self._create_invoice(post=False)
        with self.assertRaisesRegex(UserError, "nothing is due"):
            self._call("mark_as_paid", invoice_id=invoice["id"])


@tagged("post_install", "-at_install")
class TestApiCreditNotes(ApiCommon):
    def _credit(self, invoice, **arguments):
        return self._call(
            "create_credit_note", invoice_id=invoice["id"], reason="Late", **arguments
        )

    def test_a_whole_invoice(self):
        invoice = self._create_invoice()
        note = self._credit(invoice)
        self.assertEqual((note["kind"], note["state"]), ("credit_note", "posted"))
        self.assertEqual(note["amount_total"], 121)
        self.assertEqual(note["corrects_id"], invoice["id"])
        self.assertIn("Late", note["reference"])
        self.assertEqual(self._get_move(invoice).payment_state, "reversed")

    def test_lines(self):
        invoice = self._create_invoice()
        note = self._credit(invoice, lines=[{"product_code": "SUP", "price_unit": 10}])
        self.assertEqual(note["amount_total"], 12.1)
        self.assertEqual(self._get_move(invoice).amount_residual, 108.9)

    def test_any_amount_is_met_to_the_cent_and_shared_out_over_the_taxes(self):
        low = self._create_tax(name="VAT 4", amount=4)
        lines = [
            {"name": "A", "price_unit": 33.33, "tax_ids": [self.tax.id]},
            {"name": "B", "price_unit": 66.67, "tax_ids": [low.id]},
            {"name": "C", "price_unit": 0.99, "tax_ids": []},
        ]
        total = self._create_invoice(*lines)["amount_total"]
        chance = random.Random(5)
        for _turn in range(8):
            amount = round(chance.uniform(0.05, total), 2)
            with self.subTest(amount):
                note = self._credit(self._create_invoice(*lines), amount=amount)
                self.assertEqual(note["amount_total"], amount)
                move = self._get_move(note)
                self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0, 6)
        taxes = {tax for line in note["lines"] for tax in line["taxes"]}
        self.assertEqual(taxes, {"VAT 21", "VAT 4"})

    def test_never_more_than_was_billed_in_all(self):
        invoice = self._create_invoice()
        self._credit(invoice, amount=100)
        with self.assertRaisesRegex(UserError, "at most 21.0 EUR"), self.cr.savepoint():
            self._credit(invoice, amount=21.01)
        self._credit(invoice, amount=21)
        with self.assertRaisesRegex(UserError, "at most 0.0 EUR"):
            self._credit(invoice)

    def test_the_legal_reason_goes_along(self):
        invoice = self._create_invoice()
        note = self._credit(invoice, amount=10, reason_code="price")
        self.assertEqual(self._get_move(note).corrective_reason_code, "price")
        with self.assertRaisesRegex(UserError, "known are data, tax"):
            self._credit(invoice, amount=10, reason_code="x")

    def test_only_posted_invoices(self):
        with self.assertRaisesRegex(UserError, "nothing to credit"):
            self._credit(self._create_invoice(post=False))
        with self.assertRaisesRegex(UserError, "nothing to credit"):
            self._credit(self._credit(self._create_invoice()))


@tagged("post_install", "-at_install")
class TestApiTasks(ApiCommon):
    def test_run_pause_resume(self):
        task = self._start_task()
        status = self._call("task_status", task_id=task.id)
        self.assertEqual((status["state"], status["issued"]), ("running", 0))
        self.assertEqual(status["next_dates"][:2], ["2027-04-01", "2027-05-01"])
        run = self._call("run_task", task_id=task.id, idempotency_key="R")
        self.assertEqual((run["issued"], run["failed"]), (1, 0))
        self.assertEqual(run["documents"][0]["id"], self._get_documents(task).id)
        again = self._call("run_task", task_id=task.id, idempotency_key="R")
        self.assertEqual(again, run)
        for _twice in range(2):
            paused = self._call("pause_task", task_id=task.id)
            self.assertEqual(paused["state"], "paused")
        resumed = self._call("resume_task", task_id=task.id)
        self.assertEqual(resumed["state"], "running")


@tagged("post_install", "-at_install")
class TestApiRights(ApiCommon):
    """Every method that other programs can call, for everybody who may not."""

    people = ("stranger", "reader", "portal")
    READ = {"list_changes", "task_status"}
    CHANGE = {
        "create_customer",
        "create_proforma",
        "confirm_payment",
        "create_invoice",
        "create_credit_note",
        "mark_as_paid",
        "run_task",
        "pause_task",
        "resume_task",
    }
    ARGUMENTS = {
        "create_customer": {"name": "X"},
        "create_proforma": {"lines": [{"product_code": "SUP"}]},
        "create_invoice": {"lines": [{"product_code": "SUP"}]},
        "create_credit_note": {"reason": "X"},
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._start_task()

    def _get_methods(self):
        names = set()
        for part in type(self.env["recurring.api"]).mro():
            if "recurring_api" in part.__module__:
                names |= {
                    name
                    for name, value in vars(part).items()
                    if not name.startswith("_") and callable(value)
                }
        return names

    def _try(self, name, user):
        arguments = dict(self.ARGUMENTS.get(name, {}))
        if "task" in name:
            arguments["task_id"] = self.task.id
        return self._call(name, user=user, **arguments)

    def test_the_list_of_methods_is_reviewed(self):
        self.assertEqual(self._get_methods(), self.READ | self.CHANGE)

    def test_outsiders_call_nothing(self):
        for user in (self.stranger, self.portal):
            for name in sorted(self._get_methods()):
                with (
                    self.subTest(f"{user.login} {name}"),
                    self.assertRaises(AccessError),
                ):
                    self._try(name, user)

    def test_readers_change_nothing(self):
        for name in sorted(self.CHANGE):
            with self.subTest(name), self.assertRaises(AccessError):
                self._try(name, self.reader)
        self.assertEqual(self._try("task_status", self.reader)["state"], "running")

    def test_the_missing_right_is_named(self):
        with self.assertRaisesRegex(AccessError, "Recurring Billing.*Billing"):
            self._try("create_invoice", self.reader)

    def test_calls_are_written_by_the_api_alone(self):
        self._create_invoice(idempotency_key="A")
        calls = self.env["recurring.api.call"]
        call = calls.sudo().search([("key", "=", "A")])
        for user in (self.biller, self.reader, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                call.with_user(user).write({"answer": {}})
            with self.subTest(user.login), self.assertRaises(AccessError):
                call.with_user(user).read(["answer"])

    def test_a_company_that_is_not_the_users_is_refused(self):
        other = self._create_billing_company(name="Other Co")
        api = self.env["recurring.api"].with_user(self.biller)
        theirs = api.with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            theirs.create_customer(name="X", idempotency_key="X")


@tagged("post_install", "-at_install")
class TestApiChanges(ApiCommon):
    """Transactions themselves are in tests/test_api.py; here all counts as over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        real = RecurringApiChangeMixin._get_transactions

        def all_are_over(api):
            _settled, newest = real(api)
            return newest + 1000, newest + 1000

        patcher = patch.object(
            RecurringApiChangeMixin, "_get_transactions", all_are_over
        )
        patcher.start()
        cls.addClassCleanup(patcher.stop)

    def _list(self, cursor=None, **arguments):
        return self._call("list_changes", cursor=cursor, **arguments)

    def _get_told(self, answer):
        return [(change["model"], change["id"]) for change in answer["changes"]]

    def _get_end(self):
        cursor, more = None, True
        while more:
            answer = self._list(cursor, limit=1000)
            cursor, more = answer["cursor"], answer["more"]
        return cursor

    def test_what_was_made_is_told_as_it_is_now(self):
        invoice = self._create_invoice()
        note = self._call(
            "create_credit_note", invoice_id=invoice["id"], reason="X", amount=21
        )
        self._call("mark_as_paid", invoice_id=invoice["id"])
        answer = self._list(limit=1000)
        told = {(c["model"], c["id"]): c["record"] for c in answer["changes"]}
        self.assertEqual(told["invoice", invoice["id"]]["payment_state"], "paid")
        self.assertEqual(told["credit_note", note["id"]], note)
        (payment,) = [r for (kind, _id), r in told.items() if kind == "payment"]
        self.assertEqual(payment["amount"], 100)
        self.assertEqual(payment["invoice_ids"], [invoice["id"]])
        self.assertIn(("customer", self.customer.id), told)

    def test_kinds_are_chosen(self):
        self._create_invoice()
        answer = self._list(models=["invoice"])
        self.assertEqual({c["model"] for c in answer["changes"]}, {"invoice"})
        with self.assertRaisesRegex(UserError, "Known: customer, invoice"):
            self._list(models=["order"])

    def test_other_companies_are_not_told(self):
        other = self._create_billing_company(name="Other Co")
        move = self._get_company_env(other)["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [Command.create({"name": "X", "price_unit": 1})],
            }
        )
        self.biller.company_ids |= other
        told = self._get_told(self._list(models=["invoice"], limit=1000))
        self.assertNotIn(("invoice", move.id), told)

    def test_pages_hold_everything_once_and_in_order(self):
        made = [self._create_invoice()["id"] for _n in range(5)]
        whole = self._get_told(self._list(models=["customer", "invoice"], limit=1000))
        cursor, pages, more = None, [], True
        while more:
            answer = self._list(cursor, models=["customer", "invoice"], limit=2)
            pages += self._get_told(answer)
            cursor, more = answer["cursor"], answer["more"]
        self.assertEqual(pages, whole)
        self.assertEqual([i for kind, i in whole if kind == "invoice"], made)

    def test_wrong_limits_are_refused(self):
        for limit in (0, -1, "7", 2.5, None, True):
            with self.subTest(limit), self.assertRaisesRegex(UserError, "limit: "):
                self._list(limit=limit)

    def test_statements_do_not_grow_with_the_number_of_changes(self):
        for _n in range(100):
            self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [
                        Command.create({"product_id": self.product.id})
                    ],
                }
            )
        counts = []
        for limit in (10, 10, 100):
            with self.counting() as counted:
                answer = self._list(models=["invoice"], limit=limit)
            counts.append(counted.statements)
            self.assertEqual(len(answer["changes"]), limit)
        self.assertLessEqual(counts[2], counts[1] + 2)

    def test_transaction_numbers_of_the_round_before_are_older(self):
        api = self.env["recurring.api"]
        partner = self.customer
        self.env.flush_all()

        def number(newest):
            xid = api._get_xid("res.partner", newest)
            rows = self.env.execute_query(
                SQL("SELECT %s FROM res_partner WHERE id = %s", xid, partner.id)
            )
            return rows[0][0]

        self.env.cr.execute(
            "SELECT xmin::text::bigint FROM res_partner WHERE id = %s", [partner.id]
        )
        (low,) = self.env.cr.fetchone()
        self.assertEqual(number(low + 1), low)
        self.assertEqual(number(2**32 + low + 1), 2**32 + low)
        self.assertEqual(number(2**32 + low), low)
        self.assertEqual(number(2**33 + low - 5), 2**32 + low)
