"""P9: no e-mail for what was not committed."""

from harness import SmtpSink

from .audit import audit
from .failpoints import BEFORE_COMMIT, PARTS
from .progress import is_at_rest, wait_until_at_rest
from .proof import Proof, Verdict
from .sabotage import patched
from .scheduler import Scheduler, wait_for
from .workbench import let_first_date_arrive, seed_tasks

#: How often a failing worker is let fail. Odoo gives an action up for a while after
#: three deaths in a row and turns to the others, such as the mail queue.
TIMES = 4
#: Issues, then calls every fourth document back before its mail is made, and every
#: fourth while its mail waits in the queue.
CALL_BACK = """
def call_back(moves):
    moves.button_draft()
    moves.button_cancel()
    env.cr.commit()

env["recurring.engine"]._cron_generate()
env.cr.commit()
moves = env["account.move"].search([("recurring_task_id", "!=", False)], order="id")
call_back(moves[0::4])
env["document.delivery"]._cron_send()
env.cr.commit()
call_back(moves[1::4])
"""

#: What a person does about mails that could not be made.
TRY_AGAIN = """
blocked = env["document.delivery"].search([("state", "=", "blocked")])
if blocked:
    blocked.action_retry()
    env.cr.commit()
"""


class NoMail(Proof):
    """The work fails at every failpoint before a commit, by kill -9 and by an error:
    the mail server hears nothing. Then it is let through, and every mail comes once.

    Documents that are cancelled while their mails wait are not mailed either.
    """

    key = "P9"
    promise = "No e-mail for what was not committed"
    small = {"customers": 2, "pdf": False}
    full = {"customers": 20, "pdf": True}
    quick = {"customers": 2, "pdf": False, "points": ("engine:before_commit",)}
    sabotages = {
        "mail_in_transaction": "sending only what is committed",
        "no_recall": "the checks that the document of a mail still stands",
    }

    def run(self, customers, pdf, points=BEFORE_COMMIT):
        """
        customers: of each task; there is a task for each failpoint, and three more
        """
        verdict = Verdict()
        # One step is not committed before the next one has begun: engine first.
        points = sorted(points, key=lambda name: PARTS.index(f"{name.split(':')[0]}:"))
        tasks = 3 + len(points)
        with self.workbench.database("nomail") as db, SmtpSink() as smtp:
            self.db, self.smtp = db, smtp
            seed_tasks(db, customers * tasks, tasks, completion="send")
            first, second, third, *others = [
                task for (task,) in db.sql("SELECT id FROM recurring_task ORDER BY id")
            ]
            patches = [self.sabotage] if self.sabotage else []
            if not pdf:
                patches.append("blank_pdf")
            self._call_back([first, second], patches)
            with Scheduler(db, smtp=smtp, forked=True, patches=patches) as scheduler:
                wait_until_at_rest(db)
                self._judge_called_back(verdict, [first, second])
                heard = self._kill(scheduler, points, third)
                heard += self._raise(scheduler, points, others)
                verdict.figures["failures"] = 2 * len(points)
                verdict.expect("mails about nothing", heard)
                self._let_through(verdict, [third, *others])
            audit(db, verdict)
        return verdict

    def _messages(self, task_ids):
        """{address of a customer of these tasks: how many mails came}"""
        rows = self.db.sql(
            "SELECT p.email FROM recurring_task_recipient r"
            "  JOIN res_partner p ON p.id = r.partner_id WHERE r.task_id = ANY(%s)",
            task_ids,
        )
        return {address: len(self.smtp.to(address)) for (address,) in rows}

    # === CALLED BACK === #

    def _call_back(self, task_ids, patches):
        let_first_date_arrive(self.db, task_ids)
        self.db.shell(CALL_BACK, **patched(self.db.settings, *patches))

    def _judge_called_back(self, verdict, task_ids):
        cancelled = {
            address
            for (address,) in self.db.sql(
                "SELECT p.email FROM account_move m"
                "  JOIN res_partner p ON p.id = m.partner_id WHERE m.state = 'cancel'"
            )
        }
        messages = self._messages(task_ids)
        verdict.expect_at_least("documents called back", len(cancelled), 2)
        came = sum(messages[address] for address in cancelled)
        verdict.expect("mails about them", came)
        others = [messages[address] for address in set(messages) - cancelled]
        verdict.expect("mails about the others", others, [1] * len(others))

    # === FAILURES === #

    def _kill(self, scheduler, points, task):
        """Kill whoever comes to a failpoint, one after another: it never gets further.

        :return: how many mails the customers got
        """
        let_first_date_arrive(self.db, [task])
        heard = 0
        for point in points:
            self._fail(scheduler, point, "kill-always")
            heard += sum(self._messages([task]).values())
        scheduler.forget_wish()
        wait_until_at_rest(self.db)
        return heard

    def _raise(self, scheduler, points, tasks):
        """Let the work at one task go wrong at each failpoint."""
        heard = 0
        for point, task in zip(points, tasks, strict=True):
            let_first_date_arrive(self.db, [task])
            self._fail(scheduler, point, "raise")
            heard += sum(self._messages([task]).values())
            scheduler.forget_wish()
            wait_until_at_rest(self.db)
        return heard

    def _fail(self, scheduler, point, way):
        """Until it failed so often, or was noted as failed."""
        scheduler.wish(point, way)
        wait_for(
            self.db,
            lambda: scheduler.hits >= TIMES or (scheduler.hits and is_at_rest(self.db)),
            what=f"{way} at {point}",
        )

    def _let_through(self, verdict, task_ids):
        """The mail server was listening: now everybody gets his mail."""
        self.db.sql("UPDATE recurring_task_recipient SET date_retry = NULL")
        self.db.shell(TRY_AGAIN)
        wait_until_at_rest(self.db)
        counts = sorted(set(self._messages(task_ids).values()))
        verdict.expect("mails to each customer in the end", counts, [1])
