from . import accountant_pack
from . import acknowledge
from . import payment_charge_portal
from . import sale_history
from . import sale_portal
from . import simulation
