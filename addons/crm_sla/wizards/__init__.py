from . import crm_portfolio_fill
