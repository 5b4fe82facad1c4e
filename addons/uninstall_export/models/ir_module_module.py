from odoo import models
from odoo.tools import SQL

#: Parts of models that PostgreSQL deletes along with them, unseen by core.
PARTS = ("ir.model.inherit", "ir.model.fields.selection", "ir.model.constraint")


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def module_uninstall(self):
        """Core forgets rows about what it has just dropped: the foreign keys of
        columns, and names that other apps gave to parts of models that are gone."""
        result = super().module_uninstall()
        self.env.cr.execute(
            "DELETE FROM ir_model_constraint WHERE type = 'f' AND name NOT IN"
            " (SELECT conname FROM pg_constraint WHERE contype = 'f')"
        )
        for model in PARTS:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM ir_model_data WHERE model = %s"
                    " AND res_id NOT IN (SELECT id FROM %s)",
                    model,
                    SQL.identifier(model.replace(".", "_")),
                )
            )
        return result
