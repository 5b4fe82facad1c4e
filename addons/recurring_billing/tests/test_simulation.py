"""What would happen until a day: the run itself, of which nothing is kept."""

import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import recurring_simulation_playing_mixin as playing
from .common import RecurringCommon
from .reminder_common import ReminderCommon

#: What two documents need not have in common: they are made at different moments, and
#: numbers are given when documents are really issued.
OWN = {"id", "display_name", "name", "create_date", "write_date", "create_uid"}
OWN |= {
    "write_uid",
    "access_token",
    "access_url",
    "sequence_number",
    "made_sequence_hole",
}
OWN |= {"payment_reference", "move_name", "__last_update", "posted_before"}
#: Tables of the simulation itself, where the results are written.
RESULTS = "recurring_simulation%"


class SimulationCommon(RecurringCommon):
    """Simulations as a billing clerk makes them, and the real run on the same clock."""

    def _simulate(self, until, user=None, **scope):
        """A finished simulation.

        :param scope: e.g. ``task_id``; the company's by default
        """
        name = next(iter(scope), "company_id").removesuffix("_id")
        values = {key: record.id for key, record in scope.items()}
        simulation = (
            self.env["recurring.simulation"]
            .with_user(user or self.biller)
            .create({"scope": name, "date_until": until, **values})
        )
        self.env.flush_all()
        with self.enter_registry_test_mode():
            simulation.action_simulate()
        return simulation

    def assertShown(self, simulation, *expected, kind="document"):
        """The simulation shows these ``"<date> <state>"``."""
        rows = simulation.document_ids.filtered(lambda row: row.kind == kind)
        actual = sorted(f"{row.date} {row.state}" for row in rows)
        self.assertEqual(actual, list(expected), rows.mapped("message"))

    def _run_in_background(self):
        cron = self.env.ref("recurring_billing.ir_cron_simulate")
        with self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)


