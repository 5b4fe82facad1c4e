"""A column of the portfolio's Excel file."""

from odoo.tests import tagged

from odoo.addons.crm_sla.tests.portfolio_common import PortfolioCommon


@tagged("post_install", "-at_install")
class TestCity(PortfolioCommon):
    def test_it_stands_in_the_file(self):
        self.alma.city = "Sibiu"
        self._add_line()
        sheet = self._open(self._get_template()).worksheets[0]
        headings = [cell.value for cell in sheet[1]]
        column = headings.index("City")
        self.assertEqual(sheet[2][column].value, "Sibiu")

    def test_the_file_is_taken_back(self):
        line = self._add_line()
        upload = self._upload(self._get_template())
        self.assertEqual(upload.state, "done", upload.message)
        self.assertEqual(self.portfolio.line_ids, line)
