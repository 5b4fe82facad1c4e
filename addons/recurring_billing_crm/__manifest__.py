{
    "name": "Recurring Billing: Opportunity Cards",
    "summary": "The opportunity card drives pro-forma, payment, contract and invoice",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Recurring Suite founders",
    "website": "https://github.com/recurring-suite/recurring-suite",
    "license": "LGPL-3",
    "depends": ["recurring_billing", "sale_crm"],
    "data": [
        "views/payment_automation_views.xml",
        "views/crm_lead_views.xml",
        "views/sale_order_views.xml",
    ],
    "assets": {
        "web.assets_tests": ["recurring_billing_crm/static/tests/tours/**/*"],
    },
    "demo": ["demo/crm_lead_demo.xml"],
    "auto_install": True,
}
