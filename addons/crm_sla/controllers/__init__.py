from . import quotation_tracking_portal
