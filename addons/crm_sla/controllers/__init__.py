from . import crm_portfolio
