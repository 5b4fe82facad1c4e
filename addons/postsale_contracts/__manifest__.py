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
        "data/postsale_data.xml",
        "views/postsale_menus.xml",
        "security/field_security.xml",
        "views/postsale_my_day_views.xml",
        "views/postsale_field_entry_views.xml",
    ],
    "demo": [
        "demo/field_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "postsale_contracts/static/src/order_notice.js",
            "postsale_contracts/static/src/my_day/**/*",
        ],
        "web.assets_tests": ["postsale_contracts/static/tests/tours/**/*"],
    },
}
