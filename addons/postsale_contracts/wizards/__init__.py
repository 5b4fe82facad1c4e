from . import recurring_task_add_recipients
from . import recurring_task_asset_lines
