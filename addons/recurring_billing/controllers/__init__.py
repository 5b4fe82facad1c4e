from . import accountant_pack
from . import acknowledge
from . import sale_history
from . import sale_portal
