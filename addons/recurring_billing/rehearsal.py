"""A rehearsal of the engine: its clock and its counters, while nothing of it is kept.

Tied to the cursor, not to the context: what a program sends along with a call can
neither start a rehearsal nor get a number out of one, and no savepoint ends it.
"""

from weakref import WeakKeyDictionary

from odoo import fields

_REHEARSALS = WeakKeyDictionary()


class Rehearsal:
    """What a simulation knows that the database must not.

    now: the moment at which the engine believes to run, naive UTC
    """

    def __init__(self, now):
        self.now = now
        self._numbers = {}

    def play_on(self, cr):
        """Everything on this cursor is a rehearsal from now on, until it is closed."""
        _REHEARSALS[cr] = self

    def draw(self, sequence, first, step):
        """The next number of a sequence, counted in memory over all batches.

        :param sequence: what tells the sequence from others
        :param int first: the number that the real sequence would give next
        """
        number = self._numbers.get(sequence, first)
        self._numbers[sequence] = number + step
        return number


def get_rehearsal(env):
    """The rehearsal that is under way on this cursor, else ``None``."""
    return _REHEARSALS.get(env.cr)


def get_now(env):
    """Now: the real moment, or the one of a rehearsal. Naive UTC, as Odoo stores it."""
    rehearsal = get_rehearsal(env)
    return rehearsal.now if rehearsal else fields.Datetime.now()
