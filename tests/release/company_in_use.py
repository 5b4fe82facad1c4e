"""A company that has worked with Odoo for years: what people enter once, made many.

Core makes one of each, so that nothing is missing; SQL copies it, which takes seconds
where core would take hours.
"""

import json
import re

ORIGINALS = """
import json
from odoo import Command

company = env.company
partner = env["res.partner"].create(
    {"name": "Alma Books", "email": "alma@example.com", "is_company": True,
     "street": "Main Street 1", "city": "Lleida", "country_id": env.ref("base.es").id}
)
product = env["product.product"].create(
    {"name": "Support", "list_price": 100.0, "type": "service"}
)
move = env["account.move"].create({
    "move_type": "out_invoice", "partner_id": partner.id,
    "invoice_date": "2025-01-10", "invoice_date_due": "2025-02-09",
    "invoice_line_ids": [
        Command.create({"product_id": product.id, "quantity": 1, "price_unit": 100}),
        Command.create({"name": "Travel", "quantity": 2, "price_unit": 30}),
    ],
})
move.action_post()
order = env["sale.order"].create({
    "partner_id": partner.id,
    "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 3})],
})
order.action_confirm()
project = env["project.project"].create({
    "name": "Maintenance",
    "type_ids": [Command.create({"name": "New"}), Command.create({"name": "Done"})],
})
task = env["project.task"].create({
    "name": "Look after the press", "project_id": project.id,
    "partner_id": partner.id,
    "user_ids": [Command.set([env.ref("base.user_admin").id])],
})
equipment = env["maintenance.equipment"].create({"name": "Press"})
lead = env["crm.lead"].create(
    {"name": "Second press", "partner_id": partner.id, "type": "opportunity"}
)
env.flush_all()
found = {
    "partner": partner.id, "move": move.id, "move_lines": move.line_ids.ids,
    "move_messages": move.message_ids.ids, "order": order.id,
    "order_lines": order.order_line.ids, "task": task.id,
    "equipment": equipment.id, "lead": lead.id,
}
env.cr.commit()
print("ORIGINALS", json.dumps(found))
"""

#: Two invoices of three are paid; the dates lie between January 2025 and today.
PAID = "n %% 3 > 0"
DAY = "DATE '2025-01-01' + n %% (CURRENT_DATE - DATE '2025-01-01')"


def fill(db, size):
    """Fill a database of core's apps.

    :param int size: how many contacts and how many posted invoices
    """
    output = db.shell(ORIGINALS)
    original = json.loads(re.search(r"ORIGINALS (.*)", output).group(1))
    partner = _copy(
        db,
        "res_partner",
        original["partner"],
        size,
        name="'Customer ' || n",
        complete_name="'Customer ' || n",
        email="'customer' || n || '@example.com'",
        email_normalized="'customer' || n || '@example.com'",
        commercial_partner_id="{base} + n",
    )
    _fill_invoices(db, original, size, partner)
    some = max(size // 5, 1)
    owner = {"partner_id": f"{partner} + n"}
    order = _copy(
        db,
        "sale_order",
        original["order"],
        some,
        **owner,
        partner_invoice_id=f"{partner} + n",
        partner_shipping_id=f"{partner} + n",
        name="'S9' || lpad(n::text, 6, '0')",
        access_token="NULL",
    )
    for line in original["order_lines"]:
        _copy(db, "sale_order_line", line, some, order_id=f"{order} + n")
    task = _copy(
        db, "project_task", original["task"], some, access_token="NULL", **owner
    )
    db.sql(
        "INSERT INTO project_task_user_rel (task_id, user_id)"
        " SELECT %s + n, user_id FROM project_task_user_rel,"
        " generate_series(1, %s) n WHERE task_id = %s",
        task,
        some,
        original["task"],
    )
    _copy(db, "maintenance_equipment", original["equipment"], some)
    _copy(db, "crm_lead", original["lead"], some, **owner)
    db.sql("ANALYZE")


def _fill_invoices(db, original, size, partner):
    owner = {"partner_id": f"{partner} + n", "commercial_partner_id": f"{partner} + n"}
    year = f"extract(year FROM {DAY})"
    number = "lpad(n::text, 6, '0')"
    move = _copy(
        db,
        "account_move",
        original["move"],
        size,
        **owner,
        partner_shipping_id=f"{partner} + n",
        name=f"'INV/' || {year} || '/' || {number}",
        payment_reference=f"'INV/' || {year} || '/' || {number}",
        sequence_prefix=f"'INV/' || {year} || '/'",
        sequence_number="n",
        date=DAY,
        invoice_date=DAY,
        invoice_date_due=f"{DAY} + 30",
        access_token="NULL",
        payment_state=f"CASE WHEN {PAID} THEN 'paid' ELSE 'not_paid' END",
        amount_residual=f"CASE WHEN {PAID} THEN 0 ELSE o.amount_residual END",
        amount_residual_signed=f"CASE WHEN {PAID} THEN 0 ELSE o.amount_residual END",
    )
    for line in original["move_lines"]:
        _copy(
            db,
            "account_move_line",
            line,
            size,
            move_id=f"{move} + n",
            partner_id=f"{partner} + n",
            move_name=f"'INV/' || {year} || '/' || {number}",
            date=DAY,
            invoice_date=DAY,
            date_maturity=f"CASE WHEN o.date_maturity IS NOT NULL THEN {DAY} + 30 END",
            amount_residual=f"CASE WHEN {PAID} THEN 0 ELSE o.amount_residual END",
            amount_residual_currency=(
                f"CASE WHEN {PAID} THEN 0 ELSE o.amount_residual_currency END"
            ),
            reconciled=PAID,
        )
    for message in original["move_messages"]:
        _copy(db, "mail_message", message, size, res_id=f"{move} + n")


def _copy(db, table, source, count, **changed):
    """Copy one row many times; returns the number below the first copy's.

    :param changed: SQL for columns that differ, of the copy's number ``n``, the row
        ``o`` and the first number ``{base}``
    """
    columns = [
        name
        for (name,) in db.sql(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND is_generated = 'NEVER' AND table_schema = current_schema()",
            table,
        )
    ]
    unknown = set(changed) - set(columns)
    assert not unknown, f"{table} has no column {unknown}"
    base = db.scalar(f"SELECT max(id) FROM {table}")
    changed["id"] = "{base} + n"
    values = [changed.get(name, f'o."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    db.sql(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}".replace(
            "{base}", str(base)
        )
        + f" FROM {table} o, generate_series(1, %s) n WHERE o.id = %s",
        count,
        source,
    )
    db.sql(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    return base
