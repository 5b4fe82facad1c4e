from odoo import models


class BaseModuleUninstall(models.TransientModel):
    _inherit = "base.module.uninstall"

    def _describe_consequences(self, names):
        """Tasks whose kind of document goes, while recurring billing stays."""
        found = super()._describe_consequences(names)
        if "recurring_billing" in names:
            return found
        kinds = self._get_lost_kinds(names)
        running = (
            self.env["recurring.task"]
            .sudo()
            ._read_group(
                [("document_type", "in", list(kinds)), ("state", "=", "running")],
                ["document_type"],
                ["__count"],
            )
        )
        return found + [
            self.env._(
                "Recurring tasks that will pause, because the app goes that makes "
                "their documents (%(kind)s): %(count)s",
                kind=kinds[kind],
                count=count,
            )
            for kind, count in running
        ]

    def _get_lost_kinds(self, names):
        """Kinds of document that these apps brought, ``{value: label}``."""
        field = self.env["ir.model.fields"]._get("recurring.task", "document_type")
        owners = field.selection_ids._get_external_ids()
        return {
            choice.value: choice.name
            for choice in field.selection_ids
            if {xmlid.split(".")[0] for xmlid in owners[choice.id]} <= set(names)
        }
