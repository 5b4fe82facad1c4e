from odoo import models

from ..rehearsal import get_rehearsal


class IrSequenceDateRange(models.Model):
    """The same for sequences that begin again each year, see ``ir.sequence``."""

    _inherit = "ir.sequence.date_range"

    def _next(self):
        rehearsal = get_rehearsal(self.env)
        if not rehearsal:
            return super()._next()
        sequence = self.sequence_id
        number = rehearsal.draw(
            # not by id: the range of a coming year is rolled back with each batch
            (self._name, sequence.id, self.date_from),
            self.number_next_actual,
            sequence.number_increment,
        )
        return sequence.get_next_char(number)
