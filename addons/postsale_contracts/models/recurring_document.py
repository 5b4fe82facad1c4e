from odoo import Command, api, models


class RecurringDocument(models.AbstractModel):
    """What contracts and assets add to documents of every kind."""

    _inherit = "recurring.document"

    @api.model
    def _get_price_key(self, row):
        """Periods of a contract may cost different amounts."""
        key = super()._get_price_key(row)
        return (*key, row.period_start) if row.task_id.postsale_contract_id else key

    @api.model
    def _prepare_documents(self, rows):
        """They are about the assets on the customer's line."""
        vals_list = super()._prepare_documents(rows)
        if "asset_ids" not in self.env[self._get_document_model()]:
            return vals_list  # a kind of another add-on
        for row, vals in zip(rows, vals_list, strict=True):
            if assets := row.recipient_id.asset_ids:
                vals["asset_ids"] = [Command.set(assets.ids)]
        return vals_list
