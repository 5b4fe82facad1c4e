"""Long lists: queries do not grow with the rows; 20,000 rows in time and memory."""

import logging
import resource
import time

from odoo.tests import tagged
from odoo.tools import SQL

from .test_portfolio_upload import HEADINGS, UploadCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestPortfolioQueries(UploadCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"Customer {number:03}"} for number in range(220)]
        )

    def _check_flat(self, function, *sets, margin=2):
        first, few, many = sets
        self._count_statements(function, first)  # caches of the server
        few, many = (self._count_statements(function, some) for some in (few, many))
        _logger.info("%s: %s statements, then %s", self._testMethodName, few, many)
        self.assertLessEqual(many, few + margin)

    def _make_list(self, customers, amount=5):
        rows = [[name, amount, 6, 7] for name in customers.mapped("name")]
        return self._create_upload(self._make_file(HEADINGS, *rows))

    def test_an_upload_of_new_customers(self):
        self._check_flat(
            lambda upload: upload.action_upload(),
            self._make_list(self.customers[:2]),
            self._make_list(self.customers[2:12]),
            self._make_list(self.customers[12:112]),
            margin=4,  # columns are read a thousand at a time, customers too
        )

    def test_an_upload_that_changes_lines(self):
        for customer in self.customers[:112]:
            self._add_line(customer)
        self._check_flat(
            lambda upload: upload.action_upload(),
            self._make_list(self.customers[:2]),
            self._make_list(self.customers[2:12]),
            self._make_list(self.customers[12:112]),
        )

    def test_the_final_billing(self):
        lines = self.env["crm.portfolio.line"].create(
            [
                {"portfolio_id": self.portfolio.id, "partner_id": customer.id}
                for customer in self.customers[:112]
            ]
        )
        self._check_flat(
            lambda lines: lines.mapped("billing_difference"),
            *(lines[:2], lines[2:12], lines[12:112]),
        )

    def test_filling_in(self):
        wizards = [
            self.env["crm.portfolio.fill"].create(
                {
                    "portfolio_id": self.portfolio.id,
                    "source": "chosen",
                    "partner_ids": customers.ids,
                }
            )
            for customers in (
                self.customers[:2],
                self.customers[2:12],
                self.customers[12:112],
            )
        ]
        self._check_flat(lambda wizard: wizard.action_fill(), *wizards)

    def test_the_template(self):
        portfolios = [self._create_portfolio() for _index in range(3)]
        for portfolio, count in zip(portfolios, (2, 10, 100), strict=True):
            self.env["crm.portfolio.line"].create(
                [
                    {"portfolio_id": portfolio.id, "partner_id": customer.id}
                    for customer in self.customers[:count]
                ]
            )
        self._check_flat(lambda portfolio: portfolio._render_template(), *portfolios)


@tagged("post_install", "-at_install", "slow", "release")
class TestPortfolioLarge(UploadCommon):
    ROWS = 20_000

    def test_twenty_thousand_rows(self):
        self._create_many_customers()
        rows = ([f"Customer {number:05}", number, 6, 7] for number in range(self.ROWS))
        content = self._make_file(HEADINGS, *rows)
        upload = self._create_upload(content)
        self.env.invalidate_all()
        before = _get_memory()
        start = time.thread_time()
        upload.action_upload()
        self.assertEqual(upload.state, "waiting")
        self._run_upload_cron()
        spent = time.thread_time() - start
        # At most: the process may have been larger before.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
        self.assertEqual((upload.state, upload.new_count), ("done", self.ROWS))
        _logger.info(
            "%s rows: %.1f s of the processor; %.0f MiB more", self.ROWS, spent, peak
        )
        self.assertLess(spent, 60)
        self.assertLess(peak, 400)

    def _create_many_customers(self):
        """Straight into the table: by the ORM it would take longer than the upload."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO res_partner (id, commercial_partner_id, name,"
                " complete_name, active, is_company, type, autopost_bills)"
                " SELECT id, id, name, name, TRUE, TRUE, 'contact', 'ask' FROM"
                " (SELECT nextval('res_partner_id_seq') AS id,"
                " 'Customer ' || lpad(n::text, 5, '0') AS name"
                " FROM generate_series(0, %s) n) numbers",
                self.ROWS - 1,
            )
        )
        self.env.cr.execute(SQL("ANALYZE res_partner"))


def _get_memory():
    """MiB that the process holds now."""
    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[1])
    return pages * resource.getpagesize() / 2**20
