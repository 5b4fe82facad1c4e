"""Who books payments, credit notes and disputes while reminders are being sent."""

import re
import threading
from dataclasses import dataclass

#: What may happen to an invoice that was to be reminded of. After "partial" it is
#: still owed, in part; after "on_account" the customer has money that covers it all.
KINDS = (
    "payment",
    "credit_note",
    "dispute",
    "partial",
    "entry",
    "opt_out",
    "on_account",
    "draft",
)
#: A line of what he says when it is committed.
BOOKED = re.compile(r"BOOKED (\w+) (\d+) (\S+) ([\d.]+) ([\d.]+)")

SCRIPT = """
import time
from odoo import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
other = env["account.account"].search([("account_type", "=", "income")], limit=1)

def get_receivable(moves):
    return moves.line_ids.filtered(lambda l: l.account_type == "asset_receivable")

def book_money(move, amount):
    receivable = get_receivable(move).account_id
    entry = env["account.move"].create({{"journal_id": bank.id, "line_ids": [
        Command.create({{"account_id": other.id, "debit": amount}}),
        Command.create({{"account_id": receivable.id, "credit": amount,
                        "partner_id": move.commercial_partner_id.id}}),
    ]}})
    entry.action_post()
    return entry

def act(kind, move):
    if kind == "payment":
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({{}})._create_payments()
    elif kind == "credit_note":
        move._reverse_moves([{{"invoice_date": move.invoice_date}}], cancel=True)
    elif kind == "dispute":
        move.action_toggle_block_payment()
    elif kind in ("partial", "entry"):
        part = 0.4 if kind == "partial" else 1
        entry = book_money(move, round(move.amount_residual * part, 2))
        get_receivable(move | entry).reconcile()
    elif kind == "opt_out":
        move.no_reminder = True
    elif kind == "on_account":
        book_money(move, 5000)
    elif kind == "draft":
        move.button_draft()

def has_begun():
    env.cr.rollback()
    env.cr.execute("SELECT count(*) FROM document_delivery"
                   " WHERE state = 'sent' AND res_model = 'payment.reminder.letter'")
    return env.cr.fetchone()[0] > {after}

while not has_begun():
    time.sleep(0.02)
for kind, move_id in {plan!r}:
    while True:
        move = env["account.move"].browse(move_id)
        name = move.name
        try:
            act(kind, move)
            residual = move.amount_residual
            env.cr.commit()
            break
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            env.cr.rollback()
        finally:
            env.invalidate_all(flush=False)
    print("BOOKED", kind, move_id, name, residual, time.time(), flush=True)
    time.sleep({pause})
"""


@dataclass(frozen=True)
class Booking:
    """What was committed at a moment, in seconds of the clock."""

    kind: str
    move: int
    number: str
    residual: float
    moment: float


class Bookkeeper(threading.Thread):
    """A process of its own; begins as soon as the first reminder has left.

    plan: pairs of a kind and the id of an invoice
    after: number of reminders that were sent before
    """

    def __init__(self, db, plan, *, pause, after=0):
        super().__init__(daemon=True)
        self.db = db
        self.script = SCRIPT.format(plan=plan, pause=pause, after=after)
        self.bookings = []
        self.error = None

    def run(self):
        try:
            output = self.db.shell(self.script)
        except RuntimeError as error:
            self.error = error
            return
        for kind, move, number, residual, moment in BOOKED.findall(output):
            self.bookings.append(
                Booking(kind, int(move), number, float(residual), float(moment))
            )
