from odoo import models

from ..rehearsal import get_rehearsal


class IrSequence(models.Model):
    """Numbers of a rehearsal are counted in memory.

    A number of PostgreSQL's own sequences does not come back with a rollback, and a
    sequence without gaps is locked until the end of the transaction: the people who
    work meanwhile would get an error.
    """

    _inherit = "ir.sequence"

    def _next_do(self):
        rehearsal = get_rehearsal(self.env)
        if not rehearsal:
            return super()._next_do()
        number = rehearsal.draw(
            (self._name, self.id), self.number_next_actual, self.number_increment
        )
        return self.get_next_char(number)
