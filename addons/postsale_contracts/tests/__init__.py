from . import test_rights
from . import test_contract_term
from . import test_renewal
from . import test_renewal_engine
from . import test_renewal_notice
from . import test_renewal_budget
from . import test_renewal_tours
