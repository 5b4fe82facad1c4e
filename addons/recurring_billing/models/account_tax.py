from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.depends_context("lang")
    def _compute_tax_label(self):
        """The name of a tax on documents, in the language of the context.

        Core computes it once a transaction: of customers with several languages whose
        documents are printed together, the first one's would stand on all of them.
        """
        return super()._compute_tax_label()
