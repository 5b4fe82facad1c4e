from . import test_contract
from . import test_contract_billing
from . import test_contract_order
from . import test_contract_portal
from . import test_contract_tours
from . import test_postsale_config
from . import test_rights
