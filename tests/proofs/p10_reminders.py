"""P10: reminders tell the truth."""

import itertools
import re

from harness import SmtpSink

from .audit import audit
from .p10_bookkeeper import KINDS, Bookkeeper
from .progress import is_at_rest
from .proof import Proof, Verdict
from .scheduler import Scheduler, let_an_hour_pass, wait_for

REMIND = "recurring_billing.ir_cron_remind"
#: Seconds between the last look at the accounts and the first word to the mail server,
#: at most, on a machine that is busy with other things.
MARGIN = 1.0
#: Days between two levels of the standard ladder.
DISTANCE = 12
NUMBER = re.compile(r"INV/[\d/]+\d")

SEED = """
from datetime import timedelta
from odoo import Command, fields

today = fields.Date.today()
company = env.company
company.write({{
    "reminder_from_date": today - timedelta(days=300),
    "recurring_send_hour": 0.001,
}})
levels = env["payment.reminder.level"].search([])
levels.attach_invoices = False
levels.mail_template_id.report_template_ids = False
customers = env["res.partner"].create([
    {{"name": f"Debtor {{n:04d}}", "email": f"debtor{{n:04d}}@example.com"}}
    for n in range({debtors})
])
invoices = env["account.move"].create([{{
    "move_type": "out_invoice",
    "partner_id": customer.id,
    "invoice_date": today - timedelta(days=80),
    "invoice_date_due": today - timedelta(days=days),
    "invoice_payment_term_id": False,
    "invoice_line_ids": [Command.create({{
        "name": "Hosting",
        "price_unit": 100 + number + part / 10,
        "tax_ids": [Command.clear()],
    }})],
}} for number, customer in enumerate(customers)
   for part, days in enumerate((40, 50))])
invoices.action_post()
env.cr.commit()
"""

QUEUED = "SELECT count(*) FROM payment_reminder WHERE state = 'queued'"
TWICE = """
    SELECT move_id, level_id FROM payment_reminder WHERE state != 'void'
     GROUP BY 1, 2 HAVING count(*) > 1"""
#: A level whose predecessor was left out, or came later.
OUT_OF_ORDER = """
    SELECT r.id FROM payment_reminder r
      JOIN payment_reminder_level l ON l.id = r.level_id
     WHERE r.state != 'void' AND EXISTS (
           SELECT FROM payment_reminder_level lower
            WHERE lower.company_id = l.company_id AND lower.ladder_id IS NULL
              AND lower.days_overdue < l.days_overdue AND NOT EXISTS (
                  SELECT FROM payment_reminder before
                   WHERE before.move_id = r.move_id AND before.level_id = lower.id
                     AND before.state != 'void'
                     AND r.date - before.date
                         >= l.days_overdue - lower.days_overdue))"""


