"""Memory of a process that makes an accountant's pack of many invoices.

    ./setup/shell.sh env PYTHONPATH=setup:tests python3 -m bench.pack_memory 5000

The invoices are copies of one, made by SQL; each has a stored PDF and an e-invoice.
With a second number, so many more have none and are printed for the pack.
"""

import re
import sys

from harness import Database
from suite import databases, odoo_log
from suite.settings import Settings

SET_UP = """
import os
from odoo import Command

invoice = env["account.move"].create({{
    "move_type": "out_invoice",
    "partner_id": env["res.partner"].create({{"name": "Customer"}}).id,
    "invoice_date": "2026-02-10",
    "invoice_line_ids": [Command.create(
        {{"name": f"Line {{n}}", "price_unit": 10.0}}) for n in range(3)],
}})
invoice.action_post()
env.flush_all()

def get_columns(table, left_out):
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'", [table])
    return [row[0] for row in env.cr.fetchall() if row[0] not in left_out]

names = get_columns("account_move", ("id", "name", "sequence_number"))
columns = ",".join(names)
env.cr.execute(f'''
    INSERT INTO account_move (name, sequence_number, {{columns}})
    SELECT sequence_prefix || lpad((sequence_number + n)::text, 5, '0'),
           sequence_number + n, {{columns}}
    FROM account_move, generate_series(1, {count} - 1) n WHERE id = {{invoice.id}}
    RETURNING id''')
ids = [row[0] for row in env.cr.fetchall()]
columns = ",".join(get_columns("account_move_line", ("id", "move_id")))
env.cr.execute(f'''
    INSERT INTO account_move_line (move_id, {{columns}})
    SELECT m, {{columns}} FROM account_move_line, unnest(%s) m
    WHERE move_id = {{invoice.id}}''', [ids])
env.invalidate_all()
for start in range(0, {stored}, 500):
    env["ir.attachment"].create([{{
        "name": f"invoice_{{move_id}}.{{kind}}",
        "raw": os.urandom({size}),
        "res_model": "account.move", "res_id": move_id,
        "res_field": "invoice_pdf_report_file" if kind == "pdf" else False,
    }} for move_id in ids[start:min(start + 500, {stored})] for kind in ("pdf", "xml")])
env.cr.commit()
"""

MEASURE = """
import resource, time
from unittest.mock import patch

def get_memory(name):
    with open("/proc/self/status") as status:
        return int(next(l for l in status if l.startswith(name)).split()[1]) // 1024

sender = type(env["account.move.send"])
original = sender._get_invoice_extra_attachments
def with_xml(self, move):
    xml = self.env["ir.attachment"].search(
        [("res_model", "=", "account.move"), ("res_id", "=", move.id)])
    return original(self, move) | xml

pack = env["accountant.pack"].create({
    "period": "custom", "date_from": "2026-02-01", "date_to": "2026-02-28"})
pack.state = "waiting"
env.cr.commit()
before, started = get_memory("VmRSS"), time.monotonic()
with patch.object(sender, "_get_invoice_extra_attachments", with_xml):
    while not pack._work():
        env.cr.commit()
env.cr.commit()
print(
    f"{pack.document_count} documents, {pack.file_count} files,"
    f" {pack.zip_size / 2**20:.0f} MiB,"
    f" {pack.missing_count} remarks in {time.monotonic() - started:.0f} s:"
    f" memory {before} MiB before, {get_memory('VmHWM')} MiB at most"
)
"""


def main(stored, printed=0, size=60_000):
    settings = Settings.from_env("test")
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(
        settings, ignores, addons=["recurring_billing"]
    )
    db = Database.fresh(settings, template, "pack")
    try:
        count = stored + printed
        db.shell(SET_UP.format(count=count, stored=stored, size=size), timeout=1800)
        output = db.shell(MEASURE, timeout=3600)
        print(re.search(r"^\d+ documents.*$", output, re.M)[0])
    finally:
        db.drop()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
