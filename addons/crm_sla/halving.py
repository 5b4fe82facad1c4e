"""Work on many records of which one may fail."""

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


def work_or_halve(work, records, set_aside):
    """Do ``work(records)``, or find the guilty ones and do it for the others.

    A stale snapshot (serialization failure, deadlock, lock time-out) is nobody's fault:
    no savepoint cures it, it is raised.

    :param set_aside: called with a guilty record and its error
    """
    if not records:
        return
    try:
        with records.env.cr.savepoint():
            work(records)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception as error:
        records.env.invalidate_all(flush=False)
        if len(records) == 1:
            set_aside(records, error)
            return
        half = len(records) // 2
        work_or_halve(work, records[:half], set_aside)
        work_or_halve(work, records[half:], set_aside)
