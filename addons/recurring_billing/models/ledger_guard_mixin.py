from odoo import api, models
from odoo.exceptions import UserError


class LedgerGuardMixin(models.AbstractModel):
    """A ledger whose second rows the database itself refuses.

    Core only logs a warning when it cannot create a constraint or an index; whoever
    works with the ledger asks :meth:`_check_guards` first.
    """

    _name = "ledger.guard.mixin"
    _description = "Ledger guarded by the database"

    #: Constraints and indexes without which a second row would be let in.
    _guards = ()

    @api.model
    def _get_missing_guards_message(self, names):
        """What is stopped, why, and the way out.

        :param str names: of the missing objects
        """
        raise NotImplementedError

    @api.model
    def _check_guards(self):
        """Refuse to work without the objects that prevent second rows.

        :raises UserError: when one is missing
        """
        if missing := self._get_missing_guards():
            raise UserError(
                self._get_missing_guards_message(", ".join(sorted(missing)))
            )

    @api.model
    def _get_missing_guards(self):
        """Names of the objects that the database lacks, as a set."""
        self.env.cr.execute(
            "SELECT conname FROM pg_constraint WHERE conname = ANY(%(names)s)"
            " UNION SELECT indexname FROM pg_indexes WHERE indexname = ANY(%(names)s)"
            " AND schemaname = 'public'",
            {"names": list(self._guards)},
        )
        return set(self._guards) - {name for (name,) in self.env.cr.fetchall()}
