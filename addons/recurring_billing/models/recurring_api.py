from odoo import models


class RecurringApi(models.AbstractModel):
    """The API of the suite, called over Odoo's JSON-2 with an API key: docs/api.md.

    ``POST /json/2/recurring.api/<method>`` with named arguments. Each call is one
    transaction, with the rights of the key's user; what makes something takes an
    ``idempotency_key``. Answers can be written as JSON; errors are 4xx with a message
    that says what to do.
    """

    _name = "recurring.api"
    _inherit = [
        "recurring.api.invoice.mixin",
        "recurring.api.task.mixin",
        "recurring.api.change.mixin",
    ]
    _description = "API"
