
from . import acknowledge
