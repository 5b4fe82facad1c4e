from odoo import models


class RestrictedCopyMixin(models.AbstractModel):
    """A record with fields that only some people see.

    Core's copy asks everybody for the right to read them; who copies the record leaves
    out what he may not see.
    """

    _name = "restricted.copy.mixin"
    _description = "Record copied without what the user may not see"

    def copy_data(self, default=None):
        default = default or {}
        hidden = self._get_hidden_names() - set(default)
        vals_list = super().copy_data({**default, **dict.fromkeys(hidden)})
        return [
            {name: value for name, value in vals.items() if name not in hidden}
            for vals in vals_list
        ]

    def copy_translations(self, new, excluded=()):
        excluded = {*excluded, *self._get_hidden_names()}
        return super().copy_translations(new, excluded=excluded)

    def _get_hidden_names(self):
        """Our fields that would be copied and that the user may not read."""
        return {
            name
            for name, field in self._fields.items()
            if field.copy
            and field.groups
            and field._module == "postsale_contracts"
            and not self._has_field_access(field, "read")
        }
