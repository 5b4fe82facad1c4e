from . import crm_lead
from . import payment_automation
from . import sale_order
from . import recurring_forecast
