{
    "name": "Export Before Uninstalling",
    "summary": "The dialog that removes an app counts what will be lost, and offers "
    "all of it as a ZIP of CSV files",
    "version": "19.0.1.0.0",
    "category": "Technical",
    "author": "Recurring Suite founders",
    "website": "https://github.com/recurring-suite/recurring-suite",
    "license": "LGPL-3",
    "depends": ["base"],
    "data": ["wizards/base_module_uninstall_views.xml"],
}
