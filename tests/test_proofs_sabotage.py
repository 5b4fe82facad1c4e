"""A proof that cannot fail proves nothing: without a protection it comes out red."""

import pytest

from proofs.proof import prove, registry

#: What is taken away in CI; `proofs.sh full` takes everything away.
SABOTAGED_IN_CI = {
    "P1": ["early_commit", "note_after_sending"],
    "P2": ["no_claim", "no_guards"],
    "P8": ["mail_repeat_unknown", "mail_all_refusals_final"],
}

PROOFS = registry()
SABOTAGES = [(key, name) for key, names in SABOTAGED_IN_CI.items() for name in names]


@pytest.mark.parametrize(("key", "sabotage"), SABOTAGES)
def test_a_missing_protection_is_seen(workbench, key, sabotage):
    outcome = prove(PROOFS[key], workbench, sabotage=sabotage)
    assert outcome.is_good, outcome.describe()
