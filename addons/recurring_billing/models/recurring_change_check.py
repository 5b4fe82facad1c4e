from collections import defaultdict
from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL, format_amount

from ..document_changes import compare, exceeds
from .recurring_planner import ISSUED

#: Model of the records that a kind of change tells by id.
MODELS = {
    "tax": "account.tax",
    "account": "account.account",
    "position": "account.fiscal.position",
    "currency": "res.currency",
    "term": "account.payment.term",
}


def get_records(kind, value):
    """Records that one side of a change names, as ``[(model, id), …]``."""
    if kind == "archived":
        return list(value)
    ids = value if isinstance(value, tuple) else (value,)
    return [(MODELS[kind], id_) for id_ in ids if id_]


class RecurringChangeCheck(models.AbstractModel):
    """Each document against the last one of the same customer, before it is issued.

    What differs is always noted on its row of the ledger. Beyond what the company lets
    pass, the document waits for a person; once released, nothing stops it again. What
    a person asks for ("Run now", *Retry*) is looked at, too: he sees it waiting.
    """

    _name = "recurring.change.check"
    _inherit = "recurring.batch.mixin"
    _description = "Changes since the last document"

    @api.model
    def _sort_out(self, slots):
        """Slots to issue, and slots that wait for a person by reason.

        The slots come back with what their ledger rows are to note.

        :param list slots: of one company, each customer's oldest first
        :rtype: tuple[list, dict[str, list]]
        """
        if not slots:
            return [], {}
        found = list(self._examine(slots))
        names = self._get_names(
            change for *__, changes, _hold in found for change in changes
        )
        issue, parked = [], defaultdict(list)
        for slot, now, changes, is_held in found:
            lines = [self._describe(change, now, names) for change in changes]
            text = "\n".join(lines) or False
            noted = replace(slot, noted={"facts": now, "changes_text": text})
            if is_held:
                parked[self._get_hold_reason(text)].append(noted)
            else:
                issue.append(noted)
        return issue, parked

    @api.model
    def _examine(self, slots):
        """Facts and differences of each slot, and whether it has to wait.

        The second document of a customer is compared with the first one, unless that
        one has to wait. What makes it wait comes first among its changes.

        :return: tuples of slot, facts, changes and whether it waits
        """
        facts = {}
        self._work_or_halve(
            lambda part: facts.update(self._gather(part)),
            slots,
            # what is wrong with him will show when his document is made
            lambda _slot, _error: None,
        )
        latest = self._get_latest_facts(slots)
        rates = {}
        for slot in slots:
            now, before = facts.get(slot), latest.get(slot.recipient.id)
            changes = []
            if before and now:
                changes = compare(before, now, self._get_rate(before, now, slot, rates))
            holding = self._get_holding(slot, changes)
            changes = holding + [change for change in changes if change not in holding]
            is_held = bool(holding) and not slot.is_released
            if now and not is_held:
                latest[slot.recipient.id] = now
            yield slot, now, changes, is_held

    @api.model
    def _get_rate(self, before, now, slot, known):
        """What a unit of the currency before is worth in that of now, on the day."""
        pair = (before.get("currency"), now.get("currency"))
        if not all(pair) or pair[0] == pair[1]:
            return 1.0
        key = (*pair, slot.document_date)
        if key not in known:
            old, new = self.env["res.currency"].browse(pair)
            company = slot.recipient.company_id
            known[key] = old._convert(1.0, new, company, key[2], round=False)
        return known[key]

    @api.model
    def _get_holding(self, slot, changes):
        """Those of these changes that the company wants to look at first."""
        if not changes:
            return []
        company = slot.recipient.company_id
        kinds, limits = company._get_held_changes(), company._get_change_limits()
        return [
            change
            for change in changes
            if change.kind in kinds
            or change.kind == "amount"
            and exceeds(change, *limits)
        ]

    # === FACTS === #

    @api.model
    def _get_latest_facts(self, slots):
        """Facts of the last document of each customer: ``{recipient id: facts}``.

        Whoever has none, or got it before facts were kept, is not in it.
        """
        ids = list({slot.recipient.id for slot in slots})
        self.env["recurring.occurrence"].flush_model()
        query = SQL(
            """
            SELECT r.id, o.facts
              FROM unnest(%s) AS r (id)
              JOIN LATERAL (
                   SELECT facts
                     FROM recurring_occurrence
                    WHERE recipient_id = r.id AND state != 'void' AND state IN %s
                 ORDER BY scheduled_date DESC
                    LIMIT 1) o ON o.facts IS NOT NULL
            """,
            ids,
            ISSUED,
        )
        return dict(self.env.execute_query(query))

    @api.model
    def _gather(self, slots):
        """Facts of the documents of these slots: ``{slot: facts}``.

        Prices, taxes and accounts are worked out once for all customers who share them.
        """
        lines, result = {}, {}
        for slot in slots:
            own = replace(slot, recipient=slot.recipient.with_env(self.env))
            key = own.task._get_handler()._get_price_key(own)
            if key not in lines:
                lines[key] = self._get_line_facts(own)
            result[slot] = self._get_facts(own) | lines[key]
        return result

    @api.model
    def _get_facts(self, slot):
        """Facts of one document without its lines, see ``document_changes``."""
        recipient = slot.recipient
        address = recipient.partner_invoice_id
        archived = [
            [record._name, record.id]
            for records in self._get_archivable(slot)
            for record in records
            if not record.active
        ]
        return {
            "position": recipient.fiscal_position_used_id.id or 0,
            "term": recipient.payment_term_used_id.id or 0,
            "address": self._get_address_text(address),
            "vat": address.commercial_partner_id.vat or "",
            "archived": archived,
        }

    @api.model
    def _get_line_facts(self, slot):
        """Currency, total and lines, which many documents share."""
        if not slot.task._get_handler()._has_amount():
            return {}
        pricing = self.env["recurring.pricing"]
        currency = pricing._get_currency(slot.recipient)
        lines, amount = [], 0.0
        for line, price in pricing._get_prices(slot).items():
            if line.display_type:
                continue
            amount += price.get_untaxed(line, currency)
            lines.append(self._prepare_line_facts(slot, line, price))
        return {"currency": currency.id, "amount": amount, "lines": lines}

    @api.model
    def _prepare_line_facts(self, slot, line, price):
        """Facts of a line, see ``document_changes``."""
        account = slot.task._get_handler()._get_line_account(
            line, slot.recipient.fiscal_position_used_id
        )
        text = line.product_id.name or line.name or ""
        return {
            "id": line.id,
            "product": line.product_id.id or 0,
            "name": text.strip().partition("\n")[0][:60],
            "price": price.net,
            "quantity": line.quantity,
            "taxes": sorted(price.taxes.ids),
            "account": account.id or 0,
        }

    @api.model
    def _get_archivable(self, slot):
        """Records that a document uses and somebody may have archived.

        Those without which nothing is issued at all are the ready check's matter.
        """
        recipient = slot.recipient
        return [
            recipient.partner_id,
            recipient.partner_id.commercial_partner_id,
            recipient.partner_invoice_id,
            recipient._get_delivery_address(),
            recipient.salesperson_used_id,
            slot.task.line_ids.product_id,
            recipient.payment_term_used_id,
        ]

    @api.model
    def _get_address_text(self, partner):
        """Name and address, the same in all languages."""
        city = f"{partner.zip or ''} {partner.city or ''}".strip()
        parts = (
            partner.commercial_company_name,
            partner.name,
            partner.street,
            partner.street2,
            city,
            partner.state_id.name,
            partner.country_id.code,
        )
        return "\n".join(dict.fromkeys(part for part in parts if part))

    # === WORDS === #

    @api.model
    def _get_hold_reason(self, text):
        return self.env._(
            "This changed since the last document:\n%s\nRelease it if that is right, "
            "or correct it first.",
            text,
        )

    @api.model
    def _describe(self, change, facts, names):
        """A change in the responsible's words: old → new."""
        if change.kind == "archived":
            gone = ", ".join(names.get(record, "?") for record in change.now)
            return self.env._("Archived since then: %s", gone)
        words = self._get_words(change.kind, change.label)
        if change.kind in ("line_added", "line_removed"):
            return words
        before, now = (
            self._get_value_text(change.kind, value, facts, names)
            for value in (change.before, change.now)
        )
        text = self.env._(
            "%(what)s: %(before)s → %(now)s", what=words, before=before, now=now
        )
        if change.kind == "amount" and change.percent is not None:
            text += f" ({change.percent:+.3g} %)"
        return text

    @api.model
    def _get_words(self, kind, label):
        words = {
            "amount": self.env._("Total without taxes"),
            "price": self.env._("Price of %s", label),
            "quantity": self.env._("Quantity of %s", label),
            "product": self.env._("Product"),
            "tax": self.env._("Taxes of %s", label),
            "account": self.env._("Income account of %s", label),
            "line_added": self.env._("New line: %s", label),
            "line_removed": self.env._("No longer on it: %s", label),
            "position": self.env._("Fiscal position"),
            "currency": self.env._("Currency"),
            "term": self.env._("Payment terms"),
            "address": self.env._("Invoice address"),
            "vat": self.env._("VAT number"),
        }
        return words[kind]

    @api.model
    def _get_value_text(self, kind, value, facts, names):
        if kind in MODELS:
            records = get_records(kind, value)
            deleted = self.env._("deleted since")
            texts = [names.get(record, deleted) for record in records]
            return ", ".join(texts) or self.env._("none")
        if kind in ("amount", "price"):
            currency = self.env["res.currency"].browse(facts["currency"])
            if kind == "price" and abs(value - currency.round(value)) > 1e-9:
                return f"{value:.6g} {currency.symbol}"
            return format_amount(self.env, value, currency)
        if kind == "quantity":
            return f"{value:.10g}"
        return ", ".join(value.split("\n")) or self.env._("none")

    @api.model
    def _get_names(self, changes):
        """Names of the records that the changes tell: ``{(model, id): name}``.

        Also of archived ones; deleted ones are not in it.
        """
        ids = defaultdict(set)
        for change in changes:
            if change.kind == "archived" or change.kind in MODELS:
                for value in (change.before, change.now):
                    for model, id_ in get_records(change.kind, value):
                        ids[model].add(id_)
        return {
            (model, record.id): self._get_name(record)
            for model, own in ids.items()
            for record in self.env[model].browse(own).exists()
        }

    @api.model
    def _get_name(self, record):
        """Accounts with their code, which core shows to accountants alone."""
        if record._name == "account.account":
            return f"{record.code or ''} {record.name}".strip()
        return record.display_name
