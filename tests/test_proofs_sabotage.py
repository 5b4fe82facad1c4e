"""A proof that cannot fail proves nothing: without a protection it comes out red."""

import pytest

from proofs.proof import prove, registry

#: What is taken away in CI; `proofs.sh full` takes everything away.
SABOTAGED_IN_CI = {
    "P1": "early_commit",
    "P2": "no_claim",
    "P8": "mail_repeat_unknown",
}

PROOFS = registry()


#: The longest of them waits for a release.
SABOTAGED = [
    pytest.param(*item, marks=[pytest.mark.release] if item[0] == "P8" else [])
    for item in SABOTAGED_IN_CI.items()
]


@pytest.mark.parametrize(("key", "sabotage"), SABOTAGED)
def test_a_missing_protection_is_seen(workbench, key, sabotage):
    outcome = prove(PROOFS[key], workbench, sabotage=sabotage)
    assert outcome.is_good, outcome.describe()
