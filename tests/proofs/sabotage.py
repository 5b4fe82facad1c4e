"""Ways to change the suite in a real server process, above all to take a protection
away: a proof that stays green without the protection proves nothing.

Each file of ``addons/proof_bench`` is one change. ::

    odoo_server(db, crons=1, **patched(db.settings, "no_claim"))
    db.shell(RUN, **patched(db.settings, "no_claim", batch_size=3))
"""

from pathlib import Path

ADDONS = Path(__file__).parent / "addons"

#: The objects by which the database refuses a second document; (kind, name).
GUARDS = (
    ("INDEX", "recurring_occurrence_scheduled_date_uniq"),
    ("CONSTRAINT", "recurring_occurrence_no_overlap"),
)


def patched(settings, *patches, batch_size=None, failpoint=None):
    """Options and environment of an Odoo process in which these changes are made.

    patches: names of files in addons/proof_bench
    batch_size: documents of one batch, instead of the usual 100
    failpoint: where the process ends at once, or raises (``name:raise``)
    """
    unknown = {name for name in patches if not _patch_file(name).exists()}
    if unknown:
        raise LookupError(f"no file for {sorted(unknown)} in {ADDONS}/proof_bench")
    env = {}
    if batch_size:
        patches = (*patches, "small_batches")
        env["PROOF_BATCH_SIZE"] = str(batch_size)
    if failpoint:
        env["RECURRING_FAILPOINT"] = failpoint
    options = []
    if patches:
        env["PROOF_PATCHES"] = ",".join(patches)
        options = [
            f"--addons-path={settings.addons_path()},{ADDONS}",
            "--load=base,rpc,web,proof_bench",
        ]
    return {"options": options, "env": env}


def _patch_file(name):
    return ADDONS / "proof_bench" / f"{name}.py"


def drop_guards(db):
    """Take away what makes the database refuse a second document. The engine refuses
    to work then, unless ``no_guard_check`` is among its patches."""
    for kind, name in GUARDS:
        if kind == "INDEX":
            db.sql(f"DROP INDEX {name}")
        else:
            db.sql(f"ALTER TABLE recurring_occurrence DROP CONSTRAINT {name}")
