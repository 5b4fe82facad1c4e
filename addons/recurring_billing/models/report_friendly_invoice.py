from odoo import models


class ReportFriendlyInvoice(models.AbstractModel):
    """Odoo finds the values of a report by its name: these are core's own."""

    _name = "report.recurring_billing.friendly_invoice"
    _inherit = "report.account.report_invoice_with_payments"
    _description = "Values of the friendly invoice"
