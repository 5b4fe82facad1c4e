{
    "name": "SLA, Tasks and Online Quotations",
    "summary": "Does it meet the SLA, who manages it: response times on tasks, "
    "reasons, online quotations in three steps, billing portfolio",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Recurring Suite founders",
    "website": "https://github.com/recurring-suite/recurring-suite",
    "license": "LGPL-3",
    "depends": ["sale_management", "project", "sale_project"],
    "data": [
        "security/ir.model.access.csv",
        "security/crm_sla_security.xml",
        "security/portfolio_security.xml",
        "data/ir_cron_portfolio_data.xml",
        "views/crm_sla_menus.xml",
        "wizards/crm_portfolio_fill_views.xml",
        "views/crm_portfolio_views.xml",
        "views/crm_portfolio_line_views.xml",
        "views/crm_portfolio_upload_views.xml",
    ],
    "demo": [
        "demo/portfolio_demo.xml",
    ],
    "assets": {
        "web.assets_backend": ["crm_sla/static/src/**/*"],
        "web.assets_tests": ["crm_sla/static/tests/tours/**/*"],
    },
}
