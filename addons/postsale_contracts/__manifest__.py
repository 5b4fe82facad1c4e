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
        "security/asset_security.xml",
        "data/postsale_data.xml",
        "views/postsale_menus.xml",
        "views/asset_history_views.xml",
        "views/maintenance_equipment_views.xml",
        "views/asset_document_views.xml",
        "views/recurring_task_asset_views.xml",
        "views/res_partner_asset_views.xml",
        "report/document_asset_templates.xml",
    ],
    "demo": ["demo/asset_demo.xml"],
    "assets": {
        "web.assets_tests": ["postsale_contracts/static/tests/tours/**/*"],
    },
}
