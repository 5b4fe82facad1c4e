from odoo import models

from ..amount_in_words import amount_in_words


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _get_amount_in_words(self, amount):
        """An amount of this currency in words, in the language of the context.

        Core's ``amount_to_text`` is left as other apps know it: it writes words With
        Capitals, plural nouns after one, and loses the sign of -0.50.
        """
        self.ensure_one()
        language = self.env.context.get("lang") or self.env.lang or "en_US"
        return amount_in_words(amount, self.name, language, self.decimal_places)
