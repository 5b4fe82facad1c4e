"""Printing and mailing what our scheduled action has issued, up to the mail queue."""

import subprocess

from odoo import SUPERUSER_ID, api

from . import ours
from .cron import run_cron_until_done
from .fixture import Fixture
from .mailbox import caught_mail
from .meter import Meter

REPORT = "account.account_invoices"


def seed(registry, job):
    """n invoices issued, their deliveries waiting."""
    with registry.cursor() as cr, caught_mail():
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["ir.config_parameter"].set_param("report.print_delay", str(job["delay_ms"]))
        ours.seed(env, Fixture(env), job["n"], "send")
        cr.commit()
        ours.generate(env, Fixture(env), job["n"], "send")
    return {}


def run(registry, job):
    """The scheduled action that prints and queues; the mail server is left out.

    :param job: ``server`` is the process that serves the style sheets
    """
    with registry.cursor() as cr, caught_mail() as mails:
        env = api.Environment(cr, SUPERUSER_ID, {})
        _warm_up(env)
        delivery = env["document.delivery"]
        waiting = [("state", "=", "queued"), ("mail_mail_id", "=", False)]
        with Meter(helpers=[job["server"]]) as meter:
            run_cron_until_done(
                env,
                "recurring_billing.ir_cron_send",
                lambda: delivery.search_count(waiting),
            )
        version = subprocess.run(
            ["wkhtmltopdf", "--version"], capture_output=True, text=True, check=True
        )
        return {
            **meter.per_document(job["n"]),
            "engine": version.stdout.strip(),
            "is_patched": "with patched qt" in version.stdout,
            "queued": env["mail.mail"].search_count([("state", "=", "outgoing")]),
            "printed": env["ir.attachment"].search_count(
                [
                    ("res_model", "=", "account.move"),
                    ("res_field", "=", "invoice_pdf_report_file"),
                ]
            ),
            "left_the_house": len(mails),
        }


def _warm_up(env):
    """One invoice printed and rolled back: templates and style sheets are loaded."""
    fixture = Fixture(env)
    move = env["account.move"].create(fixture.get_invoice(fixture.get_customers(1)))
    move.action_post()
    env["ir.actions.report"]._render_qweb_pdf(REPORT, res_ids=move.ids)
    env.cr.rollback()
    env.invalidate_all(flush=False)
