"""Few documents for each commit, so that a few customers make many batches.

No protection is taken away. ``PROOF_BATCH_SIZE``: documents of one batch.
"""

import os

from odoo.addons.recurring_billing.models import document_delivery
from odoo.addons.recurring_billing.models.recurring_engine import RecurringEngine

SIZE = int(os.environ["PROOF_BATCH_SIZE"])

document_delivery.BATCH_SIZE = SIZE
RecurringEngine._get_batch_size = lambda self: SIZE
