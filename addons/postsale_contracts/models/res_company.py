from functools import partial

from odoo import models

#: Series of numbers that each company has for itself: code, name, prefix.
SEQUENCES = (("postsale.contract", "Post-Sale Contracts", "PS/%(range_year)s/"),)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_document_sequences(self):
        return (*super()._get_document_sequences(), *SEQUENCES)

    def _get_postsale_today(self):
        """The date of today where the company is, UTC if it does not say where.

        :rtype: date
        """
        self.ensure_one()
        clock = self.env["recurring.task"].new({"tz": self.partner_id.tz or "UTC"})
        return clock._get_today()

    def _get_number_source(self, code):
        """Draws today's numbers of one of the company's series, one for each call.

        :param str code: of the series
        """
        today = self._get_postsale_today()
        series = self._get_series(code, today)
        return partial(series.next_by_id, sequence_date=today)
