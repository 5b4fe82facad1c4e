from odoo import api, models
from odoo.exceptions import AccessError


class EngineRowsMixin(models.AbstractModel):
    """Rows are facts, written by an engine: people change them through buttons only.

    A right to write that somebody grants by mistake changes nothing.
    """

    _name = "engine.rows.mixin"
    _description = "Rows written by an engine"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine()
        return super().create(vals_list)

    def write(self, vals):
        self._check_engine()
        return super().write(vals)

    def unlink(self):
        self._check_engine()
        return super().unlink()

    def _check_engine(self):
        if not self.env.su:
            raise AccessError(self._get_engine_message())

    @api.model
    def _get_engine_message(self):
        """TO OVERRIDE: who writes these rows, and what people do instead.

        :rtype: str
        """
        raise NotImplementedError
