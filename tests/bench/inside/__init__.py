"""What runs in the measured processes, where Odoo can be imported.

Started as `python -m bench.inside '{"step": ..., "database": ...}' ODOO OPTIONS`; the
last line on standard output is the answer.
"""
