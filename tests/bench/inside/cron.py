"""Scheduled actions, run as the scheduler does."""


def run_cron(env, xmlid):
    """Run a scheduled action once, with Odoo's own transactions and slices of time.

    :raises RuntimeError: with the traceback, when it failed
    """
    answer = env.ref(xmlid).method_direct_trigger()
    env.cr.commit()  # what the action committed is visible from here on
    if answer is not True:
        raise RuntimeError(f"{xmlid}: {answer['params']['data']['debug']}")


def run_cron_until_done(env, xmlid, count_open):
    """Run it again as long as it leaves work, as its own trigger would.

    :param count_open: function that counts what is left
    """
    left = count_open()
    while left:
        run_cron(env, xmlid)
        before, left = left, count_open()
        if left >= before:
            raise RuntimeError(f"{xmlid} leaves {left} and gets no further")
