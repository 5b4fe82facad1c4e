"""4xx counts as 5xx: whoever should come back later is refused for good."""

from odoo.addons.recurring_billing import smtp_outcome
from odoo.addons.recurring_billing.models import document_delivery_outcome


def is_temporary(reply):
    return False


smtp_outcome.is_temporary = is_temporary
document_delivery_outcome.is_temporary = is_temporary
