from . import document_send_again
from . import recurring_task_add_recipients
