"""A fifth kind of document: one model and one line of selection, nothing else."""

from odoo import api, fields, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from .common import RecurringCommon


class RecurringContentMixin(models.AbstractModel):
    _module = "recurring_billing"
    _register = False
    _name = "recurring.content.mixin"
    _inherit = ["recurring.content.mixin"]

    document_type = fields.Selection(
        selection_add=[("partner", "Address Card")],
        ondelete={"partner": "cascade"},
    )


class RecurringDocumentPartner(models.AbstractModel):
    """Issues a partner for each customer: as far from an invoice as can be."""

    _module = "recurring_billing"
    _register = False
    _name = "recurring.document.partner"
    _inherit = ["recurring.document"]
    _description = "Test-only kind of document"

    @api.model
    def _get_document_model(self):
        return "res.partner"

    @api.model
    def _prepare_document(self, row, lines):
        texts = ", ".join(line["name"] for line in lines)
        return {"name": f"{row.partner_id.name}: {texts}", "ref": row.document_date}

    @api.model
    def _prepare_line(self, line, price):
        return {"price": price.price_unit}

    @api.model
    def _confirm_documents(self, documents):
        documents.write({"comment": "confirmed"})

    @api.model
    def _prepare_outcome(self, document):
        return {
            "res_model": document._name,
            "res_id": document.id,
            "document_name": document.name,
            "amount_untaxed": 1.0,
            "amount_total": 1.0,
            "currency_id": self.env.company.currency_id.id,
        }


@tagged("post_install", "-at_install", "alone")
class TestNewKind(RecurringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        registry = cls.env.registry
        touched = ("recurring.content.mixin", "recurring.document")
        saved = {name: registry[name]._base_classes__ for name in touched}
        children = registry["recurring.document"]._inherit_children

        def restore():
            for name, bases in saved.items():
                registry[name]._base_classes__ = bases
            children.discard(RecurringDocumentPartner._name)
            del registry[RecurringDocumentPartner._name]
            registry._setup_models__(cls.cr, list(touched))

        for definition in (RecurringContentMixin, RecurringDocumentPartner):
            add_to_registry(registry, definition)
        cls.addClassCleanup(restore)
        registry._setup_models__(cls.cr, list(touched))

    def test_it_runs_through_the_engine_unchanged(self):
        task = self._start_task(document_type="partner")
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, "2027-04-01 generated")
        card = self._get_rows(task)._get_document()
        self.assertEqual(card._name, "res.partner")
        self.assertEqual(card.name, "Alma Books: Support")
        self.assertIn("confirmed", card.comment)

    def test_it_is_in_the_report_with_its_label(self):
        task = self._start_task(document_type="partner")
        task.action_run_now()
        run = self._get_rows(task).run_id
        figures = self.env["recurring.run.report"]._get_figures(run, run.occurrence_ids)
        self.assertEqual(figures["totals"][0][0], "Address Card")

    def test_the_ledger_opens_it(self):
        task = self._start_task(document_type="partner")
        task.action_run_now()
        row = self._get_rows(task)
        self.assertEqual(row.action_open_document()["res_model"], "res.partner")
        self.assertFalse(row.move_id)
        self.assertFalse(row.sale_order_id)
