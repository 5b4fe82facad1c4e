{
    "name": "Recurring Billing: Many Hosts",
    "summary": "Shares a run of recurring billing over the job runners of several "
    "hosts",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Recurring Suite founders",
    "website": "https://github.com/recurring-suite/recurring-suite",
    "license": "LGPL-3",
    # never installs itself: it changes how the server has to be run
    "depends": ["recurring_billing", "queue_job"],
    "data": ["data/queue_job_function_data.xml"],
    "uninstall_hook": "uninstall_hook",
}
