import base64
import csv
import io
import zipfile
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS
from odoo.tests import HttpCase, new_test_user, tagged

from .common import UninstallCommon

#: What every table begins with.
HEAD = {".id", "display_name"}


class ExportCommon(UninstallCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls.env["x_leaving"].create(
            {
                "x_name": "Paper",
                "x_contact_id": cls.anna.id,
                "x_file": base64.b64encode(b"drawn by hand"),
            }
        )

    def _export(self):
        stream = io.BytesIO()
        self._open_dialog()._write_export(stream)
        return zipfile.ZipFile(stream)

    def _read_table(self, archive, name):
        text = archive.read(name).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))


@tagged("post_install", "-at_install")
class TestUninstallExport(ExportCommon):
    def test_a_table_for_each_kind_of_document(self):
        names = self._export().namelist()
        self.assertIn("x_leaving.csv", names)
        self.assertIn("res.partner.csv", names)

    def test_documents_that_go_are_written_with_what_they_point_at(self):
        (row,) = self._read_table(self._export(), "x_leaving.csv")
        self.assertEqual(row[".id"], str(self.document.id))
        self.assertEqual(row["x_name"], "Paper")
        self.assertEqual(row["x_contact_id/.id"], str(self.anna.id))
        self.assertEqual(row["x_contact_id"], "Anna")

    def test_of_documents_that_stay_only_what_they_lose(self):
        rows = self._read_table(self._export(), "res.partner.csv")
        found = [row[".id"] for row in rows]
        self.assertEqual(found, [str(self.anna.id), str(self.bert.id)])
        self.assertEqual(set(rows[0]), {*HEAD, "x_is_loud", "x_nickname"})
        self.assertEqual(rows[0]["display_name"], "Anna")
        self.assertEqual(rows[0]["x_nickname"], "Ann")

    def test_text_is_no_formula(self):
        rows = self._read_table(self._export(), "res.partner.csv")
        self.assertEqual(rows[1]["x_nickname"], "'=1+1")
        Export = self.env["uninstall.export"]
        for text in ("=1", "+1", "-1", "@a", "\t=1", "\r=1"):
            self.assertEqual(Export._get_safe(text), f"'{text}")
        self.assertEqual(Export._get_safe(-1), -1)

    def test_names_of_others_are_no_formula(self):
        self.anna.name = "=cmd()"
        (row,) = self._read_table(self._export(), "x_leaving.csv")
        self.assertEqual(row["x_contact_id"], "'=cmd()")

    def test_files_are_written_beside_the_table(self):
        archive = self._export()
        (row,) = self._read_table(archive, "x_leaving.csv")
        self.assertEqual(archive.read(row["x_file"]), b"drawn by hand")

    def test_attached_files_are_written(self):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "a.txt",
                "raw": b"attached",
                "res_model": "x_leaving",
                "res_id": self.document.id,
            }
        )
        archive = self._export()
        (row,) = self._read_table(archive, "ir.attachment.csv")
        self.assertEqual(row["name"], "a.txt")
        name = f"files/ir.attachment/{attachment.id}.datas"
        self.assertEqual(archive.read(name), b"attached")

    def test_what_nobody_may_read_is_left_out(self):
        field = self.env["res.partner"]._fields["x_nickname"]
        with patch.object(field, "groups", NO_ACCESS):
            (row, *_others) = self._read_table(self._export(), "res.partner.csv")
        self.assertNotIn("x_nickname", row)

    def test_archived_records_are_written(self):
        self.bert.active = False
        rows = self._read_table(self._export(), "res.partner.csv")
        self.assertEqual(len(rows), 2)

    def test_more_records_than_are_read_at_a_time(self):
        self.env["x_leaving"].create([{"x_name": str(n)} for n in range(1, 6)])
        with patch("odoo.addons.uninstall_export.models.uninstall_export.BATCH", 2):
            rows = self._read_table(self._export(), "x_leaving.csv")
        self.assertEqual([r["x_name"] for r in rows], ["Paper", *"12345"])


@tagged("post_install", "-at_install")
class TestUninstallExportRights(ExportCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "leaving_clerk")
        cls.boss = new_test_user(cls.env, "leaving_boss", "base.group_system")

    def test_an_administrator_downloads_it(self):
        dialog = self._open_dialog(self.boss)
        self.authenticate("leaving_boss", "leaving_boss")
        answer = self.url_open(dialog.action_export()["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("leaving_app-", answer.headers["Content-Disposition"])
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        (row,) = self._read_table(archive, "x_leaving.csv")
        self.assertEqual(row["x_name"], "Paper")

    def test_nobody_else_downloads_it(self):
        url = self._open_dialog(self.boss).action_export()["url"]
        self.authenticate("leaving_clerk", "leaving_clerk")
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_nobody_downloads_it_without_login(self):
        url = self._open_dialog(self.boss).action_export()["url"]
        answer = self.url_open(url, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)

    def test_nobody_else_opens_the_dialog(self):
        with self.assertRaises(AccessError):
            self._open_dialog(self.clerk)
        dialog = self._open_dialog(self.boss)
        with self.assertRaises(AccessError):
            dialog.with_user(self.clerk).read(["lost_values"])
