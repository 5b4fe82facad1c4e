from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: Links that only the engine writes.
PROTECTED = {"recurring_task_id", "recurring_occurrence_id"}


class RecurringIssuedMixin(models.AbstractModel):
    """What a document knows of the recurring task that issued it.

    A copy of a document is not issued by the task, and a cancelled or deleted one
    frees its period in the ledger.
    """

    _name = "recurring.issued.mixin"
    _description = "Document of a recurring task"

    recurring_task_id = fields.Many2one(
        comodel_name="recurring.task",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    recurring_occurrence_id = fields.Many2one(
        comodel_name="recurring.occurrence",
        string="Recurring Document",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    document_hour = fields.Char(
        string="Hour",
        size=5,
        copy=False,
        help="Printed on the document, HH:MM. Empty: no hour is printed.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_recurring_links(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        changed = {
            name
            for name in PROTECTED & set(vals)
            if any(document[name].id != vals[name] for document in self)
        }
        self._check_recurring_links(dict.fromkeys(changed, True))
        return super().write(vals)

    @api.model
    def _check_recurring_links(self, *vals_list):
        """A readonly field in a form protects nothing from other programs."""
        forged = any(vals.get(name) for vals in vals_list for name in PROTECTED)
        if forged and not self.env.su:
            raise AccessError(
                self.env._("Only recurring tasks link documents to themselves.")
            )

    def unlink(self):
        rows = self.sudo().recurring_occurrence_id
        result = super().unlink()
        rows._void(self.env._("The document was deleted."))
        return result

    def _void_occurrences(self, reason):
        """The documents are cancelled: their periods are free."""
        self.sudo().recurring_occurrence_id._void(reason)

    def _revive_occurrences(self):
        """The documents are no longer cancelled: their periods are taken again.

        :raises UserError: when another document was issued for the period
        """
        rows = self.sudo().recurring_occurrence_id.filtered(
            lambda row: row.state == "void"
        )
        for row in rows:
            other = row._get_standing_rows()
            if other:
                raise UserError(
                    self.env._(
                        "%(other)s was issued for the same period. Cancel it first.",
                        other=other.display_name,
                    )
                )
        rows._revive()

    def _get_document_lang(self):
        """Language in which the document is printed.

        The task may fix it; whoever prints need not have access to the task.
        """
        self.ensure_one()
        return self.sudo().recurring_task_id.lang or self.partner_id.lang

    def action_view_recurring_task(self):
        self.ensure_one()
        return self.recurring_task_id._get_records_action()
