from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date


class RecurringDocument(models.AbstractModel):
    """A kind of document: how the engine makes it, whatever it is.

    A new kind is a model ``recurring.document.<type>`` that inherits this one, and
    a line ``document_type = fields.Selection(selection_add=[...])`` on
    ``recurring.content.mixin``. All methods work on batches.
    """

    _name = "recurring.document"
    _inherit = "recurring.document.lines.mixin"
    _description = "Kind of recurring document"

    @api.model
    def _get_handler(self, document_type):
        """The kind with this key; the one place where a key becomes a model."""
        return self.env[f"recurring.document.{document_type}"]

    # === TO IMPLEMENT === #

    @api.model
    def _get_document_model(self):
        """Name of the model whose records are the documents."""
        raise NotImplementedError

    @api.model
    def _prepare_document(self, row, lines):
        """Values of one document.

        :param row: its row of the ledger
        :param list lines: values of its lines, see :meth:`_prepare_line`
        """
        raise NotImplementedError

    @api.model
    def _prepare_line(self, line, price):
        """Values of one line.

        :param recurring.task.line line: the line of the task
        :param LinePrice price: what it costs this customer on this day
        """
        raise NotImplementedError

    @api.model
    def _confirm_documents(self, documents):
        """Make the documents valid, in one call."""
        raise NotImplementedError

    # === TO OVERRIDE === #

    @api.model
    def _create_documents(self, rows):
        """One document for each row, in the order of the rows."""
        return self.env[self._get_document_model()].create(
            self._prepare_documents(rows)
        )

    @api.model
    def _prepare_documents(self, rows):
        """Values of the documents, in the order of the rows."""
        lines = self._prepare_lines(rows)
        return [self._prepare_document(row, lines[row]) for row in rows]

    @api.model
    def _has_amount(self):
        """Whether the documents come to a sum of money.

        If not, they need no lines, and a total of zero is no mistake.
        """
        return True

    @api.model
    def _prepare_outcome(self, document):
        """What the ledger notes about a document."""
        return {
            "res_model": document._name,
            "res_id": document.id,
            "document_name": document.name or False,
            "amount_untaxed": document.amount_untaxed,
            "amount_total": document.amount_total,
            "currency_id": document.currency_id.id,
        }

    @api.model
    def _get_default_mail_template(self):
        """Template of the e-mail when the task names none."""
        return self.env["mail.template"]

    @api.model
    def _get_default_report(self):
        """Format of the document when neither task nor customer names one."""
        return self.env["ir.actions.report"]

    @api.model
    def _get_report(self, recipient):
        """Format that will be used: the task's, the customer's, the usual one."""
        return recipient.task_id.report_id or self._get_default_report()

    @api.model
    def _get_task_problems(self, task):
        """Further reasons why the task can issue nothing, for the ready check."""
        return []

    @api.model
    def _get_recipient_problems(self, recipient):
        """Further reasons why this customer can get nothing, for the ready check."""
        return []

    @api.model
    def _get_date_problems(self, task, day):
        """Reasons why no document of the task can be dated ``day``."""
        return []

    @api.model
    def _get_line_account(self, line, position):
        """The income account that a line of the document will have, if it has one.

        :param line: ``recurring.task.line``
        :param position: the customer's fiscal position
        """
        return self.env["account.account"]

    # === LINES === #

    @api.model
    def _prepare_lines(self, rows):
        """Line values by row.

        Prices and taxes are worked out once for all customers who share pricelist,
        fiscal position, currency and date; texts once for those who share language
        and period as well.
        """
        groups = defaultdict(lambda: self.env["recurring.occurrence"])
        for row in rows:
            groups[self._get_price_key(row)] += row
        names = self._get_line_names(rows)
        numbers = self._get_numbers(rows)
        result = {}
        for members in groups.values():
            prices = self.env["recurring.pricing"]._get_prices(members[0])
            for row in members:
                texts = self._get_line_texts(row) | numbers.get(row, {})
                result[row] = self._prepare_row_lines(row, prices, names, texts)
        return result

    @api.model
    def _get_price_key(self, row):
        """What makes the lines of two customers cost the same."""
        recipient = row.recipient_id
        return (
            row.task_id,
            recipient.pricelist_used_id,
            recipient.fiscal_position_used_id,
            row.document_date,
        )

    @api.model
    def _prepare_row_lines(self, row, prices, names, texts):
        lang = row.recipient_id.lang_used
        result = []
        for line in row.task_id.line_ids:
            values = self._prepare_line(line, prices[line])
            values["name"] = line._fill_in(names[line, lang], texts)
            result.append(values)
        return result

    @api.model
    def _get_line_names(self, rows):
        """Description of each line in each language: ``{(line, lang): text}``.

        A text that somebody typed stays as it is; the product's own text is taken in
        the customer's language, whatever language the task was written in.
        """
        langs = set(rows.recipient_id.mapped("lang_used"))
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        names = {}
        for line in rows.task_id.line_ids:
            product = line.product_id
            own = {
                lang: product.with_context(
                    lang=lang
                ).get_product_multiline_description_sale()
                for lang in {*installed, *langs}
                if product
            }
            for lang in langs:
                is_own = line.name in own.values()
                names[line, lang] = own[lang] if is_own else line.name
        return names

    @api.model
    def _get_line_texts(self, row):
        """Words in braces that a description may hold, in the customer's language."""
        env = self.env(context={**self.env.context, "lang": row.recipient_id.lang_used})
        return {
            "period_start": format_date(env, row.period_start),
            "period_end": format_date(env, row.period_end - timedelta(days=1)),
            "month": format_date(env, row.period_start, date_format="LLLL"),
            "year": str(row.period_start.year),
        }

    @api.model
    def _get_numbers(self, rows):
        """The word {number} by row, if any description holds it."""
        if not any("{number}" in (line.name or "") for line in rows.task_id.line_ids):
            return {}
        return {row: {"number": str(n)} for row, n in rows._get_numbers().items()}

    @api.model
    def _get_fiscal_position(self, recipient):
        """The task's fiscal position, else the customer's as core would choose it."""
        if position := recipient.task_id.fiscal_position_id:
            return position
        return (
            self.env["account.fiscal.position"]
            .with_company(recipient.company_id)
            ._get_fiscal_position(
                recipient.partner_invoice_id,
                delivery=recipient._get_delivery_address(),
            )
        )
