"""What a proof is: a promise, two sizes, the ways to break it, and how it is run."""

import importlib
import random
import re
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

#: p01_kill.py holds P1.
FILES = re.compile(r"p(\d\d)_\w+\.py")


@dataclass
class Verdict:
    """What a proof found.

    figures: what docs/proofs.md shows, in this order, e.g. {"kills": 200, "twice": 0};
    faults: one line for each way in which the promise was broken, empty = kept.
    """

    figures: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)

    def expect(self, name, found, wanted=0):
        """Note a figure and complain unless it is the wanted one."""
        self.figures[name] = found
        if found != wanted:
            self.faults.append(f"{name}: {found}, wanted {wanted}")

    def expect_at_most(self, name, found, limit):
        self.figures[name] = found
        if found > limit:
            self.faults.append(f"{name}: {found}, at most {limit}")

    def expect_at_least(self, name, found, least):
        """A proof that did not do its work proves nothing."""
        self.figures[name] = found
        if found < least:
            self.faults.append(f"{name}: {found}, at least {least}")


class Proof:
    """One promise of promises.md. A subclass is found by its ``key``.

    ``small`` runs in CI, ``full`` by ``./tests/proofs.sh full``; both are keyword
    arguments of :meth:`run`. ``sabotages`` names what can be taken away; with any of
    them the proof must come out red, at the size ``quick`` (the small one unless set).
    """

    key: ClassVar[str]
    promise: ClassVar[str]
    small: ClassVar[dict] = {}
    full: ClassVar[dict] = {}
    quick: ClassVar[dict] = {}
    sabotages: ClassVar[dict] = {}

    def __init__(self, workbench, seed, sabotage=None):
        if sabotage and sabotage not in self.sabotages:
            raise ValueError(f"{self.key} knows {sorted(self.sabotages)}")
        self.workbench = workbench
        self.seed = seed
        self.random = random.Random(seed)
        self.sabotage = sabotage

    def run(self, **size) -> Verdict:
        raise NotImplementedError


@dataclass
class Outcome:
    """One run of a proof, as it is printed and kept."""

    key: str
    promise: str
    seed: int
    size: str
    sabotage: str | None
    seconds: float
    figures: dict
    faults: list
    #: The proof itself failed: neither the promise nor a sabotage was judged.
    fell_over: bool = False

    @property
    def is_good(self):
        """Kept; or, when a protection was taken away, seen to be broken."""
        return not self.fell_over and bool(self.faults) == bool(self.sabotage)

    def describe(self):
        """What a test says when it is not good; the seed makes it happen again."""
        title = f"{self.key} {self.sabotage or ''} seed {self.seed}"
        return "\n".join([title, str(self.figures), *self.faults])


def prove(cls, workbench, *, size="small", seed=None, sabotage=None):
    """Run a proof once. An error inside it is never green, sabotaged or not.

    size: "small" or "full"; a sabotaged proof runs at its quickest size
    """
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    numbers = {"small": cls.small, "full": cls.full}[size]
    if sabotage:
        numbers = cls.quick or cls.small
    started = time.monotonic()
    fell_over = False
    try:
        verdict = cls(workbench, seed, sabotage).run(**numbers)
    except Exception:
        fell_over = True
        verdict = Verdict(faults=["the proof fell over:\n" + traceback.format_exc()])
    return Outcome(
        cls.key,
        cls.promise,
        seed,
        size,
        sabotage,
        round(time.monotonic() - started, 1),
        verdict.figures,
        verdict.faults,
        fell_over,
    )


def registry(keys=()):
    """Proofs by key, in the order of their numbers; all, or those named."""
    for path in sorted(Path(__file__).parent.glob("p*.py")):
        match = FILES.fullmatch(path.name)
        if match and (not keys or f"P{int(match[1])}" in keys):
            importlib.import_module(f"{__package__}.{path.stem}")
    found = {proof.key: proof for proof in _subclasses(Proof)}
    if unknown := set(keys) - set(found):
        raise LookupError(f"there is no proof {', '.join(sorted(unknown))}")
    found = {key: cls for key, cls in found.items() if not keys or key in keys}
    return dict(sorted(found.items(), key=lambda item: int(item[0][1:])))


def _subclasses(cls):
    for child in cls.__subclasses__():
        yield from _subclasses(child)
        # Tests of this framework make proofs of their own.
        if "key" in vars(child) and child.__module__.startswith(f"{__package__}."):
            yield child
