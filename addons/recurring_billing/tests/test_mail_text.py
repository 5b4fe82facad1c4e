from datetime import datetime

from odoo.tests import BaseCase, tagged

from ..local_hour import next_local_hour
from ..mail_text import insert_after_salutation


@tagged("post_install", "-at_install")
class TestMailText(BaseCase):
    """The personal text finds its place in any template."""

    def _insert(self, body, text="Text"):
        return str(insert_after_salutation(body, "Azure Interior", text))

    def test_after_a_line_with_the_name(self):
        html = self._insert("<p>Dear Azure Interior,<br/><br/>Here is</p>")
        self.assertLess(html.index("Interior,"), html.index("Text"))
        self.assertLess(html.index("Text"), html.index("Here is"))

    def test_after_a_paragraph_with_the_name(self):
        html = self._insert("<p>Dear <b>Azure Interior</b>,</p><p>Here is</p>")
        self.assertLess(html.index("Interior"), html.index("Text"))
        self.assertLess(html.index("Text"), html.index("Here is"))

    def test_greeting_without_a_name_gets_it(self):
        html = self._insert("<div><p>Hello,<br/><br/>Your quotation</p></div>")
        self.assertIn("Hello Azure Interior,", html)
        self.assertLess(html.index("Text"), html.index("Your quotation"))

    def test_contact_is_greeted_instead_of_his_company(self):
        html = insert_after_salutation(
            "<p>Dear Azure Interior,<br/><br/>Here is</p>",
            "Ada Lane",
            "Text",
            instead_of="Azure Interior",
        )
        self.assertIn("Dear Ada Lane,", html)
        self.assertNotIn("Azure Interior", html)

    def test_mail_without_a_greeting(self):
        html = self._insert(
            "<p>Your quotation is ready for review by all of us here.</p>"
        )
        self.assertTrue(html.startswith("<p>Azure Interior,<br/><br/>Text</p>"))

    def test_empty_mail(self):
        self.assertIn("Text", self._insert(""))
        self.assertIn("Text", self._insert(None))

    def test_no_text_changes_nothing(self):
        body = "<p>Dear Azure Interior,<br/>Here</p>"
        self.assertEqual(self._insert(body, "  \n"), body)

    def test_lines_are_kept_and_markup_is_shown(self):
        html = self._insert("<p>Dear Azure Interior,</p>", "a\n<script>b</script>")
        self.assertIn("a<br>&lt;script&gt;b", html)


@tagged("post_install", "-at_install")
class TestLocalHour(BaseCase):
    """The clock on the wall, twice a year, too."""

    def _next(self, now, hour):
        return next_local_hour(datetime.fromisoformat(now), hour, "Europe/Berlin")

    def test_later_today(self):
        self.assertEqual(
            self._next("2027-01-31 03:00", 8.5), datetime(2027, 1, 31, 7, 30)
        )

    def test_tomorrow_when_the_hour_has_passed(self):
        self.assertEqual(
            self._next("2027-01-31 07:31", 8.5), datetime(2027, 2, 1, 7, 30)
        )

    def test_at_once_at_the_hour_itself(self):
        self.assertEqual(
            self._next("2027-01-31 07:30", 8.5), datetime(2027, 1, 31, 7, 30)
        )

    def test_same_hour_on_the_wall_after_the_clocks_change(self):
        self.assertEqual(self._next("2027-03-27 12:00", 8), datetime(2027, 3, 28, 6))
        self.assertEqual(self._next("2027-10-30 12:00", 8), datetime(2027, 10, 31, 7))

    def test_hour_that_is_left_out(self):
        self.assertEqual(
            self._next("2027-03-28 00:00", 2.5), datetime(2027, 3, 28, 1, 30)
        )

    def test_hour_that_comes_twice_is_the_first(self):
        self.assertEqual(
            self._next("2027-10-30 22:00", 2.5), datetime(2027, 10, 31, 0, 30)
        )