@tagged("post_install", "-at_install")
class TestSimulationEqualsRun(SimulationCommon):
    """P19: the documents of the simulation are those of the run, field by field."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nameless = cls._create_customer(name="Clara Cars", email=False)
        cls.colleague = cls._create_customer(name="Ada", parent_id=cls.customer.id)
        cls.lines = [
            {"display_type": "line_section", "name": "Service"},
            {"product_id": cls.product.id, "quantity": 3, "discount": 10},
            {
                "product_id": cls.other_product.id,
                "name": "Hosting {month} no. {number}",
            },
        ]

    def _get_facts(self, record):
        """All stored fields of a record and of its lines, without ids of their own."""
        names = [
            name
            for name, field in record._fields.items()
            if field.store and name not in OWN and field.type not in ("one2many",)
        ]
        facts = {name: str(record[name]) for name in names}
        links = {
            "line_ids": "account.move",
            "order_line": "sale.order",
        }
        for name, model in links.items():
            if record._name == model:
                facts[name] = [self._get_facts(line) for line in record[name]]
        for name in ("recurring_occurrence_id", "move_id", "order_id"):
            facts.pop(name, None)  # ids of rows that were made with it
        return facts

    def _watch(self, seen):
        """Note the facts of each document before it is rolled back."""
        Document = self.env.registry["recurring.simulation.document"]
        describe = Document._describe

        def note(model, rows):
            for row in rows.filtered("res_id"):
                key = row.partner_id.id, row.scheduled_date
                seen[key] = self._get_facts(row._get_document())
            return describe(model, rows)

        self.patch(Document, "_describe", note)

    def _check_kind(self, kind):
        task = self._start_task(
            customers=self.customer | self.nameless,
            lines=self.lines,
            document_type=kind,
            completion="send",
        )
        task.recipient_ids[0].contact_ids = self.colleague
        seen = {}
        self._watch(seen)
        simulation = self._simulate("2027-06-30", task_id=task)
        for day in ("2027-04-01", "2027-05-01", "2027-06-01"):
            self._run_cron(f"{day} 12:00:00")
        rows = self._get_rows(task)
        self.assertEqual(len(rows.filtered("res_id")), 6)
        shown = simulation.document_ids
        by_key = {(d.partner_id, d.scheduled_date): d for d in shown}
        self.assertEqual(len(by_key), len(rows))
        for row in rows:
            with self.subTest(kind=kind, row=row.display_name):
                document = row._get_document()
                self.assertEqual(
                    seen[row.partner_id.id, row.scheduled_date],
                    self._get_facts(document),
                )
                self._check_shown(by_key[row.partner_id, row.scheduled_date], row)

    def _check_shown(self, shown, row):
        document = row._get_document()
        self.assertEqual(shown.state, "issued")
        self.assertEqual(shown.date, row.document_date)
        self.assertEqual(shown.amount_untaxed, document.amount_untaxed)
        self.assertEqual(shown.amount_tax, document.amount_tax)
        self.assertEqual(shown.amount_total, document.amount_total)
        self.assertEqual(shown.currency_id, document.currency_id)
        mail = row.delivery_ids
        self.assertEqual(shown.email_to or "", mail.email_to or "")
        self.assertEqual(shown.email_cc or "", mail.email_cc or "")
        self.assertEqual(bool(shown.mail_warning), bool(mail.reason))
        self.assertEqual(
            [
                (line.name, line.quantity, line.price_subtotal)
                for line in shown.line_ids
            ],
            [
                (line["name"], line["quantity"], line["price_subtotal"])
                for line in row.task_id._get_handler()._describe_lines(document)
            ],
        )

    def test_invoices(self):
        self._check_kind("invoice")

    def test_orders(self):
        self._check_kind("order")

    def test_proformas(self):
        self._check_kind("proforma")


@tagged("post_install", "-at_install")
class TestSimulation(SimulationCommon):
    people = ("reader", "manager", "portal")

    def _get_traces(self):
        """Rows and content of every table but the results', and every number that a
        sequence would give next. Ids are no numbers: their sequences may move."""
        tables = self._query(
            "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r'"
            " AND c.relnamespace = current_schema::regnamespace"
            f" AND c.relname NOT LIKE '{RESULTS}' ORDER BY 1"
        )
        traces = {}
        for (name,) in tables:
            ((count, content),) = self._query(
                f'SELECT count(*), sum(hashtextextended(t::text, 0)) FROM "{name}" t'
            )
            traces[name] = count, content
        for (name,) in self._query(
            "SELECT sequencename FROM pg_sequences WHERE sequencename ~ "
            "'^ir_sequence_[0-9]+(_[0-9]+)?$'"
        ):
            traces[name] = self._query(f'SELECT last_value, is_called FROM "{name}"')
        return traces

    def _query(self, query):
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    def _start_kinds(self):
        return self.env["recurring.task"].union(
            *(
                self._start_task(document_type=kind, completion="send")
                for kind in ("invoice", "quotation", "order", "proforma")
            )
        )

    # === NO TRACE === #

    def test_nothing_is_left_behind(self):
        self._start_kinds()
        wrong = self._create_customer(name="Wrong")
        self._start_task(customers=wrong, payment_term_id=False)
        wrong.active = False
        self.env.flush_all()
        before = self._get_traces()
        simulation = self._simulate("2027-05-31")
        self.env.flush_all()
        after = self._get_traces()
        self.assertEqual(simulation.issued_count, 8)
        self.assertEqual(simulation.problem_count, 2)
        changed = {name for name in after if before.get(name) != after[name]}
        self.assertEqual(changed, set())
        self.assertEqual(set(before), set(after))

    def test_the_next_real_order_has_the_number_that_was_next(self):
        task = self._start_task(document_type="order")
        series = self.env["ir.sequence"].search([("code", "=", "sale.order")], limit=1)
        number = series.number_next_actual
        self._simulate("2027-05-31", task_id=task)
        self._run_cron("2027-04-01 12:00:00")
        self.assertIn(str(number), self._get_documents(task).name)

    def test_no_call_from_outside_starts_a_rehearsal(self):
        """The context is anybody's; the numbers it gave would be given twice."""
        series = self.env["ir.sequence"].create({"name": "Mine"})
        forged = series.with_context(recurring_simulation=True)
        self.assertEqual([forged.next_by_id() for _n in range(2)], ["1", "2"])
        self.assertEqual(series.next_by_id(), "3")

    def test_no_mail_leaves(self):
        task = self._start_task(completion="send")
        mails = self.env["mail.mail"].search_count([])
        sent = []
        self.patch(
            self.env.registry["mail.mail"],
            "_send",
            lambda *args, **kw: sent.append(args),
        )
        Handler = self.env.registry["recurring.document.invoice"]
        confirm = Handler._confirm_documents

        def confirm_and_mail(model, documents):
            confirm(model, documents)
            values = {"email_from": "b@example.com", "email_to": "a@example.com"}
            documents.env["mail.mail"].create(values).send()

        self.patch(Handler, "_confirm_documents", confirm_and_mail)
        self._simulate("2027-04-30", task_id=task)
        self.assertEqual(sent, [])
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_each_batch_is_rolled_back_before_the_next_one(self):
        """Whoever posts in the journal waits for one batch at most."""
        self.patch(
            self.env.registry["recurring.engine"], "_get_batch_size", lambda model: 2
        )
        task = self._start_task(customers=self._create_customers(5))
        open_documents = []
        Handler = self.env.registry["recurring.document.invoice"]
        confirm = Handler._confirm_documents

        def count(model, documents):
            confirm(model, documents)
            posted = [("recurring_task_id", "=", task.id), ("state", "=", "posted")]
            open_documents.append(model.env["account.move"].search_count(posted))

        self.patch(Handler, "_confirm_documents", count)
        simulation = self._simulate("2027-05-31", task_id=task)
        self.assertEqual(simulation.issued_count, 10)
        self.assertEqual(open_documents, [2, 2, 1] * 2)

    # === WHAT BECOMES OF THEM === #

    def test_every_date_until_the_day_is_shown(self):
        task = self._start_task()
        simulation = self._simulate("2027-06-01", task_id=task)
        self.assertEqual(simulation.state, "done")
        self.assertShown(
            simulation, "2027-04-01 issued", "2027-05-01 issued", "2027-06-01 issued"
        )
        self.assertIn("300.00", simulation.totals_text)
        self.assertIn("363.00", simulation.totals_text)

    def test_a_task_that_is_not_started_is_simulated_as_if_it_were(self):
        task = self._create_task()
        simulation = self._simulate("2027-05-15", task_id=task)
        self.assertShown(simulation, "2027-04-01 issued", "2027-05-01 issued")
        self.assertEqual(task.state, "draft")

    def test_a_task_that_cannot_be_started_is_told(self):
        task = self._create_task(date_start="2027-03-01")
        with self.assertRaisesRegex(UserError, "must be after today"):
            self._simulate("2027-05-15", task_id=task)

    def test_what_goes_wrong_is_shown_with_its_reason(self):
        task = self._start_task(customers=self.customer | self.other_customer)
        self.other_customer.active = False
        simulation = self._simulate("2027-04-30", task_id=task)
        self.assertShown(simulation, "2027-04-01 failed", "2027-04-01 issued")
        failed = simulation.document_ids.filtered(lambda row: row.state == "failed")
        self.assertIn("archived", failed.message)
        self.assertEqual(simulation.problem_count, 1)

    def test_a_customer_whose_document_fails_comes_up_again_with_the_next_one(self):
        task = self._start_task()
        self.customer.active = False
        simulation = self._simulate("2027-05-31", task_id=task)
        self.assertShown(simulation, "2027-04-01 failed", "2027-05-01 failed")

    def test_the_stop_of_runaways_works_as_in_the_run(self):
        """Compared with what the simulation itself has issued a month before."""
        task = self._start_task()
        self._run_cron("2027-04-01 12:00:00")
        task.line_ids.sudo().write({"quantity": 100})
        simulation = self._simulate("2027-05-31", task_id=task)
        self.assertShown(simulation, "2027-05-01 held")
        self.assertIn("Check prices", simulation.document_ids.message)

    def test_the_number_of_documents_is_kept(self):
        task = self._start_task(max_documents=2)
        simulation = self._simulate("2027-12-31", task_id=task)
        self.assertShown(simulation, "2027-04-01 issued", "2027-05-01 issued")

    def test_missed_dates_are_caught_up_today(self):
        task = self._start_task()
        self.clock.move_to("2027-06-10 10:00:00")
        simulation = self._simulate("2027-06-30", task_id=task)
        self.assertShown(
            simulation, *["2027-04-01 issued"], "2027-05-01 issued", "2027-06-01 issued"
        )

    def test_whom_it_would_be_mailed_to(self):
        without = self._create_customer(name="Nemo", email=False)
        task = self._start_task(customers=self.customer | without, completion="send")
        simulation = self._simulate("2027-04-30", task_id=task)
        first, second = simulation.document_ids.sorted("partner_id")
        self.assertIn("alma.books@example.com", first.email_to)
        self.assertTrue(first.mail_template)
        self.assertFalse(first.mail_warning)
        self.assertIn("no valid e-mail address", second.mail_warning)

    # === FOR WHOM === #

    def test_one_customer_of_a_task(self):
        task = self._start_task(customers=self.customer | self.other_customer)
        simulation = self._simulate("2027-04-30", recipient_id=task.recipient_ids[1])
        self.assertEqual(simulation.document_ids.partner_id, self.other_customer)

    def test_a_customer_on_all_tasks(self):
        for name in ("One", "Two"):
            self._start_task(self.customer | self.other_customer, name=name)
        simulation = self._simulate("2027-04-30", partner_id=self.customer)
        self.assertEqual(simulation.document_ids.partner_id, self.customer)
        self.assertEqual(simulation.document_ids.task_id.mapped("name"), ["One", "Two"])

    def test_a_simulation_is_its_own_users(self):
        simulation = self._simulate("2027-04-30", task_id=self._start_task())
        for record in (
            simulation,
            simulation.document_ids,
            simulation.document_ids.line_ids,
        ):
            self.assertTrue(record.has_access("read"))
            self.assertFalse(record.with_user(self.manager).has_access("read"))

    def test_who_may_not_bill_may_not_simulate(self):
        task = self._start_task()
        for user in (self.reader, self.portal):
            with self.assertRaises(AccessError):
                task.with_user(user).action_simulate()
            with self.assertRaises(AccessError):
                self._simulate("2027-04-30", user=user, task_id=task)

    def test_nobody_writes_results_or_simulates_for_another(self):
        simulation = self.env["recurring.simulation"].with_user(self.biller)
        values = {"date_until": "2027-04-30"}
        for forged in ({"state": "done"}, {"user_id": self.manager.id}):
            with self.assertRaises(UserError):
                simulation.create(values | forged)
        with self.assertRaises(UserError):
            simulation.create(values).write({"state": "waiting"})

    def test_nothing_of_another_company(self):
        other = self._create_billing_company(name="Other Co")
        env = self._get_company_env(other)
        task = env["recurring.task"].create(
            self._prepare_task(lines=[{"name": "Work", "price_unit": 1}])
            | {"company_id": other.id, "user_id": self.env.uid}
        )
        task.action_start()
        with self.assertRaises(UserError):
            self._simulate("2027-04-30", task_id=task)

    def test_too_far_ahead(self):
        task = self._start_task()
        for until in ("2027-03-14", "2029-03-16"):
            with self.assertRaises(UserError):
                self._simulate(until, task_id=task)

    # === MANY === #

    def test_many_are_simulated_in_the_background(self):
        self.patch(playing, "AT_ONCE", 3)
        task = self._start_task(customers=self._create_customers(2))
        simulation = self._simulate("2027-05-31", task_id=task)
        self.assertEqual(simulation.state, "waiting")
        self._run_in_background()
        self.assertEqual(simulation.state, "done")
        self.assertShown(
            simulation, *["2027-04-01 issued"] * 2, *["2027-05-01 issued"] * 2
        )

    def test_whoever_takes_over_goes_on_behind_the_last_batch(self):
        self.patch(playing, "AT_ONCE", 1)
        task = self._start_task(customers=self._create_customers(2))
        simulation = self._simulate("2027-05-31", task_id=task)
        performed = []
        Simulator = self.env.registry["recurring.simulator"]
        perform = Simulator._perform

        def once(model, script, rehearsal, batch):
            if len(performed) == 1:
                raise RuntimeError("killed")
            performed.append(rehearsal.now)
            return perform(model, script, rehearsal, batch)

        play = self.env["recurring.simulator"]._play(simulation.sudo())
        with self.enter_registry_test_mode():
            self.patch(Simulator, "_perform", once)
            with self.assertRaisesRegex(RuntimeError, "killed"):
                for shown in play:
                    simulation.sudo()._add_documents(shown)
            self.assertShown(simulation, *["2027-04-01 issued"] * 2)

        def perform_and_note(model, script, rehearsal, batch):
            performed.append(rehearsal.now)
            return perform(model, script, rehearsal, batch)

        self.patch(Simulator, "_perform", perform_and_note)
        self._run_in_background()
        self.assertEqual(len(performed), 2)
        self.assertShown(
            simulation, *["2027-04-01 issued"] * 2, *["2027-05-01 issued"] * 2
        )

    def test_cancelling_ends_it_after_the_batch(self):
        self.patch(playing, "AT_ONCE", 1)
        task = self._start_task(customers=self._create_customers(2))
        simulation = self._simulate("2027-05-31", task_id=task)
        add = self.env.registry["recurring.simulation"]._add_documents

        def add_and_cancel(record, shown):
            add(record, shown)
            record.state = "cancelled"

        self.patch(
            self.env.registry["recurring.simulation"], "_add_documents", add_and_cancel
        )
        self._run_in_background()
        self.assertEqual(simulation.state, "cancelled")
        self.assertShown(simulation, *["2027-04-01 issued"] * 2)

    # === IN EXCEL === #

    def test_in_excel(self):
        task = self._start_task(lines=[{"product_id": self.product.id, "name": "=1+1"}])
        simulation = self._simulate("2027-04-30", task_id=task)
        name, content = simulation._get_sheet()
        self.assertTrue(name.endswith(".xlsx"))
        book = openpyxl.load_workbook(io.BytesIO(content))
        documents, lines = book.worksheets
        self.assertEqual(documents.max_row, 2)
        row = [cell.value for cell in documents[2]]
        self.assertIn("Alma Books", row)
        self.assertIn(121, row)
        (cell,) = (cell for cell in lines[2] if cell.value == "=1+1")
        self.assertEqual(cell.data_type, "s")
        with self.assertRaises(AccessError):
            simulation.with_user(self.manager)._get_sheet()


