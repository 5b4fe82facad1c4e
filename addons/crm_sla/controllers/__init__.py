from . import sale_signature
from . import quotation_tracking_portal
from . import crm_portfolio
