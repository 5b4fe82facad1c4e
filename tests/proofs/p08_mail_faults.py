"""P8: no e-mail is lost or silently doubled."""

from collections import Counter
from contextlib import contextmanager
from email.utils import getaddresses

import requests

from harness import SmtpSink, odoo_server

from .audit import audit
from .p08_seed import CLERK, CRASHES, NO_ADDRESS, seed
from .p08_troubles import TROUBLES
from .proof import Proof, Verdict
from .sabotage import patched
from .scheduler import MAIL_QUEUE, SEND

#: Where the process is killed, and how many mails nobody can tell about afterwards.
FAILPOINTS = ("mail:after_data", "mail:before_smtp")
#: Seconds after which Odoo takes a silent server for dead; the first for those who are.
SHORT_PATIENCE, LONG_PATIENCE = 3, 60
#: What a broken mail server makes Odoo complain about.
EXPECTED_LOG = (r"mail_mail: (failed sending mail|Exception while processing)",)

DELIVERIES = """
    SELECT t.name, d.id, d.state, COALESCE(d.reason, '') AS reason, d.email_to,
           message.message_id, mail.state
      FROM document_delivery d
      JOIN recurring_task t ON t.id = d.task_id
      LEFT JOIN mail_mail mail ON mail.id = d.mail_mail_id
      LEFT JOIN mail_message message ON message.id = d.mail_message_id
     WHERE d.attempt_of_id IS NULL
     ORDER BY d.id"""
#: Whether the scheduler would run an action now, before its next hour.
CALLED_AGAIN = """
    SELECT count(*) FROM ir_cron_trigger
     WHERE cron_id = %s AND call_at <= now() at time zone 'UTC'"""
#: Mails that the queue would take now.
DUE = """
    SELECT count(*) FROM mail_mail m JOIN document_delivery d ON d.mail_mail_id = m.id
     WHERE m.state = 'outgoing'
       AND (m.scheduled_date IS NULL
            OR m.scheduled_date <= now() at time zone 'UTC')"""


