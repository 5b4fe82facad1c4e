from . import recurring_engine
