from odoo.tests import TransactionCase

APP = "leaving_app"


class UninstallCommon(TransactionCase):
    """An app that goes: a kind of document of its own, and fields on contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.registry.reset_changes)
        cls.app = cls.env["ir.module.module"].create(
            {"name": APP, "shortdesc": "Leaving App", "state": "installed"}
        )
        cls.model = cls.env["ir.model"].create(
            {
                "name": "Leaving Document",
                "model": "x_leaving",
            }
        )
        cls._add_field(cls.model, "x_contact_id", "many2one", relation="res.partner")
        cls._add_field(cls.model, "x_file", "binary")
        cls._own(cls.model)
        contact = cls.env["ir.model"]._get("res.partner")
        for name, kind in (
            ("x_nickname", "char"),
            ("x_is_loud", "boolean"),
            ("x_shoe_size", "integer"),
        ):
            cls._own(cls._add_field(contact, name, kind))
        cls._own(
            cls._add_field(
                contact, "x_friend_ids", "many2many", relation="res.partner.category"
            )
        )
        Contact = cls.env["res.partner"]
        cls.anna = Contact.create({"name": "Anna", "x_nickname": "Ann", "x_is_loud": 1})
        cls.bert = Contact.create({"name": "Bert", "x_nickname": "=1+1"})
        cls.carl = Contact.create({"name": "Carl", "x_shoe_size": 0})

    @classmethod
    def _add_field(cls, model, name, kind, **values):
        title = name.removeprefix("x_").replace("_", " ").title()
        return cls.env["ir.model.fields"].create(
            {
                "name": name,
                "model_id": model.id,
                "ttype": kind,
                "field_description": title,
                **values,
            }
        )

    @classmethod
    def _own(cls, record, app=APP):
        """Have the record belong to an app."""
        cls.env["ir.model.data"].create(
            {
                "module": app,
                "name": f"{record._table}_{record.id}",
                "model": record._name,
                "res_id": record.id,
            }
        )

    def _open_dialog(self, user=None):
        Dialog = self.env["base.module.uninstall"].with_user(user or self.env.user)
        return Dialog.create({"module_ids": self.app.ids})
