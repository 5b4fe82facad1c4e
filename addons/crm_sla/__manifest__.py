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
        "security/track_security.xml",
        "data/ir_cron_tracking_data.xml",
        "views/crm_sla_menus.xml",
        "views/sale_quotation_timeline_views.xml",
        "views/sale_order_tracking_views.xml",
        "views/sale_quotation_report_views.xml",
        "views/sale_activity_report_views.xml",
        "views/res_config_settings_tracking_views.xml",
    ],
    "demo": [
        "demo/sale_quotation_tracking_demo.xml",
    ],
    "assets": {
        "web.assets_tests": ["crm_sla/static/tests/tours/**/*"],
    },
}
