from odoo import api, fields, models
from odoo.tools import email_normalize, formataddr
from odoo.tools.mail import email_normalize_all, email_split_and_format_normalize

from ..local_hour import next_local_hour
from ..rehearsal import get_now


class DocumentDeliveryCreation(models.AbstractModel):
    """Who gets a freshly issued document, at which address, and when."""

    _name = "document.delivery.creation"
    _description = "Part of the delivery: creation"

    @api.model
    def _create_for_occurrences(self, occurrences):
        """Rows for freshly issued documents: one for the customer and all in copy, one
        for each person who is asked to confirm receipt.

        Called in the transaction that makes the documents; sends nothing.

        :param occurrences: ``recurring.occurrence`` with a document
        """
        occurrences = occurrences.sudo().filtered(
            lambda o: o.res_id and o.task_id.completion == "send"
        )
        names = self._get_document_names(occurrences)
        vals_list = []
        for occurrence in occurrences:
            base = self._prepare_base(occurrence)
            base["document_name"] = names[occurrence.res_model, occurrence.res_id]
            vals_list += self._prepare_rows(occurrence.recipient_id, base)
        rows = self.sudo().create(vals_list)
        rows._wake_sender()
        return rows

    @api.model
    def _create_for_document(self, document, partner, **values):
        """The row for a document that no recurring task issued.

        Called in the transaction that makes the document; sends nothing.

        :param document: any record with a chatter
        :param res.partner partner: the addressee
        :param values: further fields, e.g. ``mail_template_id``, ``attachment_ids``,
            ``author_id``, ``mail_text``
        """
        return self._create_for_documents([(document, partner, values)])

    @api.model
    def _create_for_documents(self, mails):
        """The same for many documents.

        :param mails: (document, addressee, dict of further fields) of each
        """
        rows = self.sudo().create([self._prepare_for_document(*mail) for mail in mails])
        rows._wake_sender()
        return rows

    @api.model
    def _prepare_for_document(self, document, partner, values):
        row = {
            "res_model": document._name,
            "res_id": document.id,
            "document_name": document.display_name,
            "company_id": (document.company_id or self.env.company).id,
            "partner_id": partner.id,
            "author_id": self.env.uid,
            "state": "queued",
            **values,
        }
        self._set_addresses(row, partner)
        return row

    @api.model
    def _get_document_names(self, occurrences):
        names = {}
        for res_model, rows in occurrences.grouped("res_model").items():
            for document in self.env[res_model].sudo().browse(rows.mapped("res_id")):
                names[res_model, document.id] = document.display_name
        return names

    @api.model
    def _prepare_base(self, occurrence):
        """Values that all rows of one document share."""
        task = occurrence.task_id
        values = {
            "res_model": occurrence.res_model,
            "res_id": occurrence.res_id,
            "company_id": occurrence.company_id.id,
            "task_id": task.id,
            "occurrence_id": occurrence.id,
            "author_id": task.user_id.id,
            "mail_text": occurrence.recipient_id._get_greeting(),
            "state": "held" if task.send_when == "held" else "queued",
        }
        if task.send_when == "at_hour":
            values["next_attempt"] = next_local_hour(
                get_now(self.env), task.send_hour, task.tz
            )
        return values

    @api.model
    def _prepare_rows(self, recipient, base):
        """Values of the rows of one document."""
        address = recipient.partner_invoice_id
        if not email_normalize_all(address.email or ""):
            address = recipient.partner_id  # as recipient.email does
        # The ready mark tells of archived people; they get nothing.
        copies = recipient._get_copy_partners().filtered("active")
        asked = recipient._get_ack_partners().filtered("active")
        main = {
            **base,
            "partner_id": address.id,
            "ask_acknowledgement": (
                recipient.task_id.ask_acknowledgement or address in asked
            ),
        }
        self._set_addresses(main, address, copies)
        rows = [main]
        for person in asked - address:
            row = {
                **base,
                "purpose": "acknowledgement",
                "partner_id": person.id,
                "ask_acknowledgement": True,
            }
            self._set_addresses(row, person)
            rows.append(row)
        return rows

    @api.model
    def _set_addresses(self, values, to, cc=None, extra_to="", extra_cc=""):
        """Fill in To, Cc, the key of the set of addresses, and what is missing.

        :param dict values: of a row; changed
        """
        cc = (cc or self.env["res.partner"]) - to
        seen = set()
        email_to = self._join_addresses(to, extra_to, seen)
        email_cc = self._join_addresses(cc, extra_cc, seen)
        people = to | cc
        values.update(
            partner_ids=[fields.Command.set(people.ids)],
            partner_cc_ids=[fields.Command.set(cc.ids)],
            extra_to=extra_to or False,
            extra_cc=extra_cc or False,
            email_to=email_to,
            email_cc=email_cc,
            address_key=",".join(sorted(seen)) or f"none-{people.ids}",
            reason=self._get_missing_text(people) if email_to else False,
        )
        if not email_to:
            values["state"] = "no_address"
            values["reason"] = self._get_no_address_text(to)

    @api.model
    def _join_addresses(self, partners, extra, seen):
        """Addresses as a mail header; each address once in the whole mail."""
        found = []
        for partner in partners:
            for email in email_normalize_all(partner.email or ""):
                found.append((email, formataddr((partner.name or "", email))))
        for address in email_split_and_format_normalize(extra or ""):
            found.append((email_normalize(address), address))
        fresh = []
        for key, address in found:
            if key and key not in seen:
                seen.add(key)
                fresh.append(address)
        return ", ".join(fresh)

    @api.model
    def _get_no_address_text(self, to):
        return self.env._(
            "%(customer)s has no valid e-mail address. Add one, then press "
            "“Try Again”.",
            customer=", ".join(to.mapped("display_name")) or self.env._("Nobody"),
        )

    @api.model
    def _get_missing_text(self, people):
        missing = people.filtered(lambda p: not email_normalize_all(p.email or ""))
        if not missing:
            return False
        return self.env._(
            "Left out, no valid e-mail address: %s",
            ", ".join(missing.mapped("display_name")),
        )
