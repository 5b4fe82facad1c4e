"""Pieces of Python that prepare a database inside `odoo shell`."""

# Without a chart of accounts the main company could not issue an invoice. The scheduled
# actions that we switch off talk to servers outside, or send mails nobody asked for.
CORE = """
if "account.chart.template" in env and not env.company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", env.company)
for name in (
    "mail.ir_cron_module_update_notification",
    "digest.ir_cron_digest_scheduler_action",
    "sms.ir_cron_sms_scheduler_action",
    "snailmail.snailmail_print",
    "auth_signup.ir_cron_auth_signup_send_pending_user_reminder",
):
    cron = env.ref(name, raise_if_not_found=False)
    if cron:
        cron.active = False
env.cr.commit()
"""

# What a machine with Debian's PDF engine needs (its Qt is not patched).
PDF = """
from odoo.addons.base.models import ir_actions_report as report
# The engine waits this long for scripts of a page, and our pages have none.
env["ir.config_parameter"].sudo().set_param("report.print_delay", "0")
if not report._wkhtml().is_patched_qt:
    # It refuses several documents in one call.
    env["ir.config_parameter"].sudo().set_param("account.pdf_generation_batch", "0")
# Compiled once here instead of in the first PDF.
for bundle in ("web.report_assets_common", "web.report_assets_pdf"):
    assets = env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=True)
    if assets.stylesheets:
        assets.css()
    if assets.javascripts:
        assets.js()
env.cr.commit()
"""

# After our add-ons are installed.
OURS = PDF

# The demo: the lead's add-on arranges its tasks so that documents are due today.
DEMO = """
for model in ("recurring.task",):
    if model in env and hasattr(env[model], "_demo_prepare"):
        env[model]._demo_prepare()
env.cr.commit()
"""
