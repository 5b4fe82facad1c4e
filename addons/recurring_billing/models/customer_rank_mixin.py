from odoo import models


class CustomerRankMixin(models.AbstractModel):
    """Customers of a batch of invoices are noted in one go."""

    _name = "customer.rank.mixin"
    _description = "Customers noted in batches"

    def _increase_rank(self, field, n=1):
        together = self.env.context.get("ranked_together", ())
        if field == "customer_rank" and self and set(self._ids) <= set(together):
            return
        super()._increase_rank(field, n)

    def _raise_customer_ranks(self, counts):
        """As core does it: at once for whoever has no rank yet, for the others after
        the commit, so that nobody waits for them.

        :param dict counts: documents by customer
        """
        new = self.filtered(lambda partner: not partner.customer_rank)
        for count, members in new.grouped(counts.__getitem__).items():
            members.sudo().customer_rank = count
        for partner in self - new:
            partner._increase_rank("customer_rank", counts[partner])
