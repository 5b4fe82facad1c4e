import re

from odoo import api, models
from odoo.tools import email_normalize

from ..portfolio_sheet_reader import AMOUNTS, clean_text, get_amount, get_text
from ..sheet_error import CellError


class CrmPortfolioCheck(models.AbstractModel):
    """A file read against the database: what each row means, or why it cannot be used.

    Reads only, with the rights of whoever uploads. Customers and agents of all rows are
    looked up at once, so that the number of queries does not grow with the rows.
    """

    _name = "crm.portfolio.check"
    _description = "Check of a portfolio's file"

    @api.model
    def _check(self, portfolio, sheet):
        """Read all rows; every error of every row is found.

        :param sheet: what :func:`~..portfolio_sheet_reader.read_portfolio_sheet` gives
        :return: values of the lines by customer; texts of errors by number of the row,
            then by what the column holds
        """
        errors = _Errors(self, sheet)
        customers = self._find_customers(portfolio, sheet, errors)
        agents = self._find_agents(portfolio, sheet, errors)
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        marks = (lang.decimal_point, lang.thousands_sep or "")
        digits = portfolio.currency_id.decimal_places
        columns = set(sheet.columns.values())
        values = {}
        for row in sheet.rows:
            vals = {}
            for role in AMOUNTS:
                if role in columns:
                    with errors.catch(row, role):
                        amount = self._get_amount(row, role, marks, digits)
                        vals.update(self._prepare_amount(role, amount))
            if "agent" in columns:
                vals["agent_custom_id"] = agents.get(row.number, False)
            if row.number in customers:
                values[customers[row.number]] = vals
        return values, errors.get_sorted()

    @api.model
    def _get_amount(self, row, role, marks, digits):
        """None for an empty cell."""
        if role not in row.cells:
            return None
        may_be_negative = role != "value_recommended"
        return get_amount(row.cells[role], marks, digits, may_be_negative)

    @api.model
    def _prepare_amount(self, role, amount):
        if role == "billing_final":
            return {
                "billing_uploaded": amount or 0.0,
                "is_billing_uploaded": amount is not None,
            }
        return {role: amount or 0.0}

    # === CUSTOMERS === #

    @api.model
    def _find_customers(self, portfolio, sheet, errors):
        """The customer of each row: by the key, else by reference, else by name.

        :return: records of ``res.partner`` by number of the row
        """
        texts = {}
        for row in sheet.rows:
            texts[row.number] = own = {}
            for role in ("key", "customer", "reference"):
                if role in row.cells:
                    with errors.catch(row, role):
                        own[role] = get_text(row.cells[role])
        book = self._get_address_book(portfolio, texts)
        found, rows = {}, {}
        for row in sheet.rows:
            own = texts[row.number]
            if row.number in errors.texts:
                continue
            with errors.catch(row, self._get_name_role(own)):
                partner = self._find_customer(portfolio, own, book)
                if partner in rows:
                    raise CellError("customer_twice", row=rows[partner])
                rows[partner] = row.number
                found[row.number] = partner
        return found

    @api.model
    def _get_name_role(self, own):
        """The cell that is to blame when the customer cannot be found."""
        if own.get("customer") and (own.get("key") or not own.get("reference")):
            return "customer"
        return "reference" if own.get("reference") else "customer"

    @api.model
    def _get_address_book(self, portfolio, texts):
        """Customers that the file may mean, by id, reference, tax id and name."""
        Partner = self.env["res.partner"]
        ids, names, references = set(), set(), set()
        for own in texts.values():
            if key := own.get("key"):
                ids.update((portfolio._read_key(key) or ())[1:])
            names.add(own.get("customer"))
            references.update({own.get("reference"), _plain(own.get("reference"))})
        given, codes = list(names - {None, ""}), list(references - {None, ""})
        domain = ["|", "|", "|"]
        domain += [("id", "in", list(ids)), ("name", "in", given)]
        domain += [("ref", "in", codes), ("vat", "in", codes)]
        partners = Partner.search_fetch(
            [("company_id", "in", [False, portfolio.company_id.id]), *domain],
            ["name", "ref", "vat", "commercial_partner_id"],
        )
        book = {"id": {}, "name": {}, "reference": {}}
        for partner in partners:
            customer = partner.commercial_partner_id
            book["id"][partner.id] = customer
            name, *codes = (
                clean_text(text or "")
                for text in (partner.name, partner.ref, partner.vat)
            )
            if name:
                book["name"].setdefault(name, set()).add(customer)
            for code in {*codes, _plain(partner.vat)} - {""}:
                book["reference"].setdefault(code, set()).add(customer)
        return book

    @api.model
    def _find_customer(self, portfolio, own, book):
        """
        :raises CellError: nobody, or several
        """
        name, reference = own.get("customer"), own.get("reference")
        named = book["name"].get(name, set()) if name else set()
        coded = set()
        if reference:
            coded = book["reference"].get(reference, set())
            coded = coded | book["reference"].get(_plain(reference), set())
        if key := own.get("key"):
            return self._find_by_key(portfolio, key, own, named, coded, book)
        if reference:
            if not coded:
                raise CellError("unknown_reference", text=reference)
            fitting = coded & named if named else coded
            if not fitting:
                customer = next(iter(coded)).display_name
                raise CellError("other_customer", customer=customer)
            return self._get_only(fitting, reference)
        if name:
            if not named:
                raise CellError("unknown_customer", text=name)
            return self._get_only(named, name)
        raise CellError("no_customer")

    @api.model
    def _find_by_key(self, portfolio, key, own, named, coded, book):
        ids = portfolio._read_key(key)
        if not ids:
            raise CellError("changed_key")
        if ids[0] != portfolio.id:
            raise CellError("other_portfolio")
        partner = book["id"].get(ids[1])
        if not partner:
            raise CellError("lost_customer")
        # Sorting a single column tears rows apart: then neither name nor code fits.
        texts = own.get("customer"), own.get("reference")
        if any(texts) and partner not in named | coded:
            raise CellError("other_customer", customer=partner.display_name)
        return partner

    @api.model
    def _get_only(self, customers, text):
        if len(customers) > 1:
            raise CellError("several_customers", text=text)
        return next(iter(customers))

    # === AGENTS === #

    @api.model
    def _find_agents(self, portfolio, sheet, errors):
        """Id of the custom agent by number of the row, for rows that name one."""
        texts = {}
        for row in sheet.rows:
            if "agent" in row.cells:
                with errors.catch(row, "agent"):
                    texts[row.number] = get_text(row.cells["agent"])
        users = self._get_users(portfolio, set(texts.values()))
        found = {}
        for row in sheet.rows:
            if text := texts.get(row.number):
                with errors.catch(row, "agent"):
                    found[row.number] = self._get_agent(portfolio, users, text).id
        return found

    @api.model
    def _get_users(self, portfolio, texts):
        """Possible agents by e-mail address and by login."""
        emails = {email_normalize(text) for text in texts} - {False}
        users = self.env["res.users"].search_fetch(
            [
                *portfolio._get_agents_domain(),
                "|",
                ("email_normalized", "in", list(emails)),
                ("login", "in", list(texts)),
            ],
            ["email_normalized", "login"],
        )
        by_address = users.grouped("email_normalized") | users.grouped("login")
        by_address.pop(False, None)  # those without an address
        return by_address

    @api.model
    def _get_agent(self, portfolio, users, text):
        """
        :param users: possible agents by address and login; a login goes before
        :raises CellError: nobody, or several
        """
        email = email_normalize(text)
        found = users.get(text) or users.get(email)
        if not found and not email:
            raise CellError("no_email", text=text)
        if not found:
            company = portfolio.company_id.display_name
            raise CellError("unknown_agent", text=email, company=company)
        if len(found) > 1:
            raise CellError("several_agents", text=text)
        return found


