"""What the shell scripts and the tests share: running Odoo, databases, reading logs."""
