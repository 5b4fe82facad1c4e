def uninstall_hook(env):
    """Without us these jobs could only fail; the scheduled action does their work."""
    waiting = env["recurring.engine"]._get_unfinished_jobs()
    waiting.filtered(lambda job: job.state != "started").button_cancelled()
    env.ref("recurring_billing.ir_cron_generate")._trigger()
