from . import document_send_again
from . import recapitulative_invoice_wizard
