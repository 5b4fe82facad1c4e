"""Who may do what: a matrix over every model, role, operation and company."""

import inspect

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RecurringCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
#: What a role may do with the records of its own company.
FACTS = {"reader": "r", "biller": "r", "manager": "r"}
WORK = {"reader": "r", "biller": "rwcd", "manager": "rwcd"}
SETTINGS = {"reader": "r", "biller": "r", "manager": "rwcd"}
DIALOGUE = {"biller": "rwcd", "manager": "rwcd"}
#: What only managers change.
RULES = {"reader": "r", "biller": "r", "manager": "rwcd"}
#: What comes with access to invoices, which billing implies.
INVOICES = {"biller": "r", "manager": "r"}
MATRIX = {
    "recurring.task": WORK,
    "recurring.task.line": WORK,
    "recurring.task.recipient": WORK,
    "recurring.occurrence": FACTS,
    "recurring.run": FACTS,
    "document.delivery": FACTS,
    "account.used.balance": INVOICES,
    "payment.charge": FACTS,
    "payment.charge.consent": FACTS,
    "payment.reminder": FACTS,
    "payment.reminder.letter": FACTS,
    "payment.reminder.level": SETTINGS,
    "payment.reminder.ladder": SETTINGS,
    "payment.reminder.preview": DIALOGUE,
    "accountant.pack": DIALOGUE,
    "accountant.pack.document": {"biller": "r", "manager": "r"},
    "recurring.api.call": {"manager": "r"},
    "recurring.copy.release": {"manager": "rwcd"},
    "recurring.task.add.recipients": DIALOGUE,
    "document.send.again": DIALOGUE,
    "recurring.document.kind": {
        "stranger": "r",
        "reader": "r",
        "biller": "r",
        "manager": "rwc",
    },
    "res.partner.add.contact": {"stranger": "rwcd", "reader": "rwcd"} | DIALOGUE,
    "payment.automation": RULES,
    "payment.proposal": {"biller": "r", "manager": "r"},
    "sale.contract.document": FACTS,
    "sale.contract.preview": {"manager": "rwcd"},
    "sale.contract.template": RULES,
    "sale.history": FACTS,
    "sale.history.selection": {"reader": "rwcd"} | DIALOGUE,
    "sale.payment.confirmation": FACTS,
    "sale.payment.register": DIALOGUE,
    "recapitulative.month": FACTS,
    "recurring.forecast": FACTS,
    "recurring.forecast.line": FACTS,
    "recurring.forecast.price": FACTS,
    "recurring.forecast.baseline": FACTS,
    "recurring.forecast.actual": FACTS,
    "recapitulative.invoice.wizard": DIALOGUE,
    "recurring.simulation": DIALOGUE,
    "recurring.simulation.document": INVOICES,
    "recurring.simulation.line": INVOICES,
}
#: The same for all companies.
SHARED = {"recurring.document.kind"}
ROLES = ("portal", "stranger", "reader", "biller", "manager")
#: Public methods that change nothing; everything else is refused to readers.
READ_ONLY = {
    "preview_dates",
    "action_open",
    "action_open_document",
    "action_open_task",
    "action_view_documents",
    "action_view_problems",
    "action_view_not_ready",
    "action_view_recurring_task",
    "action_view_billing_task",
    "action_view_repeat_task",
    "action_view_origin",
    "action_view_deliveries",
    "action_add_recipients",
    "action_open_contract",
    "action_open_pdf",
    "action_preview",
    "action_view_orders",
    "get_progress",
    "mail_allowed_qweb_expressions",
}
#: Public names of the framework that we override.
FRAMEWORK = {
    "create",
    "write",
    "unlink",
    "copy_data",
    "default_get",
    "action_archive",
    "action_unarchive",
}


