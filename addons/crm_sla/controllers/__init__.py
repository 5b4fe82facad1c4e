from . import sale_signature
from . import quotation_tracking_portal
