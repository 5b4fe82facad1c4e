from . import test_erp
from . import test_letter
from . import test_portfolio
from . import test_recurring_billing
from . import test_sla
