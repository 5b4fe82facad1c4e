from . import test_erp_client
from . import test_erp_handover
from . import test_erp_rules
from . import test_erp_tours
from . import test_erp_ways
from . import test_rights
