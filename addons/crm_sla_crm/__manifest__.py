{
    "name": "SLA and Tasks in CRM",
    "summary": "The tasks and their search in the menu of CRM",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Recurring Suite founders",
    "website": "https://github.com/recurring-suite/recurring-suite",
    "license": "LGPL-3",
    "depends": ["crm_sla", "crm"],
    "data": ["views/crm_menu_views.xml"],
    "auto_install": True,
}