class _Errors:
    """Texts of errors by row and column. Equal errors are put into words once."""

    def __init__(self, check, sheet):
        self.texts = {}
        self._sheet = sheet
        message = check.env["crm.portfolio.message"]
        self._words = message._get_cell_texts()
        self._labels = check.env["crm.portfolio"]._get_sheet_columns()

    def get_sorted(self):
        """Row by row, from the left to the right."""
        return {
            number: dict(
                sorted(wrong.items(), key=lambda item: self._get_place(item[0]))
            )
            for number, wrong in sorted(self.texts.items())
        }

    def _get_place(self, role):
        return self._sheet.get_column(role) or 0

    def catch(self, row, role):
        return _Catcher(self, row, role)

    def add(self, row, role, error):
        text = self._words[error.code] % error.details
        name = self._sheet.get_cell_name(row, role)
        whole = f"{self._labels[role]} ({name}): {text}"
        self.texts.setdefault(row.number, {}).setdefault(role, whole)


class _Catcher:
    """Notes the error of one cell, and goes on."""

    __slots__ = ("_errors", "_row", "_role")

    def __init__(self, errors, row, role):
        self._errors, self._row, self._role = errors, row, role

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _traceback):
        if isinstance(error, CellError):
            self._errors.add(self._row, self._role, error)
            return True
        return False


def _plain(code):
    """A tax id without blanks, points and dashes, as the program keeps it."""
    return re.sub("[^0-9A-Z]", "", code.upper()) if code else ""
