"""Hostile files: a clear message that names the cell, nothing changed, in no time."""

import time

from odoo.tests import tagged

from . import hostile_files
from .test_portfolio_upload import UploadCommon

#: Seconds of the processor that a file may take, whatever it is.
LONGEST = 10


@tagged("post_install", "-at_install")
class TestHostileFiles(UploadCommon):
    def setUp(self):
        super().setUp()
        self._add_line(billing_initial=11, billing_uploaded=12)
        self.before = self._get_values()

    def _check_refused(self, files):
        for name, (content, message) in files.items():
            with self.subTest(name):
                start = time.thread_time()
                upload = self._upload(content)
                spent = time.thread_time() - start
                self.assertEqual(upload.state, "refused")
                self.assertRegex(upload.message, message)
                self.assertIn("Nothing was changed", upload.message)
                self.assertEqual(self._get_values(), self.before)
                self.assertLess(spent, LONGEST)

    def test_containers(self):
        self._check_refused(hostile_files.get_containers())

    def test_lists(self):
        self._check_refused(hostile_files.get_lists())

    def test_sheets(self):
        self._check_refused(hostile_files.get_sheets())

    def test_amounts(self):
        self._check_refused(hostile_files.get_amounts())

    def test_names(self):
        self._check_refused(hostile_files.get_names())

    def test_good_files_are_read(self):
        line = self.portfolio.line_ids
        for name, content in hostile_files.get_good().items():
            with self.subTest(name):
                line.write({"billing_initial": 11, "agent_custom_id": False})
                upload = self._upload(content)
                self.assertEqual(upload.state, "done", upload.message)
                self.assertEqual(
                    self._get_values(), {"Alma Books": (5, 0, 6, "seller")}
                )
