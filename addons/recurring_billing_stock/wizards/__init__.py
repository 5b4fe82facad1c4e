from . import document_send_again
