"""How far a run has come, seen from outside while it is going on."""

from .scheduler import wait_for

#: Rises with every row that anybody writes, committed or not.
ACTIVITY = """
    SELECT a.last_value + b.last_value + c.last_value + d.last_value + e.last_value
      FROM recurring_occurrence_id_seq a, account_move_line_id_seq b,
           document_delivery_id_seq c, mail_message_id_seq d, mail_mail_id_seq e"""

#: Committed steps: issued, mail made, mail settled; three for each document.
DONE = """
    SELECT (SELECT count(*) FROM recurring_occurrence)
         + (SELECT count(*) FROM document_delivery WHERE mail_mail_id IS NOT NULL)
         + (SELECT count(*) FROM document_delivery
             WHERE state NOT IN ('queued', 'sending', 'deferred'))"""

#: What is still to be done by somebody; everything has come to rest when all are zero.
OPEN = """
    SELECT (SELECT count(*) FROM recurring_task_recipient r
              JOIN recurring_task t ON t.id = r.task_id
             WHERE t.state = 'running' AND r.state = 'running'
               AND (r.date_next <= now()::date OR r.requested_run_id IS NOT NULL)
               AND (r.date_retry IS NULL OR r.date_retry <= now()::date)),
           (SELECT count(*) FROM document_delivery
             WHERE state IN ('queued', 'sending', 'deferred')),
           (SELECT count(*) FROM recurring_run WHERE state = 'running')"""


def activity(db, smtp):
    """A number that changes whenever a row is written or the mail server is spoken to,
    long before anything is committed."""
    return db.scalar(ACTIVITY) + len(smtp.attempts)


def done(db):
    """Number of committed steps."""
    return db.scalar(DONE)


def rows_lost(db):
    """Ledger rows that were written, but never committed: the work of killed batches.
    More than none: some kills came in the middle of a batch."""
    written = db.scalar(
        "SELECT CASE WHEN is_called THEN last_value ELSE 0 END"
        " FROM recurring_occurrence_id_seq"
    )
    return written - db.scalar("SELECT count(*) FROM recurring_occurrence")


def is_at_rest(db):
    """Everything that was due is issued or noted, every mail settled, runs closed."""
    return not any(db.sql(OPEN)[0])


def wait_until_at_rest(db, limit=300):
    try:
        wait_for(db, lambda: is_at_rest(db), limit, "coming to rest")
    except TimeoutError as error:
        raise TimeoutError(f"{error}; still open: {db.sql(OPEN)[0]}") from error
