from odoo import fields, models


class RecapitulativeInvoiceWizard(models.TransientModel):
    _inherit = "recapitulative.invoice.wizard"

    picking_ids = fields.Many2many(
        comodel_name="stock.picking", string="Delivery Notes", readonly=True
    )

    def _get_sources(self):
        """Delivery notes that were chosen, and nothing else of their orders."""
        transfers = self.picking_ids._origin
        if not transfers:
            return super()._get_sources()
        orders = transfers.sudo().sale_id.with_env(self.env)
        sources = self.env["recapitulative.invoice"]._get_sources(orders)
        chosen = set(transfers)
        return {source: day for source, day in sources.items() if source in chosen}

    def _get_empty_texts(self, sources):
        texts = super()._get_empty_texts(sources)
        return texts + [
            self.env._(
                "Nothing is left to invoice of %s: delivered goods of a sales order.",
                transfer.name,
            )
            for transfer in self.picking_ids._origin
            if transfer not in set(sources)
        ]
