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

# Whoever opens the first page, and every run of browser tests, would make these first.
# Last of all: each add-on changes them. The core's own list has four times as many: of
# its unit tests, of the dark theme, of chats with visitors.
BUNDLES = """
qweb = env["ir.qweb"]
for bundle in (
    "web.assets_web",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "web.assets_tests",
):
    qweb._get_asset_bundle(bundle, css=False, js=True).js()
for bundle in ("web.assets_web", "web.assets_web_print", "web.assets_frontend"):
    qweb._get_asset_bundle(bundle, css=True, js=False).css()
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

# Odoo's own demo data queues e-mails that have nothing to do with us.
FRESH_DEMO = """
env["mail.mail"].search([("state", "=", "outgoing")]).unlink()
env.cr.commit()
"""

# The first dates of the demo tasks lie ahead (never today, by rule), so somebody
# presses "Run now" on them: that issues the next document of each customer at once.
DEMO = """
if "recurring.task" in env:
    tasks = env["recurring.task"].with_user(env.ref("base.user_admin"))
    tasks = tasks.search([("state", "=", "running")])
    fresh = tasks.filtered(lambda task: not task.document_count)
    if fresh:
        fresh.action_run_now()
env.cr.commit()
"""
