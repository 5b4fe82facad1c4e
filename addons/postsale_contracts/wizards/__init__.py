from . import postsale_contract_billing
from . import postsale_activity_billing
from . import postsale_activity_billing_ticket
from . import postsale_activity_billing_line
from . import postsale_visit_spread
from . import postsale_visit_spread_line
from . import recurring_task_add_recipients
from . import recurring_task_asset_lines
