"""An installation leaves rows of core's tables as they are: no field of ours there is
filled in by itself. ``tests/release/test_install_in_use.py`` measures it."""

import importlib.metadata
import sys
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

OURS = "Recurring Suite founders"


@tagged("post_install", "-at_install")
class TestInstallInUse(TransactionCase):
    def test_columns_on_tables_of_core_are_not_filled_in(self):
        ours = set(
            self.env["ir.module.module"].search([("author", "=", OURS)]).mapped("name")
        )
        looked_at, filled = 0, []
        for model in self.registry.values():
            if not model._auto or model._abstract or model._transient:
                continue
            if model._original_module in ours:
                continue
            for field in model._fields.values():
                if field._module in ours and field.store and field.column_type:
                    looked_at += 1
                    if field.compute or field.default or field.required:
                        filled.append(str(field))
        self.assertGreater(looked_at, 50)
        self.assertEqual(filled, [])

    def test_a_missing_library_is_named_in_one_sentence(self):
        known = importlib.metadata.version

        def look_up(name):
            if name == "num2words":
                raise importlib.metadata.PackageNotFoundError(name)
            return known(name)

        with (
            patch("importlib.metadata.version", look_up),
            patch.dict(sys.modules, {"num2words": None}),
            self.assertRaisesRegex(UserError, "dependency is not met: num2words"),
        ):
            self.env["ir.module.module"].check_external_dependencies(
                "recurring_billing"
            )
