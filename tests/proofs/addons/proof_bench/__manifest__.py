{
    "name": "Test bench of the proofs",
    "summary": "Never installed: loaded server-wide by tests/proofs/sabotage.py",
    "version": "19.0.1.0.0",
    "author": "Odoo Recurring Suite",
    "license": "LGPL-3",
    "depends": ["recurring_billing"],
    "installable": False,
}
