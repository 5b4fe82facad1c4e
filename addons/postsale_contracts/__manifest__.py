{
    "name": "Post-Sale Contracts",
    "summary": "Service contracts and their renewals, customers' assets, tickets and "
    "interventions that become orders, work orders, hand-over to an ERP",
    "version": "19.0.1.0.0",
    "category": "Services",
    "author": "Recurring Suite founders",
    "website": "https://github.com/recurring-suite/recurring-suite",
    "license": "LGPL-3",
    "depends": [
        "recurring_billing",
        "crm_sla",
        "project",
        "maintenance",
        "sale_edi_ubl",
    ],
    "data": [
        "security/postsale_groups.xml",
        "security/ir.model.access.csv",
        "security/postsale_security.xml",
        "security/erp_security.xml",
        "data/postsale_data.xml",
        "data/erp_data.xml",
        "views/postsale_menus.xml",
        "views/postsale_erp_channel_views.xml",
        "views/postsale_erp_transmission_views.xml",
        "views/sale_order_erp_views.xml",
    ],
    "demo": [
        "demo/erp_demo.xml",
    ],
    "assets": {
        "web.assets_tests": ["postsale_contracts/static/tests/tours/**/*"],
    },
}