@tagged("post_install", "-at_install")
class TestAccessMatrix(RecurringCommon):
    people = ("portal", "stranger", "reader", "manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._create_billing_company(name="Other Co")
        cls.records = {
            "own": cls._create_records(cls.company),
            "other": cls._create_records(cls.other_company),
        }

    @classmethod
    def _create_records(cls, company):
        """One record of each model in this company."""
        env = cls._get_company_env(company)
        task = env["recurring.task"].create(
            {
                "name": "Contracts",
                "company_id": company.id,
                "date_start": "2027-04-01",
                "completion": "send",
                "line_ids": [Command.create({"name": "Work", "price_unit": 10})],
                "recipient_ids": [Command.create({"partner_id": cls.customer.id})],
            }
        )
        task.action_start()
        task.action_run_now()
        return {
            **cls._create_payment_records(env),
            **cls._create_reminder(task.occurrence_ids.move_id),
            **cls._create_charge(task.occurrence_ids.move_id),
            "recurring.task": task,
            "recurring.task.line": task.line_ids,
            "recurring.task.recipient": task.recipient_ids,
            "recurring.occurrence": task.occurrence_ids,
            "recurring.run": task.occurrence_ids.run_id,
            "document.delivery": task.occurrence_ids.delivery_ids,
            "account.used.balance": cls._create_used_balance(task.occurrence_ids),
            **cls._create_pack(env),
            **cls._create_forecast(env),
            "sale.history": env["sale.history"].search(
                [("move_id", "=", task.occurrence_ids.move_id.id)]
            ),
            "recapitulative.month": env["recapitulative.month"].create(
                {
                    "company_id": company.id,
                    "partner_id": cls.customer.id,
                    "month": "2027-03-01",
                    "state": "done",
                }
            ),
        }

    @classmethod
    def _create_payment_records(cls, env):
        """A paid pro-forma, and one that a bank transaction seems to pay."""
        journal = cls._open_bank(env.company)
        template = env["sale.contract.template"].create(
            {"name": "Contract", "body": "<p>Contract</p>"}
        )
        rule = env["payment.automation"].create(
            {"name": "Courses", "contract_template_id": template.id}
        )
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": cls.customer.id,
                    "payment_automation_id": rule.id,
                    "order_line": [
                        Command.create(
                            {"product_id": cls.product.id, "tax_ids": [Command.clear()]}
                        )
                    ],
                }
                for _number in range(2)
            ]
        )
        orders.action_issue_proforma()
        orders[0].action_confirm_payment()
        env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "amount": 1,
                "date": "2027-03-15",
                "payment_ref": orders[1].proforma_number,
            }
        )
        env.flush_all()
        return {
            "payment.automation": rule,
            "payment.proposal": env["payment.proposal"].search(
                [("order_id", "=", orders[1].id)]
            ),
            "sale.contract.document": orders.contract_document_ids,
            "sale.contract.template": template,
            "sale.payment.confirmation": orders.payment_confirmation_ids,
        }

    @classmethod
    def _create_reminder(cls, move):
        env = move.sudo().env
        ladder = env["payment.reminder.ladder"].create(
            {"name": "Patient", "company_id": move.company_id.id}
        )
        level = env["payment.reminder.level"].create(
            {
                "name": "Call",
                "ladder_id": ladder.id,
                "days_overdue": 9,
                "notify_user": True,
            }
        )
        common = {
            "date": "2027-03-15",
            "company_id": move.company_id.id,
            "partner_id": move.partner_id.id,
            "level_id": level.id,
        }
        letter = env["payment.reminder.letter"].create(
            {**common, "addressee_id": move.partner_id.id}
        )
        reminder = env["payment.reminder"].create(
            {
                **common,
                "move_id": move.id,
                "letter_id": letter.id,
                "currency_id": move.currency_id.id,
            }
        )
        return {
            record._name: record.with_env(move.env)
            for record in (ladder, level, letter, reminder)
        }

    @classmethod
    def _create_charge(cls, move):
        env = move.sudo().env
        provider = env["payment.provider"].create(
            {"name": "Card", "company_id": move.company_id.id}
        )
        methods = env["payment.method"].with_context(active_test=False)
        token = env["payment.token"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": methods.search([], limit=1).id,
                "partner_id": move.partner_id.id,
                "provider_ref": "1",
            }
        )
        consent = env["payment.charge.consent"]._give(token)
        charge = env["payment.charge"].create(
            {
                "move_id": move.id,
                "partner_id": move.commercial_partner_id.id,
                "company_id": move.company_id.id,
                "consent_id": consent.id,
                "date": "2027-03-15",
                "date_due": "2027-03-15",
                "amount": move.amount_total,
                "currency_id": move.currency_id.id,
                "state": "held",
            }
        )
        return {r._name: r.with_env(move.env) for r in (consent, charge)}

    @classmethod
    def _create_forecast(cls, env):
        """What is expected of the month, and of those after it."""
        prices = env["recurring.forecast.price"].sudo()
        prices._update(env["recurring.task.recipient"].search([]))
        baseline = env["recurring.forecast.baseline"].sudo()
        baseline._keep_month(env.company, fields.Date.to_date("2027-04-01"))
        names = ("", ".line", ".price", ".baseline", ".actual")
        own = [("company_id", "=", env.company.id)]
        return {
            f"recurring.forecast{name}": env[f"recurring.forecast{name}"].search(
                own, limit=1
            )
            for name in names
        }

    @classmethod
    def _create_pack(cls, env):
        """An accountant's pack, and the call of the API that might have made it."""
        pack = env["accountant.pack"].create({"period": "this_month"})
        env["accountant.pack.document"]._take_snapshot(pack)
        call = env["recurring.api.call"].sudo()
        values = {"user_id": env.uid, "company_id": env.company.id, "method": "x"}
        values |= {"key": env.company.name, "digest": "x", "date": "2027-03-15"}
        return {
            "accountant.pack": pack,
            "accountant.pack.document": pack.document_ids[:1],
            "recurring.api.call": call.create([values]),
        }

    @classmethod
    def _create_used_balance(cls, row):
        """What a credit note settled of the invoice issued."""
        row.move_id._reverse_moves([{"invoice_date": "2027-03-15"}], cancel=True)
        return row.env["account.used.balance"].search(
            [("move_id", "=", row.move_id.id)]
        )

    def _get_own_models(self):
        return {
            name
            for name, model in self.env.registry.items()
            if not model._abstract and model._original_module == "recurring_billing"
        }

    def test_every_model_has_a_row_in_the_matrix(self):
        self.assertEqual(self._get_own_models(), set(MATRIX))

    def test_every_model_has_a_record_in_each_company(self):
        stored = {m for m in MATRIX if not self.env[m]._transient} - SHARED
        for records in self.records.values():
            self.assertEqual(set(records), stored)
            self.assertTrue(all(records.values()))

    def test_each_role_may_do_what_the_matrix_says_and_nothing_else(self):
        for model, allowed in MATRIX.items():
            for role in ROLES:
                records = self.env[model].with_user(getattr(self, role))
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(
                            records.has_access(operation),
                            letter in allowed.get(role, ""),
                        )

    def test_in_ones_own_company(self):
        for model, record in self.records["own"].items():
            for role in ROLES:
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(
                            record.with_user(getattr(self, role)).has_access(operation),
                            letter in MATRIX[model].get(role, ""),
                        )

    def test_never_in_another_company(self):
        for model, record in self.records["other"].items():
            for role in ROLES:
                own = record.with_user(getattr(self, role)).with_context(
                    allowed_company_ids=self.company.ids
                )
                if own.browse().has_access("read"):
                    self.assertFalse(own.search([("id", "=", record.id)]))
                if model == "sale.history":  # its query holds the walls
                    self.assertFalse(own.exists())
                    continue
                for operation in OPERATIONS.values():
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertFalse(own.has_access(operation))


