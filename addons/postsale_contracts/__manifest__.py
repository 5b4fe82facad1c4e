{
    "name": "Post-Sale Contracts",
    "summary": "Service contracts and their renewals, customers' assets, tickets and "
    "interventions that become orders, work orders, hand-over to an ERP",
    "version": "19.0.1.0.0",
    "category": "Services",
    "author": "Recurring Suite founders",
    "website": "https://github.com/recurring-suite/recurring-suite",
    "license": "LGPL-3",
    "depends": ["recurring_billing", "crm_sla", "project", "maintenance"],
    "data": [
        "security/postsale_groups.xml",
        "security/ir.model.access.csv",
        "security/postsale_security.xml",
        "security/work_order_security.xml",
        "data/postsale_data.xml",
        "views/postsale_menus.xml",
        "report/work_order_templates.xml",
        "report/work_order_reports.xml",
        "data/work_order_data.xml",
        "views/recurring_task_work_order_views.xml",
        "views/project_task_work_order_views.xml",
        "views/postsale_visit_views.xml",
        "views/res_partner_visit_views.xml",
        "wizards/postsale_visit_spread_views.xml",
    ],
    "demo": [
        "demo/work_order_demo.xml",
    ],
    "assets": {
        "web.assets_tests": ["postsale_contracts/static/tests/tours/**/*"],
    },
}
