from odoo import Command, api, fields, models

#: Context key: we mail the delivery note, core's confirmation would be a second mail.
OWN_MAIL = "recurring_own_delivery_mail"


class StockPicking(models.Model):
    """A transfer of a recurring delivery note; the document of the ledger is its order,
    see ``recurring.document.delivery``."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "document.delivery.mixin", "friendly.transfer.mixin"]

    recurring_task_id = fields.Many2one(related="sale_id.recurring_task_id")

    @api.model
    def _get_delivery_notes(self, orders):
        """What the user may see of these orders' delivery notes, in one statement.

        :rtype: dict[sale.order, stock.picking]
        """
        if not orders or not self.has_access("read"):
            return {}
        transfers = self.search_fetch(
            fields.Domain("sale_id", "in", orders.ids)
            & fields.Domain("state", "not in", ("draft", "cancel"))
            & fields.Domain("location_dest_id.usage", "=", "customer"),
            # the company as well: the rule of the company is asked cell by cell
            ["name", "state", "sale_id", "company_id"],
            order="id",
        )
        return transfers.grouped("sale_id")

    def action_confirm(self):
        result = super().action_confirm()
        self.sudo().sale_id._revive_delivered()
        return result

    # === MAIL === #

    def message_post_with_source(self, source_ref, *args, **kwargs):
        if self.env.context.get(OWN_MAIL) and (
            source_ref == self.company_id.stock_mail_confirmation_template_id
        ):
            return self.env["mail.message"]
        return super().message_post_with_source(source_ref, *args, **kwargs)

    def _get_mailed_document(self):
        """Transfers of a recurring delivery note are mailed with their order."""
        order = self.sale_id
        return order if order and order._is_delivery_note() else self

    def _get_document_kind(self):
        self.ensure_one()
        return self.env["recurring.document.kind"]._get_by_code("delivery")

    def _search_mail_delivery_state(self, operator, value):
        own = super()._search_mail_delivery_state(operator, value)
        if own is NotImplemented:
            return own
        Order = self.env["sale.order"].sudo()
        notes = fields.Domain("recurring_occurrence_id.document_type", "=", "delivery")
        found = notes & fields.Domain("mail_delivery_state", operator, value)
        return fields.Domain("sale_id", "in", Order._search(found)) | (
            fields.Domain("sale_id", "not in", Order._search(notes)) & own
        )

    # === PRINTING === #

    def _get_report_lang(self):
        """The task may fix the language, as for every document."""
        return self.sudo().recurring_task_id.lang or super()._get_report_lang()

    def _get_document_lang(self):
        self.ensure_one()
        return self._get_report_lang()

    def _get_delivery_note_content(self):
        self.ensure_one()
        return self.env["delivery.note.content"]._get_content(self.sale_id, self)

    # === ACTIONS === #

    def action_recapitulative_invoice(self):
        """Open the dialogue for one invoice over these delivery notes."""
        Wizard = self.env["recapitulative.invoice.wizard"]
        Wizard.check_access("create")
        self.check_access("read")  # company walls
        return Wizard._open({"default_picking_ids": [Command.set(self.ids)]})

    def action_view_recurring_task(self):
        self.ensure_one()
        return self.recurring_task_id._get_records_action()
