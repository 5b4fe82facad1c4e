from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..calendar_month import add_years, first_of_month

#: Where an invoice to a private person needs his tax number, too: Spain, art. 6 (1) d
#: of RD 1619/2012; Italy, art. 21 (2) f of DPR 633/1972 (the codice fiscale). Elsewhere
#: businesses have to be identified (Romania, art. 319 (20) of the Codul fiscal).
TAX_ID_OF_PERSONS = {"ES", "IT"}
#: The address of both sides: Directive 2006/112/EC art. 226 (5).
ADDRESS = ("street", "city", "country_id")


class InvoiceKindCheck(models.AbstractModel):
    """What a kind of invoice must hold, and what a document lacks of it.

    By Directive 2006/112/EC art. 226 (contents), 226b (simplified invoices), 219
    (documents that amend) and 223 (summary invoices). Number, totals and taxes by rate
    are core's own work and cannot be missing. Reads only; companies that have not
    switched the checks on are left alone.
    """

    _name = "invoice.kind.check"
    _description = "Check of invoices by their kind"

    @api.model
    def _check(self, moves):
        """Refuse documents that lack something, with one message for all of them.

        :raises UserError: names each document, and what it lacks
        """
        moves = moves.filtered(
            lambda move: (
                move.company_id.sudo().check_invoice_kinds and move.invoice_kind
            )
        )
        issuers = [
            (company, self._get_issuer_problems(company))
            for company in moves.company_id
        ]
        found = [(company, texts) for company, texts in issuers if texts]
        found += [item for item in self._get_problems(moves).items() if item[1]]
        if found:
            raise UserError(self._get_message(found))

    @api.model
    def _get_message(self, found):
        lines = [self.env._("Something that the kind of invoice needs is missing:")]
        for record, texts in found:
            lines.append(f"• {self._get_record_name(record)}")
            lines += [f"   – {text}" for text in texts]
        lines.append(
            self.env._(
                "Complete it and confirm again. Which kinds are checked is set under "
                "Recurring Billing → Configuration → Settings → Kinds of Invoice."
            )
        )
        return "\n".join(lines)

    @api.model
    def _get_record_name(self, record):
        if record._name != "account.move":
            return record.display_name
        kinds = dict(record._fields["invoice_kind"]._description_selection(self.env))
        return self.env._(
            "%(document)s, %(customer)s, %(amount)s (%(kind)s)",
            document=record.name or self.env._("Draft"),
            customer=record.partner_id.display_name or self.env._("no customer"),
            amount=format_amount(self.env, record.amount_total, record.currency_id),
            kind=kinds[record.invoice_kind],
        )

    @api.model
    def _get_problems(self, moves):
        """What each document lacks, besides what the company itself lacks.

        :rtype: dict[account.move, list[str]]
        """
        limits = {}
        return {
            move: self._get_customer_problems(
                move.partner_id, move.company_id, self._is_simplified(move)
            )
            + self._get_line_problems(move)
            + self._get_corrective_problems(move)
            + self._get_recapitulative_problems(move)
            + self._get_simplified_problems(move, limits)
            for move in moves
        }

    @api.model
    def _is_simplified(self, move):
        """A correction needs no more data than the simplified invoice it corrects."""
        original = move.sudo()._get_corrected_move()
        return move._is_simplified() or (bool(original) and original._is_simplified())

    @api.model
    def _get_issue_date(self, move):
        """Core dates what has no date on the day on which it is posted."""
        return move.invoice_date or fields.Date.context_today(move)

    # === BOTH SIDES === #

    @api.model
    def _get_issuer_problems(self, company):
        """What the company's own record lacks."""
        partner = company.sudo().partner_id
        names = [name for name in ("name", *ADDRESS) if not partner[name]]
        if not self._get_tax_id(partner):
            names.insert(0, "vat")
        return self._get_missing_texts(partner, names)

    @api.model
    def _get_customer_problems(self, partner, company, is_simplified=False):
        """What a customer's record lacks for an invoice of this company."""
        if not partner or is_simplified:
            return []  # a missing customer is refused by core
        names = [name for name in ADDRESS if not partner[name]]
        entity = partner.commercial_partner_id
        if not (entity.name or partner.name):
            names.insert(0, "name")
        if self._needs_tax_id(entity, company) and not self._get_tax_id(entity):
            names.insert(0, "vat")
        return self._get_missing_texts(partner, names)

    @api.model
    def _needs_tax_id(self, entity, company):
        country = company.account_fiscal_country_id or company.country_id
        return entity.is_company or country.code in TAX_ID_OF_PERSONS

    @api.model
    def _get_tax_id(self, partner):
        """Its tax number; "/" is core's way to say that there is none."""
        numbers = [partner.vat]
        if "l10n_it_codice_fiscale" in partner._fields:
            numbers.append(partner.l10n_it_codice_fiscale)
        return next((n for n in numbers if n and n.strip("/ ")), "")

    @api.model
    def _get_missing_texts(self, partner, names):
        if not names:
            return []
        labels = [partner._fields[n]._description_string(self.env) for n in names]
        return [
            self.env._(
                "%(name)s: fill in %(fields)s.",
                name=partner.display_name,
                fields=", ".join(labels),
            )
        ]

    # === CONTENTS === #

    @api.model
    def _get_line_problems(self, move):
        """Art. 226 (6) description, (8) to (10) rate and tax."""
        texts, number = [], 0
        for line in move.invoice_line_ids:  # filtered() would read each move's alone
            if line.display_type != "product":
                continue
            number += 1
            if not (line.name or "").strip():
                texts.append(self.env._("Line %s has no description.", number))
            if not line.tax_ids:
                texts.append(self._get_untaxed_text(line.name or str(number)))
        return texts

    @api.model
    def _get_untaxed_text(self, name):
        return self.env._(
            "“%s” has no tax. Choose its rate, also where it is zero or exempt.",
            name.splitlines()[0],
        )

    @api.model
    def _get_corrective_problems(self, move):
        """Art. 219: an unambiguous reference to the invoice, and why; in time."""
        if move.invoice_kind != "corrective":
            return []
        texts = []
        original = move.sudo()._get_corrected_move()
        if not original:
            texts.append(self.env._("Name the invoice that it corrects."))
        else:
            texts += self._get_original_problems(move, original)
        if not move._get_reason_text():
            texts.append(self.env._("Give the reason of the correction."))
        return texts

    @api.model
    def _get_original_problems(self, move, original):
        number, date = original.name, original.invoice_date or original.date
        day = self._get_issue_date(move)
        if original.commercial_partner_id != move.commercial_partner_id:
            return [self.env._("%s is of another customer.", number)]
        if original.state != "posted":
            return [self.env._("%s is not posted.", original.display_name)]
        if day < date:
            return [
                self.env._(
                    "It is dated before %(number)s of %(date)s, which it corrects.",
                    number=number,
                    date=format_date(self.env, date),
                )
            ]
        years = move.company_id.sudo()._get_corrective_years()
        if day <= add_years(date, years):
            return []
        return [
            self.env._(
                "%(number)s of %(date)s can no longer be corrected: its time is over "
                "(years: %(years)s).",
                number=number,
                date=format_date(self.env, date),
                years=years,
            )
        ]

    @api.model
    def _get_recapitulative_problems(self, move):
        """Art. 223: supplies of one calendar month."""
        if move.invoice_kind != "recapitulative" or move.recapitulative_month:
            return []
        orders = move.invoice_line_ids.sale_line_ids.order_id
        days = self.env["recapitulative.invoice"]._get_sources(orders.sudo(), True)
        months = {first_of_month(day) for day in days.values()}
        if len(months) == 1:
            return []
        if not months:
            return [
                self.env._(
                    "It holds no orders or deliveries. Make it with “Recapitulative "
                    "Invoice” on the customer or in the list of orders."
                )
            ]
        names = [
            format_date(self.env, month, date_format="LLLL y")
            for month in sorted(months)
        ]
        return [
            self.env._("It holds operations of several months: %s.", ", ".join(names))
        ]

    @api.model
    def _get_simplified_problems(self, move, limits):
        """Art. 220a and 238: up to a limit.

        :param dict limits: by company and day, worked out once; changed
        """
        if move.invoice_kind != "simplified":
            return []
        company = move.company_id.sudo()
        key = company, self._get_issue_date(move)
        if key not in limits:
            limits[key] = company._get_simplified_limit(key[1])
        limit = limits[key]
        if limit is None:
            return [
                self.env._(
                    "The limit of simplified invoices is 3,000 EUR, and there is no "
                    "rate of the euro. Enter the rate, or a limit in the settings."
                )
            ]
        total = abs(move.amount_total_signed)
        if company.currency_id.compare_amounts(total, limit) <= 0:
            return []
        return [
            self.env._(
                "Its total is %(total)s, a simplified invoice comes to %(limit)s at "
                "most. Choose the ordinary kind.",
                total=format_amount(self.env, total, company.currency_id),
                limit=format_amount(self.env, limit, company.currency_id),
            )
        ]

    # === AHEAD OF A RUN === #

    @api.model
    def _get_task_problems(self, task):
        """What would keep every invoice of a recurring task from being confirmed."""
        if not self._concerns(task):
            return []
        lines = task.line_ids.filtered(lambda line: not line.display_type)
        return self._get_issuer_problems(task.company_id) + [
            self._get_untaxed_text(line.name or line.product_id.display_name or "")
            for line in lines
            if not line.tax_ids
        ]

    @api.model
    def _get_recipient_problems(self, recipient):
        """What would keep this customer's invoice from being confirmed."""
        task, partner = recipient.task_id, recipient.partner_invoice_id
        if not self._concerns(task) or self._may_be_simplified(task, partner):
            return []
        return self._get_customer_problems(partner, task.company_id)

    @api.model
    def _concerns(self, task):
        return (
            task.document_type == "invoice"
            and task.completion != "draft"
            and task.company_id.sudo().check_invoice_kinds
        )

    @api.model
    def _may_be_simplified(self, task, partner):
        """A localisation marks small invoices to unidentified customers by itself."""
        return (
            bool(self.env["account.move"]._get_simplified_flags())
            and task.company_id.account_fiscal_country_id.code == "ES"
            and not partner.commercial_partner_id.vat
        )
