from . import test_rights
from . import test_visit
from . import test_visit_spread
from . import test_work_order
from . import test_work_order_mail
from . import test_work_order_query_budget
from . import test_work_order_tours
