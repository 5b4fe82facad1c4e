{
    "name": "Recurring Billing",
    "summary": "Tasks that issue invoices, quotations and orders for many "
    "customers, send them and report",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Recurring Suite founders",
    "website": "https://github.com/recurring-suite/recurring-suite",
    "license": "LGPL-3",
    "depends": ["account", "sale_management", "phone_validation"],
    "data": [
        "security/recurring_billing_groups.xml",
        "security/ir.model.access.csv",
        "security/recurring_billing_security.xml",
        "data/ir_cron_data.xml",
        "views/document_delivery_views.xml",
        "views/acknowledge_templates.xml",
        "wizards/document_send_again_views.xml",
    ],
    "application": True,
    "installable": True,
}
