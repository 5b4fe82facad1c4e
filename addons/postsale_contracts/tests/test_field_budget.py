"""SQL statements: what an entry or a job costs does not grow with their number."""

import logging

from odoo.tests import tagged

from .field_common import FieldCommon, draw

_logger = logging.getLogger(__name__)


@tagged("slow")
class TestFieldBudget(FieldCommon):
    def _count(self, do):
        with self.counting() as counted:
            do()
        return counted.statements

    def _check(self, what, do, most):
        """Beyond what ten cost, ninety more add nearly nothing."""
        do(2)
        few, many = (
            self._count(lambda number=number: do(number)) for number in (10, 100)
        )
        _logger.info("%s: %s statements for 10, %s for 100", what, few, many)
        self.assertLessEqual(many - few, most)

    def _send_many(self, kind, **values):
        return lambda number: self.assertSaved(
            *(self.entry(kind, **values) for _i in range(number))
        )

    def test_parts(self):
        self._check(
            "parts", self._send_many("part", product=self.work.id, quantity=1), 9
        )

    def test_notes(self):
        self._check("notes", self._send_many("note", text="Done"), 9)

    def test_photos(self):
        image = draw(size=(4, 100))
        self._check("photos", self._send_many("photo", image=image), 9)

    def test_sent_again(self):
        entries = [self.entry("note", text="Done") for _i in range(100)]
        self.assertSaved(*entries)
        count = self._count(lambda: self.assertSaved(*entries))
        self.assertLessEqual(count, 12)

    def test_my_day(self):
        made = []

        def get_day(number):
            while len(made) < number:
                made.append(self._create_job())
            with self.counting() as counted:
                self.MyDay.with_user(self.technician).get_day()
            return counted.statements

        get_day(2)
        few, many = get_day(10), get_day(90)
        _logger.info("my day: %s statements for 10 jobs, %s for 90", few, many)
        self.assertLessEqual(many - few, 9)
