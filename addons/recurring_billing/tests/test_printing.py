"""What stands on paper: the hour and the language; and who may look at it."""

import re

from odoo import Command
from odoo.tests import tagged

from .common import RecurringCommon

LAYOUTS = ("boxed", "standard", "striped", "bold", "bubble", "wave", "folder")


@tagged("post_install", "-at_install", "slow")
class TestPrinting(RecurringCommon):
    """The hour of a task is printed on every layout, in the language it fixes."""

    def _print(self, report, document, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.env.user)
        content, _kind = reports._render_qweb_html(report, document.ids)
        return content.decode()

    def _issue(self, **values):
        task = self._start_task(**values)
        task.action_run_now()
        return self._get_documents(task)

    def test_the_hour_is_printed_on_every_layout(self):
        invoice = self._issue(document_hour_set=True, document_hour=9.5)
        for layout in LAYOUTS:
            view = self.env.ref(f"web.external_layout_{layout}")
            self.company.external_report_layout_id = view
            with self.subTest(layout=layout):
                page = self._print("account.report_invoice", invoice)
                self.assertIn('name="document_hour"', page)
                self.assertIn("09:30", page)

    def test_midnight_is_an_hour_and_no_hour_is_none(self):
        midnight = self._issue(document_hour_set=True, document_hour=0)
        self.assertIn("00:00", self._print("account.report_invoice", midnight))
        without = self._issue(document_hour_set=False)
        page = self._print("account.report_invoice", without)
        self.assertNotIn('name="document_hour"', page)

    def test_quotations_and_pro_formas_carry_it_too(self):
        for kind, report in (
            ("quotation", "sale.report_saleorder"),
            ("proforma", "sale.report_saleorder_pro_forma"),
        ):
            with self.subTest(kind=kind):
                order = self._issue(
                    document_type=kind, document_hour_set=True, document_hour=16.25
                )
                self.assertIn("16:15", self._print(report, order))

    def test_a_fixed_language_rules_the_page(self):
        self.env["res.lang"]._activate_lang("es_ES")
        for kind, report in (
            ("invoice", "account.report_invoice"),
            ("order", "sale.report_saleorder"),
            ("proforma", "sale.report_saleorder_pro_forma"),
        ):
            with self.subTest(kind=kind):
                fixed = self._issue(document_type=kind, lang="es_ES")
                self.assertIn('data-oe-lang="es_ES"', self._print(report, fixed))
                free = self._issue(document_type=kind)
                self.assertIn('data-oe-lang="en_US"', self._print(report, free))

    def test_a_tax_has_its_name_in_the_language_of_each_page(self):
        self.env["res.lang"]._activate_lang("es_ES")
        tax = self.env["account.tax"].create({"name": "21% on services", "amount": 21})
        tax.with_context(lang="es_ES").name = "21% de servicios"
        self.product.taxes_id = tax
        for kind, report in (
            ("invoice", "account.report_invoice"),
            ("order", "sale.report_saleorder"),
        ):
            spanish = self._issue(document_type=kind, lang="es_ES")
            english = self._issue(document_type=kind)
            with self.subTest(kind=kind):
                self.assertIn("21% de servicios", self._print(report, spanish))
                # in the same transaction, as when many are sent
                self.assertIn("21% on services", self._print(report, english))

    def test_other_documents_keep_the_customers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.customer.lang = "es_ES"
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        page = self._print("sale.report_saleorder", order)
        self.assertIn('data-oe-lang="es_ES"', page)

    def test_whoever_prints_needs_no_access_to_tasks(self):
        invoice = self._issue(document_hour_set=True, document_hour=9.5)
        clerk = self._create_user("clerk", "account.group_account_invoice")
        page = self._print("account.report_invoice", invoice, clerk)
        self.assertIn("09:30", page)


@tagged("post_install", "-at_install")
class TestScreens(RecurringCommon):
    """The screens open for everybody who may see what they show."""

    people = ("reader",)

    def _read_form(self, record, user):
        """What the web client reads when the form is opened."""
        record = record.with_user(user)
        view = record.get_view(view_type="form")
        fields = set(re.findall(r'<field[^>]*?\bname="(\w+)"', view["arch"]))
        names = fields & set(view["models"][record._name]) & set(record._fields)
        return record.web_read({name: {} for name in names})

    def test_a_reader_opens_everything(self):
        task = self._start_task()
        task.action_run_now()
        rows = self._get_rows(task)
        for record in (task, task.recipient_ids, rows, rows.run_id):
            with self.subTest(model=record._name):
                self.assertTrue(self._read_form(record, self.reader))

    def test_an_accountant_without_the_app_opens_the_invoice(self):
        task = self._start_task()
        task.action_run_now()
        clerk = self._create_user("clerk", "account.group_account_invoice")
        invoice = self._get_documents(task)
        self.assertTrue(self._read_form(invoice, clerk))
        arch = invoice.with_user(clerk).get_view(view_type="form")["arch"]
        self.assertNotIn("recurring_task_id", arch)
        arch = invoice.with_user(self.biller).get_view(
            self.env.ref("account.view_move_form").id, "form"
        )["arch"]
        self.assertIn("recurring_task_id", arch)

    def test_the_run_shows_its_report(self):
        task = self._start_task()
        task.action_run_now()
        report = self._get_rows(task).run_id.with_user(self.reader).report_html
        self.assertIn("1 document issued", report)
        self.assertIn(self.customer.name, report)
        self.assertIn("/odoo/recurring-runs/", report)

    def test_the_report_escapes_what_people_typed(self):
        self.customer.name = "<script>alert(1)</script>"
        task = self._start_task()
        task.action_run_now()
        report = self._get_rows(task).run_id.report_html
        self.assertNotIn("<script", report)

    def test_the_ready_mark_says_why(self):
        task = self._create_task(completion="send")
        recipient = task.recipient_ids
        self.assertEqual(recipient.ready_text, "✓ Ready")
        self.customer.email = False
        self.assertIn("⚠ No valid e-mail address", recipient.ready_text)
        recipient.action_pause()
        self.assertEqual(recipient.ready_text, "Paused")

    def test_an_archived_contact_in_copy_is_noticed(self):
        task = self._create_task(completion="send")
        contact = self._create_customer(name="Ada", parent_id=self.customer.id)
        task.recipient_ids.contact_ids = contact
        self.assertTrue(task.recipient_ids.ready)
        contact.action_archive()
        self.assertIn("in copy is archived", task.recipient_ids.ready_text)

    def test_an_archived_colleague_in_copy_is_noticed_and_gets_nothing(self):
        task = self._create_task(
            completion="send", copy_user_ids=[Command.set(self.reader.ids)]
        )
        self.reader.action_archive()
        task.invalidate_recordset()
        recipient = task.recipient_ids
        self.assertIn("in copy is archived", recipient.ready_text)
        self.assertNotIn(self.reader.partner_id, recipient._get_copy_partners())

    def test_an_archived_contact_gets_nothing(self):
        contact = self._create_customer(name="Ada", parent_id=self.customer.id)
        task = self._create_task(completion="send")
        task.recipient_ids.contact_ids = contact
        contact.action_archive()
        task.action_start()
        task.action_run_now()
        delivery = self._get_rows(task).delivery_ids
        self.assertTrue(delivery.email_to)
        self.assertFalse(delivery.email_cc)
