from markupsafe import Markup

from odoo import api, fields, models


class BaseModuleUninstall(models.TransientModel):
    _inherit = "base.module.uninstall"

    lost_records = fields.Html(
        compute="_compute_losses",
        help="What goes beside the documents that core lists.",
    )
    lost_values = fields.Html(
        compute="_compute_losses", help="What goes from documents that stay."
    )
    consequences = fields.Html(
        compute="_compute_losses",
        help="What else happens, in the words of the apps that are concerned.",
    )

    @api.depends("module_ids")
    def _compute_losses(self):
        for wizard in self:
            names = wizard._get_modules().mapped("name")
            is_chosen = bool(wizard.module_ids)
            for name, describe in (
                ("lost_records", wizard._describe_records),
                ("lost_values", wizard._describe_values),
                ("consequences", wizard._describe_consequences),
            ):
                wizard[name] = is_chosen and self._make_list(describe(names))

    def _make_list(self, sentences):
        items = Markup().join(Markup("<li>%s</li>") % text for text in sentences)
        return items and Markup('<ul class="mb-0">%s</ul>') % items

    # === WHAT GOES === #

    def _describe_records(self, names):
        """How many records of which kind go; those that core lists are left out."""
        self.ensure_one()
        Loss = self.env["uninstall.loss"]
        # the dialog is not saved when it opens: its documents stand in for real ones
        others = Loss._get_models(names) - self.model_ids._origin
        counts = [(model.name, model.count) for model in others if model.count]
        counts += [
            (self.env["ir.model"]._get(records._name).name, len(records))
            for records in Loss._get_hanging(names)
        ]
        return [f"{name}: {count}" for name, count in counts]

    def _describe_values(self, names):
        """Documents that stay, with the fields they lose and how many have a value."""
        Loss = self.env["uninstall.loss"]
        found = []
        for model, lost in Loss._get_fields(names).items():
            if counts := Loss._count_values(model, lost):
                texts = [
                    f"{field._description_string(self.env)} ({count})"
                    for field, count in counts.items()
                ]
                title = self.env["ir.model"]._get(model).name
                found.append(f"{title}: {', '.join(texts)}")
        return sorted(found)

    def _describe_consequences(self, names):
        """What else happens when these apps go: sentences. To be extended.

        :param names: technical names of all apps that go
        """
        return []

    # === EXPORT === #

    def action_export(self):
        """Download what will be lost; the dialog stays open."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/uninstall_export/{self.id}",
            "target": "self",
        }

    def _write_export(self, stream):
        """Write a ZIP of everything that goes to a file that is open for bytes."""
        self.ensure_one()
        names = self._get_modules().mapped("name")
        self.env["uninstall.export"]._write(stream, names)
