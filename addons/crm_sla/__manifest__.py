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
        "views/crm_sla_menus.xml",
        "data/crm_sla_policy_data.xml",
        "wizards/crm_sla_recompute_views.xml",
        "wizards/crm_sla_compliance_views.xml",
        "report/crm_sla_compliance_templates.xml",
        "views/crm_sla_policy_views.xml",
        "views/project_task_sla_views.xml",
    ],
    "demo": [
        "demo/sla_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "crm_sla/static/tests/tours/sla_tour.js",
        ],
    },
}
