from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

#: Documents that have a kind. A receipt is no invoice, a bill is the supplier's.
MOVE_TYPES = ("out_invoice", "out_refund")
#: What a posted document keeps.
KIND_FIELDS = {
    "invoice_kind",
    "chosen_kind",
    "corrected_move_id",
    "corrective_reason",
    "corrective_reason_code",
    "recapitulative_month",
}
#: Usual reasons for a corrective invoice: Directive 2006/112/EC art. 90 and 219; in
#: Spain art. 15 of RD 1619/2012 with art. 80 of Ley 37/1992.
REASONS = [
    ("data", "Wrong or missing data on the invoice"),
    ("tax", "Tax charged wrongly"),
    ("returned", "Goods or packaging returned"),
    ("discount", "Discount granted afterwards"),
    ("price", "Price changed afterwards"),
    ("cancelled", "Sale cancelled in whole or in part"),
    ("insolvency", "Insolvency proceedings of the customer"),
    ("uncollectible", "Debt that cannot be collected"),
    ("other", "Other reason"),
]


class InvoiceKindMixin(models.AbstractModel):
    """Which kind of invoice a document is, and what that kind tells.

    Facts come first: a credit note, or an invoice that names the one it corrects, is
    corrective; what a localisation marks as simplified is simplified. Only what facts
    leave open is chosen and stored, so existing documents have a kind as well.
    """

    _name = "invoice.kind.mixin"
    _description = "Kind of invoice"

    invoice_kind = fields.Selection(
        selection=[
            ("ordinary", "Ordinary"),
            ("corrective", "Corrective"),
            ("recapitulative", "Recapitulative"),
            ("simplified", "Simplified"),
        ],
        string="Kind of Invoice",
        compute="_compute_invoice_kind",
        inverse="_inverse_invoice_kind",
        search="_search_invoice_kind",
        help="Ordinary: all data of both sides.\n"
        "Corrective: a credit note, or an invoice that names the one it corrects.\n"
        "Recapitulative: several orders or deliveries of one calendar month.\n"
        "Simplified: fewer data of the customer, up to the company's limit.",
    )
    chosen_kind = fields.Selection(
        selection=[
            ("ordinary", "Ordinary"),
            ("corrective", "Corrective"),
            ("recapitulative", "Recapitulative"),
            ("simplified", "Simplified"),
        ],
        string="Kind Chosen by Hand",
        copy=False,
    )
    corrected_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Corrects Invoice",
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The posted invoice that this one corrects.",
    )
    corrective_reason_code = fields.Selection(
        selection=REASONS, string="Reason of Correction", copy=False
    )
    corrective_reason = fields.Char(
        string="Correction in Words",
        copy=False,
        help="Printed on the corrective invoice, after the reason.",
    )
    recapitulative_month = fields.Date(
        string="Month of Operations",
        copy=False,
        help="First day of the calendar month whose orders and deliveries a "
        "recapitulative invoice holds.",
    )

    can_correct_upwards = fields.Boolean(compute="_compute_can_correct_upwards")

    # === KIND === #

    @api.model
    def _get_corrective_links(self):
        """Fields that name the invoice corrected, besides core's for credit notes."""
        core = ["debit_origin_id"] if "debit_origin_id" in self._fields else []
        return ["corrected_move_id", *core]

    @api.model
    def _get_simplified_flags(self):
        """Fields with which a localisation marks simplified invoices."""
        return [f for f in ("l10n_es_is_simplified",) if f in self._fields]

    @api.model
    def _get_kind_dependencies(self):
        return [
            "move_type",
            "chosen_kind",
            *self._get_corrective_links(),
            *self._get_simplified_flags(),
        ]

    @api.depends(lambda self: self._get_kind_dependencies())
    def _compute_invoice_kind(self):
        """The same rule as :meth:`_get_kind_sql`."""
        links, flags = self._get_corrective_links(), self._get_simplified_flags()
        for move in self:
            chosen = move.chosen_kind or "ordinary"
            if move.move_type not in MOVE_TYPES:
                kind = False
            elif move.move_type == "out_refund" or any(move[name] for name in links):
                kind = "corrective"
            elif chosen in ("corrective", "recapitulative"):
                kind = chosen
            else:
                flagged = any(move[name] for name in flags)
                kind = "simplified" if flagged else chosen
            move.invoice_kind = kind

    @api.model
    def _get_kind_sql(self, alias, query):
        """The kind as SQL, for searching and grouping."""

        def column(name):
            return self._field_to_sql(alias, name, query)

        chosen = column("chosen_kind")
        linked = SQL(" OR ").join(
            SQL("%s IS NOT NULL", column(name)) for name in self._get_corrective_links()
        )
        flagged = SQL(" OR ").join(
            [SQL("FALSE"), *(column(name) for name in self._get_simplified_flags())]
        )
        return SQL(
            """CASE
                WHEN %(type)s NOT IN %(types)s THEN NULL
                WHEN %(type)s = 'out_refund' OR %(linked)s THEN 'corrective'
                WHEN %(chosen)s IN ('corrective', 'recapitulative') THEN %(chosen)s
                WHEN %(flagged)s THEN 'simplified'
                ELSE COALESCE(%(chosen)s, 'ordinary')
            END""",
            type=column("move_type"),
            types=MOVE_TYPES,
            linked=linked,
            chosen=chosen,
            flagged=flagged,
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "invoice_kind":
            return self._get_kind_sql(alias, query)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _search_invoice_kind(self, operator, value):
        if operator != "in":
            return NotImplemented
        kinds = tuple(filter(None, value)) or ("",)
        is_empty = SQL("IS NULL") if False in value else SQL("IN ('')")

        def to_sql(model, alias, query):
            kind = model._get_kind_sql(alias, query)
            return SQL("(%s IN %s OR %s %s)", kind, kinds, kind, is_empty)

        return Domain.custom(
            to_sql=to_sql, predicate=lambda move: move.invoice_kind in value
        )

    def _inverse_invoice_kind(self):
        """Choose a kind, and tell the localisation where it has a mark of its own.

        :raises UserError: when a credit note shall be anything but corrective
        """
        flags = self._get_simplified_flags()
        for move in self:
            kind = move.invoice_kind
            if move.move_type == "out_refund" and kind != "corrective":
                raise UserError(
                    self.env._(
                        "%s is a credit note: its kind is corrective.",
                        move.display_name,
                    )
                )
            marked = bool(flags) and move.country_code == "ES"
            # the localisation's own mark says it then; two would contradict each other
            is_own = kind != "ordinary" and not (marked and kind == "simplified")
            # a form saves what it shows: that is no choice
            move.chosen_kind = kind if is_own else False
            for name in flags if marked else ():
                move[name] = kind == "simplified"

    def _is_simplified(self):
        """Whether it needs less data of the customer."""
        self.ensure_one()
        return self.invoice_kind == "simplified" or any(
            self[name] for name in self._get_simplified_flags()
        )

    def write(self, vals):
        """What was printed on a posted document stays.

        :raises UserError: for posted documents
        """
        changed = KIND_FIELDS & vals.keys()
        posted = self.filtered(lambda move: move.state == "posted") if changed else []
        for move in posted:
            if any(move._differs(name, vals[name]) for name in changed):
                raise UserError(
                    self.env._(
                        "%s is posted. Reset it to draft to change its kind or the "
                        "reason of a correction.",
                        move.display_name,
                    )
                )
        return super().write(vals)

    def _differs(self, name, value):
        field = self._fields[name]
        new, old = (field.convert_to_cache(v, self) for v in (value, self[name]))
        return (new or False) != (old or False)

    # === CORRECTIONS === #

    def _get_corrected_move(self):
        """The invoice that this document corrects: core's link, or ours."""
        self.ensure_one()
        links = [self[name] for name in self._get_corrective_links()]
        return self.reversed_entry_id or next(filter(None, links), self.browse())

    @api.depends("state", "move_type")
    def _compute_can_correct_upwards(self):
        """Where core's debit notes are installed, their own button does it."""
        has_own = hasattr(self, "action_debit_note")
        for move in self:
            move.can_correct_upwards = (
                not has_own and move.move_type == "out_invoice"
            ) and move.state == "posted"

    def action_correct_upwards(self):
        """A new invoice for what this one billed too little.

        Core's debit notes are used where they are installed. Otherwise a draft opens
        that names this invoice; nothing exists before it is saved.

        :raises UserError: unless it is a posted customer invoice
        """
        self.check_access("write")
        self.ensure_one()
        if self.move_type != "out_invoice" or self.state != "posted":
            raise UserError(
                self.env._(
                    "%s is no posted customer invoice: there is nothing to correct.",
                    self.display_name,
                )
            )
        if hasattr(self, "action_debit_note"):
            context = {"active_model": self._name, "active_ids": self.ids}
            return {**self.action_debit_note(), "context": context}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correction of %s", self.name),
            "res_model": self._name,
            "view_mode": "form",
            "context": {
                f"default_{name}": value
                for name, value in self._prepare_upward_correction().items()
            },
        }

    def _prepare_upward_correction(self):
        """Values of an invoice that corrects this one; its lines are typed."""
        return {
            "move_type": "out_invoice",
            "partner_id": self.partner_id.id,
            "partner_shipping_id": self.partner_shipping_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "journal_id": self.journal_id.id,
            "currency_id": self.currency_id.id,
            "corrected_move_id": self.id,
            "chosen_kind": "corrective",
            "invoice_origin": self.name,
        }

    # === PRINTING === #

    def _shows_kind(self):
        """Whether the kind is printed: not before somebody asked for kinds."""
        self.ensure_one()
        return bool(
            self.invoice_kind
            and (self.chosen_kind or self.company_id.sudo().check_invoice_kinds)
        )

    def _get_kind_title(self):
        """Title of the printed document, empty where core's own says it already.

        In the language of the context. A credit note is called so by core, or as the
        localisation wants it.
        """
        self.ensure_one()
        if self.move_type != "out_invoice" or not self._shows_kind():
            return ""
        return {
            "corrective": self.env._("Corrective Invoice"),
            "recapitulative": self.env._("Recapitulative Invoice"),
            "simplified": self.env._("Simplified Invoice"),
        }.get(self.invoice_kind, "")

    def _get_reason_text(self):
        """Why the document corrects another: reason and words, as printed."""
        self.ensure_one()
        reasons = dict(
            self._fields["corrective_reason_code"]._description_selection(self.env)
        )
        reason = reasons.get(self.corrective_reason_code)
        return ": ".join(filter(None, (reason, self.corrective_reason)))

    def _get_kind_details(self):
        """What the kind adds to the printed document: pairs of label and text."""
        self.ensure_one()
        details = []
        original = self.sudo()._get_corrected_move()
        reason = self._get_reason_text()
        if original and (reason or self._shows_kind()):
            text = self.env._(
                "%(number)s of %(date)s",
                number=original.name,
                date=format_date(self.env, original.invoice_date or original.date),
            )
            details.append((self.env._("Corrects Invoice"), text))
        if reason:
            details.append((self.env._("Reason"), reason))
        if self.recapitulative_month:
            month = format_date(
                self.env, self.recapitulative_month, date_format="LLLL y"
            )
            details.append((self.env._("Operations of"), month))
        elif self._lacks_operation_date():
            day = format_date(self.env, self.invoice_date)
            details.append((self.env._("Date of Operation"), day))
        return details

    def _lacks_operation_date(self):
        """Whether core prints no date of the operation where the kind shall tell it."""
        return (
            self.invoice_date
            and self.invoice_kind != "corrective"
            and self._shows_kind()
            and not self._get_operation_date()
        )

    def _get_operation_date(self):
        """Date of the operation, where it has one besides the date of issue.

        Core prints it. Directive 2006/112/EC art. 226 (7): it is given where it differs
        from the date of issue.
        """
        self.ensure_one()
        return self.taxable_supply_date or self.delivery_date
