from collections import Counter

from odoo import models

#: Methods by which a localisation numbers invoices by further rules of its own.
NUMBERING = {
    "_get_last_sequence",
    "_get_last_sequence_domain",
    "_get_next_sequence_format",
    "_get_sequence_format_param",
    "_get_starting_sequence",
}
#: Methods by which it keeps journal items in line with their invoice.
SYNC = {"_get_sync_stack", "_sync_dynamic_lines", "_sync_invoice"}
#: Who looks only at journal, date and type of an ordinary invoice.
PLAIN = ("odoo.addons.account.", "odoo.addons.account_debit_note.", __package__)


def is_plain(model, methods):
    """Whether these methods of a model are core's own: nobody does more in them."""
    return not any(
        methods & vars(base).keys()
        for base in type(model).mro()
        if not base.__module__.startswith(PLAIN)
    )


class InvoicePostingMixin(models.AbstractModel):
    """What core does for each invoice that is posted, done once for those of a batch.

    Only for invoices of recurring tasks; the outcome is the same.
    """

    _name = "invoice.posting.mixin"
    _description = "Invoices posted in batches"

    def _get_next_sequence_format(self):
        """Core searches the journal for the last number before each further one, and
        writes each number apart so as to find it again: a seventh of an invoice.

        The number comes from core's counter of this transaction, which holds the lock.
        What numbers of that journal and day look like is kept beside it, so that both
        are forgotten together: at the end of the transaction, and as soon as anybody
        writes a number by hand.
        """
        is_issued = self.state == "posted" and self.recurring_occurrence_id
        if self.move_type != "out_invoice" or not is_issued:
            return super()._get_next_sequence_format()
        known = self._get_sequence_cache()
        key = ("format", self.journal_id.id, self.date)
        if key not in known:
            found = super()._get_next_sequence_format()
            if not self._is_numbered_plainly():
                return found
            known[key] = found
        form, values = known[key]
        return form, dict(values)  # core takes the number out of it

    def _is_numbered_plainly(self):
        """Whether journal and date alone say what the number looks like."""
        return not self.journal_id.is_self_billing and is_plain(self, NUMBERING)

    def write(self, vals):
        """Core compares all items before and after, to write what has changed: amounts,
        taxes and dates. Here it worked them out a moment ago, when it made the
        invoice, and a state changes none of them."""
        together = self.env.context.get("posted_together", ())
        is_known = self and set(self._ids) <= set(together)
        if vals.get("state") == "posted" and is_known and is_plain(self, SYNC):
            self = self.with_context(skip_invoice_sync=True)
        return super().write(vals)

    def _post_together(self):
        """Post invoices that were made in this transaction, whose dates are not
        locked, and note their new customers in one go."""
        counts = Counter(
            partner
            for move in self
            for partner in move.partner_id | move.partner_id.commercial_partner_id
        )
        customers = self.env["res.partner"].union(*counts)
        context = {"posted_together": self._ids, "ranked_together": customers._ids}
        self.with_context(**context)._post(soft=False)
        customers._raise_customer_ranks(counts)