@tagged("post_install", "-at_install")
class TestSimulatedReminders(SimulationCommon, ReminderCommon):
    def _get_shown(self, simulation):
        rows = simulation.document_ids.filtered(lambda row: row.kind == "reminder")
        return [(row.date, row.amount_total) for row in rows.sorted("date")]

    def test_reminders_are_those_of_the_run(self):
        invoice = self._create_invoice(days=1)
        self._start_task()
        simulation = self._simulate("2027-04-30")
        shown = self._get_shown(simulation)
        for days in (0, 2, 5, 14, 15, 24, 25, 46):
            self._remind(days)
            left = self._get_rows(invoice).filtered(lambda row: row.state == "queued")
            left.sudo().state = "sent"  # as the mail server would say
        dates = self._get_rows(invoice).sorted("date").mapped("date")
        self.assertEqual(shown, [(day, 100.0) for day in dates])
        self.assertEqual(len(shown), 3)

    def test_they_are_not_written_down(self):
        self._create_invoice(days=30)
        self._start_task()
        simulation = self._simulate("2027-04-30")
        self.assertEqual(len(self._get_shown(simulation)), 3)
        self.assertFalse(self.Reminder.search([("company_id", "=", self.company.id)]))

    def test_of_a_customer_or_a_task_alone(self):
        self._create_invoice(days=1)
        task = self._start_task(customers=self.other_customer)
        for scope in ({"task_id": task}, {"partner_id": self.other_customer}):
            simulation = self._simulate("2027-04-30", **scope)
            self.assertEqual(self._get_shown(simulation), [])

    def test_off_where_the_company_has_not_switched_them_on(self):
        self._create_invoice(days=1)
        self.company.reminder_from_date = False
        self._start_task()
        self.assertEqual(self._get_shown(self._simulate("2027-04-30")), [])


@tagged("post_install", "-at_install", "slow")
class TestSimulationBudget(SimulationCommon):
    #: Statements for each further document: those of the run, and reading the result.
    BUDGET = 8

    def _count(self, customers):
        task = self._start_task(customers=customers)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        simulation = self._simulate("2027-04-30", task_id=task)
        self.env.flush_all()
        self.assertEqual(simulation.issued_count, len(customers))
        return self.env.cr.sql_log_count - before

    def test_statements_for_each_further_document(self):
        customers = self._create_customers(110)
        self._count(customers[:2])  # caches of the server
        few = self._count(customers[:10])
        many = self._count(customers[10:])
        self.assertLessEqual((many - few) / 90, self.BUDGET)
