import io
import re
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export


@tagged("post_install", "-at_install")
class TestTranslationTemplates(TransactionCase):
    def test_templates_are_what_the_core_exports(self):
        """Otherwise: ./setup/i18n.sh. Texts of demo data are in the templates only."""
        for folder in self._get_addons():
            with self.subTest(addon=folder.name):
                template = self._read(folder)
                exported = self._export(folder.name)
                self.assertFalse(exported - template.keys(), "not in the template")
                demo = self._read_demo(folder)
                gone = [
                    text
                    for text in template.keys() - exported
                    if not all(self._get_name(one) in demo for one in template[text])
                ]
                self.assertFalse(gone, "in the template, but nowhere else")

    def _get_addons(self):
        """Folders of the installed add-ons that lie beside this one."""
        folder = Path(get_module_path("recurring_billing")).parent
        installed = self.env["ir.module.module"]._installed()
        return [
            path.parent
            for path in sorted(folder.glob("*/__manifest__.py"))
            if path.parent.name in installed
        ]

    def _read_demo(self, folder):
        """External ids of an add-on's demo data."""
        texts = [path.read_text() for path in folder.glob("demo/*.xml")]
        return set(re.findall(r'\bid="(\w+)"', "".join(texts)))

    def _get_name(self, occurrence):
        """Of ``model:project.task.type,name:crm_sla.stage_open`` the last name.

        Core names the template of a product after the product.
        """
        return occurrence[0].rpartition(".")[2].removesuffix("_product_template")

    def _read(self, folder):
        """Texts of a template, each with its places."""
        path = folder / "i18n" / f"{folder.name}.pot"
        if not path.exists():
            return {}
        return {entry.msgid: entry.occurrences for entry in polib.pofile(str(path))}

    def _export(self, addon):
        buffer = io.BytesIO()
        trans_export(None, [addon], buffer, "po", self.env)
        return {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