class Reminders(Proof):
    """Debtors are reminded through a slow mail server. As soon as the first mail is
    out, while all others are made and wait, somebody else books payments, credit notes,
    disputes and the like.

    A mail is false if it names an invoice that was settled before the mail server
    heard of it, or asks for more than was left of it.
    """

    key = "P10"
    promise = "Reminders tell the truth"
    small = {"debtors": 40, "rounds": 1, "pause": 0.1}
    full = {"debtors": 500, "rounds": 1, "pause": 0.2}
    sabotages = {"no_recheck": "the look at the accounts before a mail leaves"}

    def run(self, debtors, rounds, pause):
        """
        rounds: number of levels, one after the other
        pause: seconds between two bookings
        """
        verdict = Verdict()
        self.bookings, self.starts = [], {}
        with self.workbench.database("reminders") as db, SmtpSink() as smtp:
            self.db, self.smtp = db, smtp
            db.shell(SEED.format(debtors=debtors))
            patches = [self.sabotage] if self.sabotage else []
            with Scheduler(db, smtp=smtp, forked=True, patches=patches):
                for number in range(rounds):
                    if number:
                        self._let_days_pass()
                    self._remind(number, rounds, pause)
            verdict.figures["debtors"] = debtors
            verdict.figures["bookings"] = len(self.bookings)
            self._judge_mails(verdict)
            self._judge_ledger(verdict, rounds)
            audit(db, verdict)
        return verdict

    # === THE RUN === #

    def _let_days_pass(self):
        """What waiting for the next level would do; the clock is never touched."""
        self.db.sql(
            f"UPDATE payment_reminder SET date = date - {DISTANCE};"
            f"UPDATE payment_reminder_letter SET date = date - {DISTANCE}"
        )

    def _remind(self, number, rounds, pause):
        self.smtp.pause = 0.002
        before = len(self.smtp.messages)
        bookkeeper = Bookkeeper(
            self.db, self._plan(number, rounds), pause=pause, after=before
        )
        bookkeeper.start()
        let_an_hour_pass(self.db, (REMIND,))
        wait_for(self.db, lambda: len(self.smtp.messages) > before, 900, "reminding")
        bookkeeper.join()
        if bookkeeper.error:
            raise bookkeeper.error
        self.bookings += bookkeeper.bookings
        self.smtp.pause = 0.0
        wait_for(self.db, self._is_over, 900, "the last reminder")

    def _plan(self, number, rounds):
        """Something happens to half of the debtors who are left for this round: to one
        invoice of some of them, to both of others."""
        rows = self.db.sql(
            "SELECT partner_id, array_agg(id ORDER BY id DESC) FROM account_move"
            " WHERE move_type = 'out_invoice' GROUP BY 1 ORDER BY 1"
        )
        chosen = [ids for _partner, ids in rows[1 + number :: 2 * rounds]]
        self.random.shuffle(chosen)
        plan = []
        for ids, kind in zip(chosen, itertools.cycle(KINDS), strict=False):
            both = kind != "on_account" and self.random.random() < 0.5
            plan += [(kind, move) for move in ids[: 1 + both]]
        return plan

    def _is_over(self):
        return is_at_rest(self.db) and not self.db.scalar(QUEUED)

    # === THE VERDICT === #

    def _judge_mails(self, verdict):
        mails = [self._read(message) for message in self.smtp.messages]
        settled, reduced, covered = {}, {}, {}
        for booking in self.bookings:
            if booking.kind == "partial":
                reduced[booking.number] = booking
            elif booking.kind == "on_account":
                covered[self._get_address(booking.move)] = booking
            else:
                settled[booking.number] = booking
        false = [
            (number, settled[number].kind)
            for start, numbers, _address, _text in mails
            for number in numbers & set(settled)
            if settled[number].moment + MARGIN < start
        ]
        false += [
            (address, "on_account")
            for start, _numbers, address, _text in mails
            if address in covered and covered[address].moment + MARGIN < start
        ]
        verdict.figures["mails"] = len(mails)
        verdict.expect("invoices named that were settled before", len(false))
        verdict.faults += [f"named though settled: {case}" for case in false[:3]]
        wrong = [
            number
            for start, numbers, _address, text in mails
            for number in numbers & set(reduced)
            if reduced[number].moment + MARGIN < start
            and f"{reduced[number].residual:.2f}" not in text
        ]
        verdict.expect("asked for more than was left", len(wrong))

    def _read(self, message):
        """When the mail server first heard of a mail, what it names, and to whom."""
        start = max(
            moment
            for stage, _text, moment in self.smtp.attempts
            if stage == "mail" and moment <= message.time
        )
        text = message.html or message.text
        return start, set(NUMBER.findall(text)), message.rcpt_tos[0], text

    def _get_address(self, move):
        return self.db.scalar(
            "SELECT p.email FROM account_move m JOIN res_partner p"
            "  ON p.id = m.partner_id WHERE m.id = %s",
            move,
        )

    def _judge_ledger(self, verdict, rounds):
        verdict.expect("invoices reminded twice at a level", len(self.db.sql(TWICE)))
        verdict.expect("levels out of order", len(self.db.sql(OUT_OF_ORDER)))
        touched = {self._get_address(booking.move) for booking in self.bookings}
        others = {
            address
            for (address,) in self.db.sql(
                "SELECT email FROM res_partner WHERE name LIKE 'Debtor%%'"
            )
        } - touched
        counts = {len(self.smtp.to(address)) for address in others}
        verdict.expect("mails to each of the others", sorted(counts), [rounds])
        taken_back = self.db.scalar(
            "SELECT count(*) FROM mail_mail WHERE state = 'cancel'"
        )
        verdict.expect_at_least("mails taken back at the last moment", taken_back, 1)
