{
    "name": "Recurring Billing: Delivery Notes",
    "summary": "Recurring tasks that deliver: confirmed orders with their transfers, "
    "delivery notes with or without prices",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Recurring Suite founders",
    "website": "https://github.com/recurring-suite/recurring-suite",
    "license": "LGPL-3",
    "depends": ["recurring_billing", "sale_stock"],
    "data": [
        "data/recurring_document_kind_data.xml",
        "report/delivery_note_templates.xml",
        "report/delivery_note_reports.xml",
        "data/mail_template_data.xml",
        "views/recurring_task_views.xml",
        "views/recurring_task_recipient_views.xml",
        "views/recurring_occurrence_views.xml",
        "views/stock_picking_views.xml",
        "views/sale_history_views.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "demo": [
        "demo/product_demo.xml",
        "demo/recurring_task_demo.xml",
    ],
    "auto_install": True,
}
