from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleContractTemplate(models.Model):
    """The text of a contract, with placeholders, rendered by Odoo's own renderer.

    Whoever is not a *Mail Template Editor* may use the fields of the contract alone;
    other expressions are refused when the text is saved, as on mail templates.
    """

    _name = "sale.contract.template"
    _inherit = ["mail.render.mixin"]
    _description = "Contract Template"
    _order = "sequence, name, id"
    _check_company_auto = True

    # the text is checked when it is saved, see mail.render.mixin
    _unrestricted_rendering = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: for all companies.",
    )
    body = fields.Html(
        string="Text",
        render_engine="qweb",
        render_options={"post_process": True},
        translate=True,
        sanitize="email_outgoing",
        required=True,
    )
    report_id = fields.Many2one(
        comodel_name="ir.actions.report",
        string="Document Format",
        domain=[("model", "=", "sale.contract.document")],
        help="Empty: the company's usual layout.",
    )

    @api.constrains("report_id")
    def _check_report(self):
        for template in self:
            model = template.sudo().report_id.model
            if model and model != "sale.contract.document":
                raise ValidationError(
                    self.env._(
                        "%(template)s: the format “%(report)s” does not print "
                        "contracts. Choose another one or leave it empty.",
                        template=template.name,
                        report=template.sudo().report_id.name,
                    )
                )

    def _compute_render_model(self):
        self.render_model = "sale.contract.document"

    def action_preview(self):
        """Show the text as it would be for one of the orders."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "sale.contract.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_template_id": self.id},
        }
