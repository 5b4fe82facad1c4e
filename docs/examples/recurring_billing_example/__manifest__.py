{
    "name": "Recurring Billing: Example",
    "summary": "One small example for each extension point: see docs/developer.md",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Recurring Suite founders",
    "website": "https://github.com/recurring-suite/recurring-suite",
    "license": "LGPL-3",
    "depends": ["postsale_contracts"],
    "data": ["security/ir.model.access.csv", "views/example_letter_views.xml"],
}
