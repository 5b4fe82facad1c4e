from odoo import api, fields, models
from odoo.tools import SQL


class CrmPortfolioProgress(models.Model):
    """How far an upload has come, for whoever watches.

    A row of its own, written by a cursor of its own: the upload itself is written by
    the transaction that takes it over, which nobody can look into until it is through.
    """

    _name = "crm.portfolio.progress"
    _description = "Progress of an upload"

    # No foreign key: it would wait for the transaction that takes the file over.
    upload_id = fields.Integer(required=True)
    percent = fields.Float()

    _upload_once = models.UniqueIndex("(upload_id)")

    @api.model
    def _note(self, upload, percent):
        """Tell how far it is, at once, whatever becomes of the running transaction."""
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "INSERT INTO crm_portfolio_progress (upload_id, percent)"
                    " VALUES (%s, %s) ON CONFLICT (upload_id)"
                    " DO UPDATE SET percent = EXCLUDED.percent",
                    upload.id,
                    percent,
                )
            )

    @api.model
    def _sweep(self):
        """Forget uploads that are through."""
        open_uploads = self.env["crm.portfolio.upload"].search(
            [("state", "in", ("waiting", "running"))]
        )
        self.search([("upload_id", "not in", open_uploads.ids)]).unlink()
