"""Which runs, in which order."""

from dataclasses import dataclass

from .contenders import Contender

SIZES = (100, 1000, 3000, 10_000)
QUICK_SIZES = (20, 100)
#: The size at which ours and its two yardsticks take turns, so that their ratio is not
#: the mood of one minute.
REPEATED = 1000
#: Seconds for a database copy, two starts of Odoo and the warm-up.
OVERHEAD = 14


@dataclass(frozen=True)
class Run:
    contender: Contender
    n: int
    turn: int = 1

    @property
    def key(self):
        return [self.contender.key, self.n, self.turn]

    @property
    def seconds(self):
        """A guess, for the estimate of the duration only."""
        return OVERHEAD + self.n * self.contender.cost / 1000


def get_runs(contenders, sizes, repeat=True):
    """Small sizes first: a fault shows early.

    :param repeat: whether the size REPEATED is measured several times, in turns
    """
    runs = []
    for n in sorted(sizes):
        able = [c for c in contenders if n <= c.largest]
        turns = max((c.rounds for c in able), default=1)
        for turn in range(1, turns + 1 if repeat and n == REPEATED else 2):
            runs += [Run(c, n, turn) for c in able if turn <= c.rounds]
    return runs
