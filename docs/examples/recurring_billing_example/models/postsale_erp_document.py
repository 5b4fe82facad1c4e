import json

from odoo import api, models

JSON_TYPE = "application/json"


class PostsaleErpDocument(models.AbstractModel):
    """Orders as JSON, for channels that want it so."""

    _inherit = "postsale.erp.document"

    @api.model
    def _export_orders(self, orders):
        channels = self.env["postsale.erp.channel"]._get_active(orders.company_id)
        ours = orders.filtered(lambda o: channels[o.company_id].body_format == "json")
        bodies = super()._export_orders(orders - ours)
        return bodies | {order: self._write_json(order.sudo()) for order in ours}

    @api.model
    def _make_cancellation(self, row, version):
        if row.attachment_id.mimetype != JSON_TYPE:
            return super()._make_cancellation(row, version)
        content = {"cancels": row.order_id.name, "version": version}
        return json.dumps(content).encode()

    @api.model
    def _write_json(self, order):
        """The same order gives the same bytes: that is how changes are seen."""
        lines = order.order_line.filtered(lambda line: not line.display_type)
        content = {
            "number": order.name,
            "customer": order.partner_id.ref or order.partner_id.name,
            "currency": order.currency_id.name,
            "lines": [
                {
                    "product": line.product_id.default_code or line.name,
                    "quantity": line.product_uom_qty,
                    "price": line.price_unit,
                }
                for line in lines
            ],
        }
        return json.dumps(content, sort_keys=True).encode()


class PostsaleErpTransmission(models.Model):
    _inherit = "postsale.erp.transmission"

    def _prepare_file(self, body):
        values = super()._prepare_file(body)
        if self.channel_id.body_format == "json":
            values["name"] = values["name"].replace(".xml", ".json")
            values["mimetype"] = JSON_TYPE
        return values


class PostsaleErpEngine(models.AbstractModel):
    _inherit = "postsale.erp.engine"

    @api.model
    def _get_headers(self, row):
        headers = super()._get_headers(row)
        if row.attachment_id.mimetype == JSON_TYPE:
            headers["Content-Type"] = JSON_TYPE
        return headers
