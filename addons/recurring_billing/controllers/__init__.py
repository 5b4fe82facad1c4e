from . import acknowledge
from . import sale_history
