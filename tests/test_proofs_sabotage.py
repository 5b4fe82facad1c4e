"""A proof that cannot fail proves nothing: without a protection it comes out red."""

import pytest

from proofs.proof import prove, registry

#: What is taken away here; `proofs.sh full` takes everything away.
SABOTAGED = [
    ("P1", "early_commit"),
    ("P2", "no_claim"),
    pytest.param("P8", "mail_repeat_unknown", marks=pytest.mark.release),
]

PROOFS = registry()


@pytest.mark.parametrize(("key", "sabotage"), SABOTAGED)
def test_a_missing_protection_is_seen(workbench, key, sabotage):
    outcome = prove(PROOFS[key], workbench, sabotage=sabotage)
    assert outcome.is_good, outcome.describe()
