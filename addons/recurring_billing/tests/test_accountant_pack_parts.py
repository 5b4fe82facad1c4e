"""Periods, days and number series: the parts that know nothing of Odoo."""

import io
import zipfile
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..archive_writer import ArchiveWriter
from ..number_series import find_gaps, format_number
from ..pack_period import get_next_day, get_period


@tagged("post_install", "-at_install")
class TestPeriods(BaseCase):
    def test_months_and_quarters(self):
        today = date(2027, 1, 31)
        for kind, first, last in (
            ("this_month", "2027-01-01", "2027-01-31"),
            ("last_month", "2026-12-01", "2026-12-31"),
            ("this_quarter", "2027-01-01", "2027-03-31"),
            ("last_quarter", "2026-10-01", "2026-12-31"),
        ):
            with self.subTest(kind):
                self.assertEqual(
                    tuple(map(str, get_period(kind, today))), (first, last)
                )

    def test_periods_follow_each_other_without_gap(self):
        for unit in ("month", "quarter"):
            day = date(2027, 1, 1)
            while day < date(2029, 3, 1):
                first, last = get_period(f"this_{unit}", day)
                before = get_period(f"last_{unit}", day)
                self.assertLessEqual(first, day)
                self.assertLessEqual(day, last)
                self.assertEqual(before[1] + timedelta(days=1), first)
                day += timedelta(days=1)

    def test_the_31st_is_the_last_day_of_short_months(self):
        day, days = date(2027, 1, 30), []
        for _month in range(5):
            day = get_next_day(31, day)
            days.append(str(day))
        self.assertEqual(
            days, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
        )

    def test_the_next_day_is_never_the_same_day(self):
        self.assertEqual(get_next_day(5, date(2027, 3, 5)), date(2027, 4, 5))
        self.assertEqual(get_next_day(5, date(2027, 3, 4)), date(2027, 3, 5))


@tagged("post_install", "-at_install")
class TestNumbers(BaseCase):
    def test_gaps_are_exactly_what_is_missing(self):
        self.assertEqual(find_gaps([3, 4, 7, 12]), [(5, 6), (8, 11)])
        self.assertEqual(find_gaps([]), [])
        self.assertEqual(find_gaps([8, 8, 9]), [])
        numbers = [n for n in range(1, 500) if n % 7 and n % 11]
        missing = {
            n for first, last in find_gaps(numbers) for n in range(first, last + 1)
        }
        self.assertEqual(missing | set(numbers), set(range(1, 500)))
        self.assertFalse(missing & set(numbers))

    def test_missing_numbers_are_written_like_their_neighbours(self):
        self.assertEqual(
            format_number("INV/2027/00012", "INV/2027/", 12, 7), "INV/2027/00007"
        )
        self.assertEqual(format_number("F9", "F", 9, 10), "F10")
        self.assertEqual(format_number("7-A", "", 7, 3), "3-A")


@tagged("post_install", "-at_install")
class TestArchiveWriter(BaseCase):
    def _write(self, *names):
        buffer = io.BytesIO()
        with ArchiveWriter(buffer) as archive:
            for name in names:
                archive.add(name, name)
        return zipfile.ZipFile(buffer)

    def test_equal_names_are_numbered(self):
        names = self._write("a.pdf", "a.pdf", "a (2).pdf", "a.pdf").namelist()
        self.assertEqual(names, ["a.pdf", "a (2).pdf", "a (2) (2).pdf", "a (3).pdf"])

    def test_no_name_leads_out_of_the_archive(self):
        names = self._write("../../etc/passwd", "..\\x.pdf", "/abs.pdf").namelist()
        self.assertFalse([n for n in names if "/" in n or "\\" in n])

    def test_what_is_packed_already_is_only_stored(self):
        archive = self._write("a.pdf", "a.xml")
        kinds = {i.filename: i.compress_type for i in archive.infolist()}
        self.assertEqual(
            kinds, {"a.pdf": zipfile.ZIP_STORED, "a.xml": zipfile.ZIP_DEFLATED}
        )
