from odoo import Command, api, models


class RecurringDocument(models.AbstractModel):
    """Documents of every kind are about the assets on the customer's line."""

    _inherit = "recurring.document"

    @api.model
    def _prepare_documents(self, rows):
        vals_list = super()._prepare_documents(rows)
        if "asset_ids" not in self.env[self._get_document_model()]:
            return vals_list  # a kind of another add-on
        for row, vals in zip(rows, vals_list, strict=True):
            if assets := row.recipient_id.asset_ids:
                vals["asset_ids"] = [Command.set(assets.ids)]
        return vals_list
