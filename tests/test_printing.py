"""Many documents in one call of the PDF engine where it can, else one by one.

The engine is wrapped by a script that counts its calls; told to be the one that Debian
builds, it says so when asked for its version.
"""

import io
import os
import shutil
import stat

import pypdf
import pytest

from harness import Database, SmtpSink, odoo_server

CUSTOMERS = 4

SET_UP = f"""
from datetime import timedelta
from odoo import Command, fields

env.company.email = "billing@cloudhouse.example"
product = env["product.product"].create({{"name": "Hosting", "list_price": 10.0}})
customers = env["res.partner"].create([
    {{"name": f"Customer {{i}}", "email": f"customer{{i}}@example.com"}}
    for i in range({CUSTOMERS})
])
tasks = env["recurring.task"].create([{{
    "name": kind,
    "document_type": kind,
    "completion": "send",
    "date_start": fields.Date.today() + timedelta(days=2),
    "line_ids": [Command.create({{"product_id": product.id}})],
    "recipient_ids": [Command.create({{"partner_id": c.id}}) for c in customers],
}} for kind in ("invoice", "quotation")])
tasks.action_start()
tasks.action_run_now()
env.cr.commit()
"""

WRAPPER = """#!/bin/sh
if [ "$1" = --version ]; then echo "wkhtmltopdf 0.12.6{suffix}"; exit 0; fi
echo call >> {calls}
exec {engine} "$@"
"""


def _wrap(folder, suffix):
    """A folder for the PATH whose engine counts its calls; and the file that counts."""
    calls = folder / "calls"
    script = folder / "wkhtmltopdf"
    engine = shutil.which("wkhtmltopdf")
    script.write_text(WRAPPER.format(suffix=suffix, calls=calls, engine=engine))
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return calls


def _get_pdf_text(message):
    (content,) = [d for n, d in message.attachments.items() if n.endswith(".pdf")]
    return "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize(
    ("suffix", "calls_wanted"),
    [(" (with patched qt)", 2), ("", 2 * CUSTOMERS)],
    ids=["patched", "Debian's"],
)
def test_everybody_gets_his_own_document(
    settings, template, tmp_path, suffix, calls_wanted
):
    calls = _wrap(tmp_path, suffix)
    path = f"{tmp_path}:{os.environ['PATH']}"
    db = Database.fresh(settings, template, "printing")
    with SmtpSink() as smtp:
        with odoo_server(db, smtp=smtp, env={"PATH": path}) as server:
            db.shell(SET_UP)
            server.run_cron("recurring_billing.ir_cron_send")
            server.run_cron("mail.ir_cron_mail_scheduler_action")
        messages = [m for m in smtp.messages if "customer" in m.to[0]]
    numbers = {
        (email, name)
        for email, name in db.sql(
            "SELECT p.email, d.document_name FROM recurring_occurrence d"
            " JOIN res_partner p ON p.id = d.partner_id"
        )
    }
    db.drop()
    assert len(messages) == 2 * CUSTOMERS
    for message in messages:
        text = _get_pdf_text(message)
        held = {(email, name) for email, name in numbers if name in text}
        assert len(held) == 1, text[:400]
        assert held.pop()[0] == message.to[0]
    assert len(calls.read_text().splitlines()) == calls_wanted
