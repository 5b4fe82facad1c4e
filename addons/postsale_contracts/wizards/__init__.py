from . import postsale_visit_spread
from . import postsale_visit_spread_line
from . import postsale_activity_billing
from . import postsale_activity_billing_ticket
from . import postsale_activity_billing_line
