from odoo import api, fields, models
from odoo.tools import SQL

#: Columns of a row, and where the document has them.
COLUMNS = {
    "company_id": SQL("m.company_id"),
    "move_id": SQL("m.id"),
    "name": SQL("m.name"),
    "move_type": SQL("m.move_type"),
    "journal_id": SQL("m.journal_id"),
    "date": SQL("m.date"),
    "partner_name": SQL("m.invoice_partner_display_name"),
    "currency_id": SQL("m.currency_id"),
    "amount_total": SQL("m.amount_total_in_currency_signed"),
    "amount_total_signed": SQL("m.amount_total_signed"),
    "payment_state": SQL("m.payment_state"),
}
#: Everything that an accountant books: a change of it is a change of the document.
DIGEST = SQL(
    """encode(sha256(convert_to(jsonb_build_array(
        m.name, m.move_type, m.journal_id, m.date, m.invoice_date, m.invoice_date_due,
        m.ref, m.commercial_partner_id, m.currency_id,
        (SELECT jsonb_agg(jsonb_build_array(
             l.account_id, l.partner_id, l.display_type, l.name, l.quantity::float8,
             l.balance::float8, l.amount_currency::float8, l.date_maturity,
             l.tax_line_id,
             (SELECT jsonb_agg(r.account_tax_id ORDER BY r.account_tax_id)
                FROM account_move_line_account_tax_rel r
               WHERE r.account_move_line_id = l.id)
         ) ORDER BY l.id)
         FROM account_move_line l WHERE l.move_id = m.id)
    )::text, 'UTF8')), 'hex')"""
)


class AccountantPackDocument(models.Model):
    """A document of a pack as it was when the pack was made.

    Rows are written and compared by SQL, all at once: there may be many thousands.
    """

    _name = "accountant.pack.document"
    _description = "Document of an Accountant's Pack"
    _order = "pack_id desc, journal_id, date, name, id"

    pack_id = fields.Many2one(
        comodel_name="accountant.pack",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Document",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    name = fields.Char(string="Number", readonly=True)
    move_type = fields.Selection(
        selection=lambda self: (
            self.env["account.move"]
            ._fields["move_type"]
            ._description_selection(self.env)
        ),
        string="Kind",
        readonly=True,
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal", readonly=True, ondelete="set null"
    )
    date = fields.Date(readonly=True)
    partner_name = fields.Char(string="Partner", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount_total = fields.Monetary(
        string="Total", readonly=True, help="Credit notes and bills are negative."
    )
    amount_total_signed = fields.Float(
        string="Total in Company Currency", readonly=True
    )
    payment_state = fields.Char(readonly=True)
    digest = fields.Char(readonly=True, help="Changes with anything that is booked.")
    printed_digest = fields.Char(
        readonly=True, help="What the document was when it was printed for this pack."
    )
    pdf = fields.Binary(attachment=True, readonly=True)
    pdf_name = fields.Char(readonly=True)
    problem = fields.Text(readonly=True)

    _once = models.Constraint(
        "UNIQUE (pack_id, move_id)", "A document stands in a pack once."
    )

    # === SNAPSHOT === #

    @api.model
    def _take_snapshot(self, pack):
        """Write down the posted documents of the period as they are in this moment."""
        self.env.flush_all()
        names = [*COLUMNS, "digest"]
        values = SQL(", ").join([*COLUMNS.values(), DIGEST])
        posted = pack._get_posted_condition()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO accountant_pack_document (pack_id, %(names)s)
                SELECT %(pack)s, %(values)s FROM account_move m WHERE %(posted)s
                ORDER BY m.journal_id, m.date, m.sequence_number, m.id
                ON CONFLICT (pack_id, move_id) DO UPDATE SET %(updates)s
                """,
                pack=pack.id,
                names=SQL(", ").join(map(SQL.identifier, names)),
                values=values,
                posted=posted,
                updates=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(n), SQL.identifier(n))
                    for n in names
                ),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                SELECT d.id FROM accountant_pack_document d
                WHERE d.pack_id = %s AND NOT EXISTS (
                    SELECT 1 FROM account_move m WHERE m.id = d.move_id AND %s)
                """,
                pack.id,
                posted,
            )
        )
        self.env.invalidate_all(flush=False)
        self.browse([row[0] for row in self.env.cr.fetchall()]).unlink()

    @api.model
    def _get_to_print(self, pack, limit=None):
        """Own documents that have neither a legal PDF nor one made for this pack.

        What was changed after it was printed is printed again.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.id FROM accountant_pack_document d
                WHERE d.pack_id = %s AND d.move_type IN %s
                  AND d.printed_digest IS DISTINCT FROM d.digest
                  AND NOT EXISTS (
                      SELECT 1 FROM ir_attachment a
                      WHERE a.res_model = 'account.move' AND a.res_id = d.move_id
                        AND a.res_field = 'invoice_pdf_report_file')
                ORDER BY d.id %s
                """,
                pack.id,
                ("out_invoice", "out_refund", "out_receipt"),
                SQL("LIMIT %s", limit) if limit else SQL(),
            )
        )
        return self.browse([row[0] for row in rows])

    @api.model
    def _get_changes(self, pack, previous):
        """What differs from the pack before.

        :return: list of ``(before, now)``; ids of rows, one of them may be ``None``
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT before.id, now.id
                FROM (SELECT * FROM accountant_pack_document
                      WHERE pack_id = %s) before
                FULL JOIN (SELECT * FROM accountant_pack_document
                           WHERE pack_id = %s) now
                  ON now.move_id = before.move_id
                WHERE now.id IS NULL OR before.id IS NULL
                   OR now.digest <> before.digest
                ORDER BY COALESCE(now.date, before.date), COALESCE(now.id, before.id)
                """,
                previous.id,
                pack.id,
            )
        )

    # === FILES === #

    def _get_printed_files(self):
        """The PDFs made for the pack, as attachments by id of the row."""
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "pdf"),
                    ("res_id", "in", self.ids),
                ]
            )
        )
        return {file.res_id: file for file in files}
