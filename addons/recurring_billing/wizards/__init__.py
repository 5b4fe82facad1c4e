from . import account_move_send_batch_wizard
from . import account_move_send_wizard
from . import document_send_again
from . import mail_compose_message
from . import payment_reminder_preview
from . import recurring_task_add_recipients
from . import res_partner_add_contact
from . import sale_history_selection
