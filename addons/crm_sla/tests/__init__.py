from . import test_portfolio
from . import test_portfolio_hostile
from . import test_portfolio_large
from . import test_portfolio_rights
from . import test_portfolio_tours
from . import test_portfolio_upload
from . import test_portfolio_value
from . import test_rights
