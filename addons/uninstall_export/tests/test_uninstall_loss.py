from unittest.mock import patch

from odoo.tests import Form, tagged

from .common import APP, UninstallCommon


@tagged("post_install", "-at_install")
class TestUninstallLoss(UninstallCommon):
    def _describe(self):
        return self._open_dialog()._describe_values([APP])

    def test_values_on_documents_that_stay_are_counted(self):
        self.assertEqual(self._describe(), ["Contact: Is Loud (1), Nickname (2)"])

    def test_links_are_counted_by_document(self):
        tags = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        self.carl.x_friend_ids = tags
        (sentence,) = self._describe()
        self.assertIn("Friend Ids (1)", sentence)

    def test_the_dialog_shows_them(self):
        shown = self._open_dialog().lost_values
        self.assertIn("<li>Contact: Is Loud (1), Nickname (2)</li>", shown)

    def test_nothing_is_shown_of_an_app_without_fields(self):
        app = self.env["ir.module.module"].create({"name": "x", "state": "installed"})
        dialog = self.env["base.module.uninstall"].create({"module_ids": app.ids})
        self.assertFalse(dialog.lost_values)
        self.assertFalse(dialog.consequences)

    def test_a_field_that_another_app_has_too_stays(self):
        field = self.env["ir.model.fields"]._get("res.partner", "x_nickname")
        self._own(field, "staying_app")
        self.assertEqual(self._describe(), ["Contact: Is Loud (1)"])

    def test_records_that_core_does_not_list_are_counted(self):
        self.env["x_leaving"].create([{}, {}])
        dialog = self._open_dialog()
        expected = [] if self.model in dialog.model_ids else ["Leaving Document: 2"]
        self.assertEqual(dialog._describe_records([APP]), expected)

    def test_records_that_core_lists_are_not_listed_twice(self):
        self.env["x_leaving"].create({})
        Dialog = self.env["base.module.uninstall"]
        with patch.object(type(Dialog), "_get_models", lambda _dialog: self.model):
            dialog = Form(Dialog.with_context(default_module_ids=self.app.ids))
            self.assertEqual(dialog.model_ids.ids, self.model.ids)
            self.assertFalse(dialog.lost_records)

    def test_files_of_documents_that_go_are_counted(self):
        document = self.env["x_leaving"].create({})
        self.env["ir.attachment"].create(
            {
                "name": "a.txt",
                "raw": b"a",
                "res_model": "x_leaving",
                "res_id": document.id,
            }
        )
        sentences = self._open_dialog()._describe_records([APP])
        self.assertIn("Attachment: 1", sentences)

    def test_one_statement_for_each_table(self):
        Loss = self.env["uninstall.loss"]
        ((model, fields),) = Loss._get_fields([APP]).items()
        self.assertEqual(len(fields), 4)
        self.env.flush_all()
        with self.assertQueryCount(1):
            Loss._count_values(model, fields)
