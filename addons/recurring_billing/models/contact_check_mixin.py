import re

from odoo import api, models
from odoo.tools import email_normalize

from odoo.addons.phone_validation.tools import phone_validation


class ContactCheckMixin(models.AbstractModel):
    """Says in a clerk's words what is wrong with a phone number or an e-mail address.

    The form warns and lets go on: other apps and imports write what they like.
    """

    _name = "contact.check.mixin"
    _description = "Check of phone numbers and e-mail addresses"

    # === PHONE === #

    @api.model
    def _get_phone_problem(self, phone, country):
        """What is wrong with a phone number, or an empty text.

        :param str phone: as typed
        :param country: ``res.country`` whose numbers need no prefix; may be empty
        """
        country = country or self.env.company.country_id
        if not phone or self._phone_format_number(phone, country):
            return ""
        example = self._get_phone_example(country)
        if not country or not example:
            return self.env._(
                "“%(phone)s” is not a phone number. Write it with + and the code of "
                "the country, like +34 810 12 34 56.",
                phone=phone,
            )
        return self.env._(
            "“%(phone)s” is not a phone number of %(country)s. A right one looks like "
            "%(example)s; numbers of other countries start with + and their code.",
            phone=phone,
            country=country.name,
            example=example,
        )

    @api.model
    def _get_phone_example(self, country):
        """A number that would be right, as people of other countries dial it."""
        lib = phone_validation.phonenumbers
        number = country.code and lib.example_number(country.code)
        if not number:
            return ""
        return lib.format_number(number, lib.PhoneNumberFormat.INTERNATIONAL)

    @api.onchange("phone", "country_id")
    def _onchange_phone_warn(self):
        problem = self._get_phone_problem(self.phone, self.country_id)
        if problem:
            return {"warning": self._prepare_warning(problem)}

    # === E-MAIL === #

    @api.model
    def _get_email_problem(self, email):
        """What is wrong with one or several e-mail addresses, or an empty text."""
        for part in re.split(r"[,;]", email or ""):
            address = email_normalize(part)
            if part.strip() and "." not in (address or "").partition("@")[2]:
                return self.env._(
                    "“%s” is not an e-mail address. A right one looks like "
                    "name@example.com.",
                    part.strip(),
                )
        return ""

    @api.onchange("email")
    def _onchange_email_warn(self):
        problem = self._get_email_problem(self.email)
        if problem:
            return {"warning": self._prepare_warning(problem)}

    @api.model
    def _prepare_warning(self, problem):
        return {
            "type": "notification",
            "title": self.env._("Please check"),
            "message": problem,
        }
