"""What a phone may send: everything else is refused, whatever it is."""

import base64
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.recurring_billing.api_input import InvalidInput

from ..field_payload import MAX_PHOTO, get_ends, read_entry
from .field_common import draw

NOW = datetime(2027, 3, 15, 10)
GOOD = {
    "uuid": "0123456789abcdef" * 2,
    "kind": "note",
    "task": 7,
    "at": "2027-03-15 09:00:00",
    "values": {"text": "Hello"},
}
PART = {"product": 3, "quantity": 2}
HOSTILE = (
    {"uuid": None},
    {"uuid": 5},
    {"uuid": "short"},
    {"uuid": "0123456789ABCDEF" * 2},
    {"uuid": "0123456789abcdef" * 2 + "\n"},
    {"kind": None},
    {"kind": "unlink"},
    {"kind": ["note"]},
    {"task": True},
    {"task": "7"},
    {"task": -1},
    {"task": 2**31},
    {"at": None},
    {"at": 1},
    {"at": "tomorrow"},
    {"at": "2027-03-17 09:00:00"},
    {"at": "2025-03-17 09:00:00"},
    {"user_id": 1},
    {"values": "text"},
    {"values": {"text": ""}},
    {"values": {"text": "  "}},
    {"values": {"text": ["a"]}},
    {"values": {"text": "a\0b"}},
    {"values": {"text": "\ud800"}},
    {"values": {"text": "a" * 5001}},
    {"values": {"text": "a", "author_id": 1}},
    {"kind": "start", "values": {"user_id": 1}},
    {"kind": "stop", "values": {"start": "x", "ended": GOOD["at"]}},
    {"kind": "stop", "values": {"start": GOOD["uuid"]}},
    {"kind": "check", "values": {"line": 1, "done": "yes"}},
    {"kind": "check", "values": {"line": None, "done": True}},
    {"kind": "done", "values": {"activity": "1"}},
    {"kind": "part", "values": {**PART, "quantity": 0}},
    {"kind": "part", "values": {**PART, "quantity": -1}},
    {"kind": "part", "values": {**PART, "quantity": float("nan")}},
    {"kind": "part", "values": {**PART, "quantity": float("inf")}},
    {"kind": "part", "values": {**PART, "quantity": 1e7}},
    {"kind": "part", "values": {**PART, "quantity": "2"}},
    {"kind": "part", "values": {**PART, "price_unit": 1}},
    {"kind": "part", "values": {"quantity": 1}},
    {"kind": "part", "values": {"quantity": 1, "name": "a" * 201}},
    {"kind": "photo", "values": {}},
    {"kind": "photo", "values": {"image": "no base64!"}},
    {"kind": "photo", "values": {"image": "aGVsbG8="}},
    {"kind": "photo", "values": {"image": draw("GIF", mode="P", line=False)}},
    {"kind": "photo", "values": {"image": draw("JPEG", mode="RGB")[:400]}},
    {"kind": "photo", "values": {"image": "A" * (MAX_PHOTO * 2)}},
    {"kind": "photo", "values": {"image": base64.b64encode(b"<svg/>").decode()}},
    {"kind": "signature", "values": {"name": "", "image": draw()}},
    {"kind": "signature", "values": {"name": "Ann", "image": draw(line=False)}},
    {"kind": "signature", "values": {"name": "Ann", "image": "aGVsbG8="}},
)


@tagged("post_install", "-at_install")
class TestFieldPayload(BaseCase):
    def test_what_is_right_is_read(self):
        entry = read_entry(GOOD, NOW)
        self.assertEqual((entry.kind, entry.task), ("note", 7))
        self.assertEqual(entry.moment, NOW - timedelta(hours=1))
        self.assertEqual(entry.values, {"text": "Hello"})

    def test_everything_else_is_refused(self):
        for change in HOSTILE:
            with self.subTest(str(change)[:100]), self.assertRaises(InvalidInput):
                read_entry({**GOOD, **change}, NOW)

    def test_no_entry_at_all_is_refused(self):
        for raw in (None, 1, "note", [], [GOOD]):
            with self.subTest(raw=raw), self.assertRaises(InvalidInput):
                read_entry(raw, NOW)

    def test_a_clock_that_is_a_little_ahead_is_put_right(self):
        entry = read_entry({**GOOD, "at": "2027-03-15 10:20:00"}, NOW)
        self.assertEqual(entry.moment, NOW)

    def test_photos_are_jpeg_or_png_by_their_content(self):
        for kind, mode, extension in (("JPEG", "RGB", "jpg"), ("PNG", "RGBA", "png")):
            values = {"image": draw(kind, mode=mode)}
            entry = read_entry({**GOOD, "kind": "photo", "values": values}, NOW)
            self.assertEqual(entry.values["image"].extension, extension)

    def test_a_part_may_be_told_in_words(self):
        values = {"quantity": 0.5, "name": "Rope"}
        entry = read_entry({**GOOD, "kind": "part", "values": values}, NOW)
        self.assertEqual(entry.values["name"], "Rope")
        self.assertFalse(entry.values["product"])

    def test_the_digest_is_of_the_content(self):
        same = read_entry({**GOOD, "uuid": "f" * 32}, NOW).digest
        self.assertEqual(read_entry(GOOD, NOW).digest, same)
        for change in (
            {"task": 8},
            {"values": {"text": "Bye"}},
            {"at": "2027-03-15 08:00:00"},
        ):
            self.assertNotEqual(read_entry({**GOOD, **change}, NOW).digest, same)

    def test_each_work_ends_where_the_next_begins(self):
        self.assertEqual(get_ends([]), [])
        self.assertEqual(get_ends([4]), [None])
        self.assertEqual(get_ends([1, 5, 3]), [3, None, 5])
        self.assertEqual(get_ends([2, 2]), [2, None])
