from odoo import fields, models


class RecurringSimulationDocument(models.TransientModel):
    _inherit = "recurring.simulation.document"

    kind = fields.Selection(
        selection_add=[("renewal", "Contract renewal")],
        ondelete={"renewal": "cascade"},
    )