class MailFaults(Proof):
    """A real Odoo server mails quotations to a real mail server that misbehaves.

    For each trouble a task with mails of its own: approved, queued, handed over while
    the trouble lasts; then the mail server recovers, the pauses pass, and everything
    must be delivered, refused with a reason, or shown to a person as unknown.
    """

    key = "P8"
    promise = "No e-mail is lost or silently doubled"
    small = {"mails": 6}
    full = {"mails": 200}
    quick = {"mails": 4}
    sabotages = {
        "note_after_sending": "the note, committed before a mail leaves, that it does",
        "mail_repeat_unknown": "the difference between not taken and not known",
        "mail_all_refusals_final": "the difference between 4xx and 5xx",
        "mail_endless_patience": "leaving a server alone that hangs",
        "mail_even_pauses": "pauses that grow",
        "mail_odoo_alone": "everything: mails go Odoo's own way",
    }
    #: With a protection gone, these troubles show it.
    shown_by = {
        "note_after_sending": (),
        "mail_repeat_unknown": ("drops after it took the text",),
        "mail_all_refusals_final": ("451 at RCPT",),
        "mail_endless_patience": ("hangs at RCPT",),
        "mail_even_pauses": ("451 at RCPT",),
        "mail_odoo_alone": ("451 after the text", "connection refused"),
    }

    def run(self, mails):
        self.verdict = Verdict()
        self.mails = mails
        self.left_behind = 0
        # Each start of a server costs some seconds; a sabotage needs what shows it.
        is_for_crashes = self.sabotage in (None, "note_after_sending")
        self.failpoints = FAILPOINTS if is_for_crashes else ()
        names = list(self.shown_by[self.sabotage] if self.sabotage else TROUBLES)
        self.random.shuffle(names)
        self.troubles = [TROUBLES[name] for name in names]
        with self.workbench.database("mails") as db, SmtpSink() as sink:
            self.db, self.sink = db, sink
            self._seed()
            for failpoint in self.failpoints:
                self._crash(failpoint)
            with self._server() as server:
                self._send(server)  # the mails that a crash left behind
                self._meet_troubles(server)
                self._recover(server)
                self._judge()
                self._judge_people(server)
            if not self.sabotage:
                audit(db, self.verdict)
        return self.verdict

    # === SETTING THE SCENE === #

    def _seed(self):
        tasks = [(t.name, self.mails, t.has_copy) for t in self.troubles]
        tasks += [(CRASHES, self.mails, False), (NO_ADDRESS, self.mails, False)]
        seed(self.db, tasks)
        self.db.set_param("mail.mail.queue.batch.size", str(self.mails))

    @contextmanager
    def _server(self, failpoint=None):
        patches = ["patient_as_told", *filter(None, [self.sabotage])]
        changes = patched(self.db.settings, *patches, failpoint=failpoint)
        changes["options"].append("--limit-time-real=0")  # a round is one request
        with odoo_server(
            self.db, smtp=self.sink, allow_log=EXPECTED_LOG, **changes
        ) as server:
            yield server

    def _ids(self, name, *states):
        rows = self.db.sql(
            "SELECT d.id FROM document_delivery d JOIN recurring_task t"
            " ON t.id = d.task_id WHERE t.name = %s AND d.state = ANY(%s)",
            name,
            list(states),
        )
        return [row[0] for row in rows]

    def _queue(self, server, name):
        """A person approves the mails, the scheduled action makes them."""
        ids = self._ids(name, "held")
        server.login(CLERK).call("document.delivery", "action_approve", ids)
        waiting = (
            "SELECT count(*) FROM document_delivery"
            " WHERE state = 'queued' AND mail_mail_id IS NULL"
        )
        while self.db.scalar(waiting):
            server.run_cron(SEND)

    def _send(self, server):
        """Let the mail queue work as long as it asks to be called again."""
        server.run_cron(MAIL_QUEUE)
        while self.db.scalar(CALLED_AGAIN, self.db.ref(MAIL_QUEUE)):
            server.run_cron(MAIL_QUEUE)
        self.left_behind += self.db.scalar(DUE)

    # === TROUBLES === #

    def _crash(self, failpoint):
        """kill -9 in the middle of the first mail of whatever is waiting."""
        with self._server(failpoint) as server:
            try:
                server.run_cron(MAIL_QUEUE)
            except requests.ConnectionError:
                server.process.wait(30)
            if server.alive:
                self.verdict.faults.append(f"nothing came to the failpoint {failpoint}")

    def _meet_troubles(self, server):
        self.waits, self.pauses = Counter(), Counter()
        for trouble in self.troubles:
            self._queue(server, trouble.name)
            before = {}
            for number in range(trouble.rounds):
                if number:
                    self._let_pauses_pass(trouble.name)
                self._set_patience(SHORT_PATIENCE if trouble.hangs else LONG_PATIENCE)
                fault = trouble.begin(self.sink)
                self._send(server)
                trouble.end_it(self.sink)
                before = self._compare_pauses(trouble, before)
                if trouble.hangs:
                    self.waits[fault.used] += 1
            self._set_aside(trouble.name)

    def _set_patience(self, seconds):
        """How long Odoo waits for a silent server; see patient_as_told.py."""
        self.db.sql(
            "INSERT INTO ir_config_parameter (key, value) VALUES ('proof.patience', %s)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            str(seconds),
        )

    def _compare_pauses(self, trouble, before):
        """Those that wait, wait longer than the last time.

        :return: pause by delivery
        """
        pauses = dict(
            self.db.sql(
                "SELECT d.id, d.next_attempt - d.state_date FROM document_delivery d"
                " JOIN recurring_task t ON t.id = d.task_id"
                " WHERE d.state = 'deferred' AND t.name = %s",
                trouble.name,
            )
        )
        for delivery, pause in pauses.items():
            if delivery in before:
                self.pauses["grew" if pause > before[delivery] else "did not"] += 1
        return pauses

    def _set_aside(self, name):
        """A full run lasts longer than the first pauses: no mail of this trouble may
        come due in the middle of the next one."""
        self.db.sql(
            "UPDATE mail_mail m SET scheduled_date = scheduled_date + interval '9 days'"
            " FROM document_delivery d JOIN recurring_task t ON t.id = d.task_id"
            " WHERE d.mail_mail_id = m.id AND m.state = 'outgoing' AND t.name = %s",
            name,
        )

    def _let_pauses_pass(self, name="%"):
        past = "now() at time zone 'UTC' - interval '1 minute'"
        self.db.sql(
            f"UPDATE document_delivery d SET next_attempt = {past}"
            " FROM recurring_task t WHERE t.id = d.task_id AND t.name LIKE %s"
            " AND d.state = 'deferred'",
            name,
        )
        self.db.sql(
            f"UPDATE mail_mail m SET scheduled_date = {past}"
            " FROM document_delivery d WHERE d.mail_mail_id = m.id"
            " AND d.next_attempt IS NOT NULL AND d.state = 'deferred'"
            " AND d.next_attempt < now() at time zone 'UTC'"
        )

    def _recover(self, server):
        """The mail server is well again; the suite needs nobody's help."""
        self._set_patience(LONG_PATIENCE)
        for _round in range(3):
            self._let_pauses_pass()
            self._send(server)
            server.run_cron(SEND)

    # === VERDICT === #

    def _judge(self):
        expect = self.verdict.expect
        rows = self.db.sql(DELIVERIES)
        self.by_task = {}
        for row in rows:
            self.by_task.setdefault(row[0], []).append(row)
        self.copies = Counter(
            address for item in self.sink.messages for address in item.rcpt_tos
        )
        states = Counter(row[2] for row in rows)
        for state in ("sent", "refused", "unknown", "no_address"):
            self.verdict.figures[state] = states.pop(state, 0)
        total = (len(self.troubles) + 2) * self.mails
        self.verdict.figures = {"mails": total, **self.verdict.figures}
        expect("deliveries that got lost", total - len(rows))
        expect("neither delivered, refused nor unknown", sum(states.values()))
        waiting = sum(row[6] == "outgoing" for row in rows)
        expect("mails that wait for ever", waiting)
        expect("due, but left for the next hour", self.left_behind)
        told = [row for row in rows if row[2] in ("refused", "unknown", "no_address")]
        expect("without a reason", sum(not row[3] for row in told))
        expect("got it twice", sum(count > 1 for count in self.copies.values()))
        self._judge_addresses(rows)
        self._judge_message_ids(rows)
        for trouble in self.troubles:
            self._judge_trouble(trouble)
        self._judge_crashes()
        expect("pauses that did not grow", self.pauses["did not"])
        if any(t.rounds > 1 and t.end == "sent" for t in self.troubles):
            self.verdict.expect_at_least("pauses that grew", self.pauses["grew"], 1)
        hung = max(self.waits, default=0)
        self.verdict.expect_at_most("waited for a hanging server in a round", hung, 1)

    def _judge_addresses(self, rows):
        """What is said to be accepted is there; what is said to be refused is not."""
        counts = Counter()
        for _task, _id, state, _reason, email_to, *_mail in rows:
            for _name, address in getaddresses([email_to or ""]):
                counts[state, bool(self.copies[address])] += 1
        self.verdict.expect("accepted, but not there", counts["sent", False])
        self.verdict.expect("refused, but there", counts["refused", True])

    def _judge_message_ids(self, rows):
        """A repeated mail is the same message: whoever got it twice sees it once."""
        known = {row[5] for row in rows}
        by_address = {}
        for item in self.sink.offered:
            for address in item.rcpt_tos:
                ids = by_address.setdefault(address, set())
                ids.add(str(item.message["Message-ID"]).strip())
        ours = {a: ids for a, ids in by_address.items() if a.endswith("@example.com")}
        changed = sum(len(ids) > 1 or not ids <= known for ids in ours.values())
        self.verdict.expect("repeated as another message", changed)
        offers = Counter(a for i in self.sink.offered for a in i.rcpt_tos)
        repeated = sum(offers[address] > 1 for address in ours)
        if any(t.name == "451 after the text" for t in self.troubles):
            self.verdict.expect_at_least("repeated as the same", repeated, 1)

    def _judge_trouble(self, trouble):
        rows = self.by_task.get(trouble.name, [])
        states = Counter(row[2] for row in rows)
        unknown = states["unknown"]
        right = states[trouble.end] + unknown == self.mails
        if trouble.unknown:
            right = right and 1 <= unknown <= trouble.unknown
        else:
            right = right and not unknown
        end = trouble.end
        odd = [row for row in rows if row[2] != end or trouble.told not in row[3]]
        if not right or len(odd) > unknown:
            self.verdict.faults.append(f"{trouble.name}: {dict(states)}, {odd[-1:]}")

    def _judge_crashes(self):
        """Killed twice, each time one mail of which nobody can know."""
        states = Counter(row[2] for row in self.by_task[CRASHES])
        killed = len(self.failpoints)
        if (states["unknown"], states["sent"]) != (killed, self.mails - killed):
            self.verdict.faults.append(f"{CRASHES}: {dict(states)}")

    # === WHAT PEOPLE DO === #

    def _judge_people(self, server):
        """A clerk finds what needs her, and can settle it."""
        clerk = server.login(CLERK)
        domain = [["state", "=", "unknown"]]
        found = clerk.call("document.delivery", "search_read", domain, ["reason"])
        listed = sum(bool(row["reason"]) for row in found)
        unlisted = self.verdict.figures["unknown"] - listed
        self.verdict.expect("unknown, but not listed for a person", unlisted)
        again = self._send_again(clerk, found[0]["id"]) if found else ""
        mended = self._mend_addresses(server, clerk)
        server.run_cron(SEND)
        self._send(server)
        there = Counter(a for item in self.sink.messages for a in item.rcpt_tos)
        if again:
            sent = there[again] - self.copies[again]
            self.verdict.expect("sent again by a person", sent, 1)
        arrived = sum(there[address] == 1 for address in mended)
        self.verdict.expect("sent to an address added later", arrived, self.mails)

    def _send_again(self, clerk, delivery):
        """:return: the address"""
        row = clerk.call("document.delivery", "read", [delivery], ["email_to"])[0]
        action = clerk.call("document.delivery", "action_send_again", [delivery])
        clerk.call(action["res_model"], "action_send", [action["res_id"]])
        return getaddresses([row["email_to"]])[0][1]

    def _mend_addresses(self, server, clerk):
        """Customers without an address get one; the clerk tries again.

        :return: the addresses
        """
        ids = self._ids(NO_ADDRESS, "no_address")
        self.verdict.expect("no address, a state of its own", len(ids), self.mails)
        rows = server.call("document.delivery", "read", ids, ["partner_id"])
        addresses = []
        for row in rows:
            addresses.append(f"late-{row['id']}@example.com")
            values = {"email": addresses[-1]}
            server.call("res.partner", "write", [row["partner_id"][0]], values)
        if ids:
            clerk.call("document.delivery", "action_retry", ids)
        return addresses
