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
        "security/quote_security.xml",
        "views/crm_sla_menus.xml",
        "report/signature_evidence_templates.xml",
        "views/sale_signature_evidence_views.xml",
        "views/sale_portal_templates.xml",
        "views/sale_quick_quotation_views.xml",
        "views/res_config_settings_signature_views.xml",
    ],
    "demo": [
        "demo/quote_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_sla/static/src/signature/**/*",
            "crm_sla/static/src/quick_quotation/**/*",
        ],
        "web.assets_frontend": [
            "crm_sla/static/src/signature/**/*",
            "crm_sla/static/src/signature_form/**/*",
        ],
        "web.assets_tests": ["crm_sla/static/tests/tours/**/*"],
    },
}
