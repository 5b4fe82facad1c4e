"""What the invoices of a database are, in figures that can be compared."""

# One text for each invoice: its journal items without whom, when and which number.
# "kinds" counts the different ones.
SQL = """
WITH move AS (
    SELECT * FROM account_move WHERE move_type = 'out_invoice'
), item AS (
    SELECT l.move_id, count(*) AS items, json_agg(json_build_array(
        l.display_type, l.account_id, l.product_id, l.quantity, l.price_unit, l.debit,
        l.credit, l.amount_currency, l.tax_line_id, l.tax_base_amount,
        (SELECT array_agg(account_tax_id) FROM account_move_line_account_tax_rel
          WHERE account_move_line_id = l.id),
        (SELECT array_agg(account_account_tag_id ORDER BY account_account_tag_id)
           FROM account_account_tag_account_move_line_rel
          WHERE account_move_line_id = l.id)
    ) ORDER BY l.display_type, l.product_id, l.balance)::text AS text
    FROM account_move_line l JOIN move ON move.id = l.move_id
    GROUP BY l.move_id
)
SELECT count(*) AS invoices,
       count(*) FILTER (WHERE state = 'posted') AS posted,
       count(DISTINCT name) FILTER (WHERE state = 'posted') AS numbers,
       count(DISTINCT partner_id) AS customers,
       coalesce(sum(amount_total), 0)::text AS total,
       coalesce(sum(items), 0)::int AS items,
       count(DISTINCT text) AS kinds,
       md5(string_agg(DISTINCT text, '' ORDER BY text)) AS digest
  FROM move LEFT JOIN item ON item.move_id = move.id
"""


def take_census(cr):
    cr.execute(SQL)
    return cr.dictfetchone()
