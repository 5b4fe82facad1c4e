"""A scripted person who works with the data that the engine is billing."""

import threading
import time
from dataclasses import dataclass, field

from harness import RpcError

#: Seconds between the moments at which a person means to do something.
PERIOD = 0.25
#: Newest invoices of the run among which a person picks one.
NEWEST = 50


@dataclass
class Operation:
    """One call, in seconds of the clock; `error` is what the person saw."""

    kind: str
    start: float
    end: float = 0.0
    error: str = ""


@dataclass
class Clerk(threading.Thread):
    """Works until told to stop, on records of her own: every second one.

    client: her session; rng: her choices
    written: what must be in the database, by (model, id, field)
    doubtful: what may be there as well, because its call failed
    """

    number: int
    client: object
    rng: object
    db: object
    product: int
    operations: list = field(default_factory=list)
    written: dict = field(default_factory=dict)
    doubtful: dict = field(default_factory=dict)
    invoices: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__(daemon=True)
        self.leave = threading.Event()
        self._own = {
            table: self._find(f"SELECT id FROM {table} WHERE {what} ORDER BY id")
            for table, what in (
                ("res_partner", "name LIKE 'Customer%%'"),
                ("recurring_task", "true"),
                ("recurring_task_recipient", "true"),
            )
        }

    def __hash__(self):
        return self.number

    def _find(self, query):
        with self.db.connect() as connection, connection.cursor() as cursor:
            cursor.execute(query)
            ids = [row[0] for row in cursor.fetchall()]
        connection.close()
        return [number for number in ids if number % 2 == self.number]

    def run(self):
        kinds = {
            self.edit_partner: 3,
            self.edit_task: 2,
            self.edit_recipient: 3,
            self.edit_invoice: 3,
            self.issue_invoice: 1,
        }
        due = time.time()
        while not self.leave.is_set():
            act = self.rng.choices(list(kinds), kinds.values())[0]
            operation = Operation(act.__name__, time.time())
            try:
                act()
            except RpcError as error:
                operation.error = f"{error.name}: {error}"
            operation.end = time.time()
            self.operations.append(operation)
            due = max(due + PERIOD, operation.end)
            self.leave.wait(max(due - time.time(), 0))

    def edit_partner(self):
        self._write("res.partner", "res_partner", "ref")

    def edit_task(self):
        self._write("recurring.task", "recurring_task", "description")

    def edit_recipient(self):
        self._write(
            "recurring.task.recipient", "recurring_task_recipient", "mail_greeting"
        )

    def edit_invoice(self):
        """One that the run has just issued."""
        newest = self._find(
            "SELECT id FROM account_move WHERE recurring_task_id IS NOT NULL"
            f" ORDER BY id DESC LIMIT {NEWEST}"
        )
        if newest:
            self._own["account_move"] = newest
            self._write("account.move", "account_move", "ref")

    def issue_invoice(self):
        """A new one by hand: its number comes from the journal of the run."""
        partner = self.rng.choice(self._own["res_partner"])
        line = [0, 0, {"product_id": self.product, "quantity": 1, "price_unit": 7.0}]
        values = {
            "move_type": "out_invoice",
            "partner_id": partner,
            "invoice_line_ids": [line],
        }
        (invoice,) = self.client.call("account.move", "create", [values])
        self.client.call("account.move", "action_post", [invoice])
        self.invoices.append(invoice)

    def _write(self, model, table, name):
        record = self.rng.choice(self._own[table])
        text = f"{self.number}-{self.rng.random()}"
        try:
            self.client.call(model, "write", [record], {name: text})
        except RpcError:
            self.doubtful.setdefault((table, record, name), set()).add(text)
            raise
        self.written[table, record, name] = text
        self.doubtful.pop((table, record, name), None)

    def count_lost(self):
        """Values that she wrote and that are not in the database."""
        lost = 0
        for (table, record, name), text in self.written.items():
            query = f"SELECT {name} FROM {table} WHERE id = %s"
            allowed = {text, *self.doubtful.get((table, record, name), ())}
            lost += self.db.scalar(query, record) not in allowed
        return lost
