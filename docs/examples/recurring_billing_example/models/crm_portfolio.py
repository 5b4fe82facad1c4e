from odoo import models


class CrmPortfolio(models.Model):
    """One more column in the Excel file of a portfolio, for information."""

    _inherit = "crm.portfolio"

    def _get_sheet_columns(self):
        return {**super()._get_sheet_columns(), "city": self.env._("City")}

    def _prepare_sheet_row(self, line, invoiced, addresses):
        values = super()._prepare_sheet_row(line, invoiced, addresses)
        return {**values, "city": line.partner_id.city}