@tagged("post_install", "-at_install")
class TestButtons(RecurringCommon):
    """Every public method is refused to readers and outsiders, or is reviewed."""

    people = ("portal", "stranger", "reader")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._start_task(completion="send")
        cls.task.action_run_now()
        rows = cls.task.sudo().occurrence_ids
        payments = TestAccessMatrix._create_payment_records.__func__(cls, cls.env)
        cls.targets = [
            *payments.values(),
            payments["sale.payment.confirmation"].order_id,
            cls.task,
            cls.task.recipient_ids,
            cls.task.line_ids,
            rows,
            rows.run_id,
            rows.delivery_ids,
        ]

    @classmethod
    def _get_public_methods(cls, records):
        """Names that other programs can call, as far as they are ours."""
        names = set()
        for model_class in type(records).mro():
            if model_class.__module__.startswith("odoo.addons.recurring_billing"):
                names |= {
                    name
                    for name, value in vars(model_class).items()
                    if inspect.isfunction(value)
                    and not name.startswith("_")
                    and not getattr(value, "_api_private", False)
                }
        return names - FRAMEWORK

    def _get_changing_methods(self):
        for records in self.targets:
            for name in sorted(self._get_public_methods(records) - READ_ONLY):
                yield records, name

    def assertRefusedTo(self, user):
        for records, name in self._get_changing_methods():
            with (
                self.subTest(f"{records._name}.{name}"),
                self.assertRaises(AccessError),
            ):
                getattr(records.with_user(user), name)()

    def test_there_are_buttons_to_check(self):
        names = {name for _records, name in self._get_changing_methods()}
        self.assertLessEqual(
            {"action_start", "action_run_now", "action_retry", "action_reissue"}, names
        )

    def test_readers_press_no_button(self):
        self.assertRefusedTo(self.reader)

    def test_strangers_press_no_button(self):
        self.assertRefusedTo(self.stranger)

    def test_portal_users_press_no_button(self):
        self.assertRefusedTo(self.portal)

    def test_nor_does_a_biller_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        neighbour = self._create_user(
            "neighbour", "recurring_billing.group_billing", company=other
        )
        self.task.invalidate_recordset()
        for records, name in self._get_changing_methods():
            own = records.with_user(neighbour).with_context(
                allowed_company_ids=other.ids
            )
            with (
                self.subTest(f"{records._name}.{name}"),
                self.assertRaises(UserError),
            ):
                getattr(own, name)()

    def test_the_engine_cannot_be_called_by_other_programs(self):
        for name in (
            "recurring.engine",
            "recurring.planner",
            "recurring.pricing",
            "recurring.runaway",
            "recurring.ready.check",
            "recurring.run.report",
            "recurring.document.invoice",
            "recurring.document.order",
            "payment.reminder.planner",
            "payment.reminder.engine",
            "payment.reminder.call",
            "document.sender.reminder",
            "document.sender",
        ):
            self.assertFalse(self._get_public_methods(self.env[name]), name)

    def test_a_reader_sees_tasks_documents_and_runs(self):
        task = self.task.with_user(self.reader)
        self.assertEqual(task.document_count, 1)
        self.assertTrue(task.recipient_ids.ready)
        self.assertTrue(task.preview_dates())
        self.assertEqual(task.occurrence_ids.run_id.generated_count, 1)

    def test_readers_and_billers_can_read_every_field(self):
        for role in ("reader", "biller"):
            user = getattr(self, role)
            for records in self.targets:
                if "r" not in MATRIX.get(records._name, {}).get(role, ""):
                    continue
                own = records.with_user(user)
                own.invalidate_recordset()
                for name, field in own._fields.items():
                    with self.subTest(f"{user.login} {records._name}.{name}"):
                        if not field.groups:
                            self.assertIsNotNone(own.mapped(name))
