"""This suite: one task with n customers, issued by its scheduled action."""

from datetime import timedelta

from odoo import Command

from .cron import run_cron, run_cron_until_done


def seed(env, fixture, n, mode):
    """
    :param mode: completion of the task, by default "confirm": posted, no mail
    """
    responsible = env.ref("base.user_admin")
    responsible.email = "responsible@bench.example"  # gets the report
    task = env["recurring.task"].create(
        {
            "name": "Bench",
            "user_id": responsible.id,
            "completion": mode or "confirm",
            "date_start": fixture.today + timedelta(days=2),
            "line_ids": [Command.create(line) for line in fixture.get_lines()],
            "recipient_ids": [
                Command.create({"partner_id": customer.id})
                for customer in fixture.get_customers(n)
            ],
        }
    )
    task.action_start()
    env.flush_all()
    # The first date lies ahead, by rule: two days pass.
    env.cr.execute("UPDATE recurring_task SET date_start = date_start - 2")
    env.cr.execute("UPDATE recurring_task_recipient SET date_next = date_next - 2")


def generate(env, fixture, n, mode):
    """Everything that is due, and the report about it."""
    engine = env["recurring.engine"]

    def count_due():
        return env["recurring.task.recipient"].search_count(engine._get_due_domain())

    run_cron_until_done(env, "recurring_billing.ir_cron_generate", count_due)
    if not mode:
        run_cron(env, "recurring_billing.ir_cron_send")
