"""Set the table for faults: customers on running tasks, inside an `odoo shell`.

``p03_loud_faults`` and ``p04_silent_faults`` run their faults with it. A fault is a
function that starts what it needs, yields, breaks it, and, where it can be mended,
yields again and mends it::

    @fault
    def archived_customer(bench):
        customer = bench.customer()
        bench.start(customer)
        yield
        customer.action_archive()
        yield
        customer.action_unarchive()
"""

from odoo import Command, fields

FAULTS = {}


def fault(function):
    """Note a fault under its name; the task and the customer get the same."""
    FAULTS[function.__name__] = function
    return function


class Bench:
    """What faults are made of. Everything is named after the fault at hand."""

    def __init__(self, env, kind="invoice", days=2):
        """
        :param str kind: what the tasks issue, a ``document_type``
        :param int days: until the first document is due
        """
        self.env = env
        self.kind = kind
        self.name = ""
        self.date_start = fields.Date.add(fields.Date.today(), days=days)
        self.product = env["product.product"].create(
            {"name": "Hosting", "list_price": 100.0}
        )
        self.running = {}
        self.joined = env["res.partner"]

    # === THE THREE STEPS === #

    def start_all(self, faults):
        """First step: everything is in order, and the tasks run."""
        for name, function in faults.items():
            self.name = f"{name} {self.kind}"
            self.running[self.name] = function(self)
            next(self.running[self.name])
        self._settle()
        return self.env["recurring.task"].search([("name", "in", list(self.running))])

    def step_all(self):
        """The next step of every fault that has one: break, then mend."""
        for name in list(self.running):
            self.name = name
            if next(self.running[name], "over") == "over":
                del self.running[name]
        self._settle()

    def _settle(self):
        self.env.flush_all()
        self.env.cr.commit()
        self.env.invalidate_all()

    # === MAKERS === #

    def customer(self, **values):
        email = f"{self.name.replace(' ', '.')}@example.com"
        values = {"name": self.name, "email": email, **values}
        return self.env["res.partner"].create(values)

    def make(self, model, **values):
        return self.env[model].create({"name": f"of {self.name}", **values})

    def start(self, *customers, line=None, **values):
        """A running task for these customers, with one line."""
        line = {"product_id": self.product.id, "name": "Hosting", **(line or {})}
        task = self.env["recurring.task"].create(
            {
                "name": self.name,
                "document_type": self.kind,
                "completion": "confirm",
                "date_start": self.date_start,
                "line_ids": [Command.create(line)],
                "recipient_ids": [
                    Command.create({"partner_id": c.id}) for c in customers
                ],
                **values,
            }
        )
        task.action_start()
        return task

    def join(self, customer):
        """Let this customer be one of many on a task, see :meth:`start_shared`."""
        self.joined += customer
        return customer

    def start_shared(self, customers, tasks, **values):
        """Tasks whose customers are in order, but for those who joined."""
        good = self.env["res.partner"].create(
            [
                {"name": f"Good {number:04d}", "email": f"good{number:04d}@example.com"}
                for number in range(customers - len(self.joined))
            ]
        )
        everybody = list(good)
        for number, customer in enumerate(self.joined):
            everybody.insert(number * len(good) // len(self.joined), customer)
        for part in range(tasks):
            self.name = f"Shared {part}"
            self.start(*everybody[part::tasks], **values)
        self._settle()

    def currency(self, name):
        """An active currency with a rate."""
        Currency = self.env["res.currency"].with_context(active_test=False)
        currency = Currency.search([("name", "=", name)])
        currency.active = True
        currency.rate_ids.unlink()
        currency.rate_ids = [Command.create({"name": "2020-01-01", "rate": 2.0})]
        return currency

    def pricelist(self, price=50.0, **values):
        item = Command.create({"compute_price": "fixed", "fixed_price": price})
        values = {"currency_id": self.env.company.currency_id.id, **values}
        return self.make("product.pricelist", item_ids=[item], **values)

    def account(self, kind):
        code = f"4090{len(self.running):02d}"
        return self.make("account.account", code=code, account_type=kind)

    def journal(self, **values):
        """A journal like the usual one for sales."""
        journals = self.env["account.journal"]
        usual = journals.search([("type", "=", "sale")], limit=1)
        code = f"F{journals.search_count([])}"
        return usual.copy({"name": f"of {self.name}", "code": code, **values})
