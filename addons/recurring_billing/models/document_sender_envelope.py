from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from odoo.tools.mail import email_normalize_all

from ..envelope import Envelope


class DocumentSenderEnvelope(models.AbstractModel):
    """What goes into the envelope of a document: to whom, which text, which files."""

    _name = "document.sender.envelope"
    _description = "Part of sending a document: the envelope"

    @api.model
    def _prepare_envelope(self, delivery, document):
        task = delivery.task_id
        to = (delivery.partner_ids - delivery.partner_cc_ids)[:1]
        addressee = delivery.partner_id or to
        lang = (
            task.lang
            or addressee.lang
            or delivery.company_id.partner_id.lang
            or "en_US"
        )
        return Envelope(
            delivery=delivery,
            anchor=self._prepare_anchor(delivery, to, lang),
            partner_ids=delivery.partner_ids.ids,
            addressee=addressee.name or addressee.parent_id.name or "",
            customer=document.partner_id.name or "",
            lang=lang,
            template=self._get_template(delivery, document),
            report=task.report_id,
            subject=self._fill_in(task.mail_subject, delivery, document),
            text=delivery.mail_text or "",
            closing=self._render_closing(delivery, lang),
            email_from=task.email_from or "",
            reply_to=task.reply_to or "",
            attach_pdf=not task or task.attach_pdf,
            attach_xml=not task or task.attach_xml,
            files=[
                (file.name, file.raw)
                for file in (task.attachment_ids | delivery.attachment_ids).sudo()
            ],
        )

    @api.model
    def _prepare_anchor(self, delivery, partner, lang):
        """The recipient through whom Odoo builds the mail; see ``mail.thread``.

        Always "by e-mail": a colleague who reads his messages in Odoo was chosen to get
        this one as e-mail.
        """
        email = partner.email_normalized or email_normalize(
            email_normalize_all(delivery.email_to)[0]
        )
        return {
            "active": True,
            "email_normalized": email,
            "id": partner.id,
            "is_follower": False,
            "name": partner.name or email,
            "lang": lang,
            "groups": [],
            "notif": "email",
            "share": True,
            "type": "customer",
            "uid": False,
            "ushare": False,
        }

    @api.model
    def _get_template(self, delivery, document):
        task = delivery.task_id
        template = delivery.mail_template_id or task.mail_template_id
        if not template and task:
            template = task._get_handler()._get_default_mail_template()
        template = template or self._get_default_template(document)
        if not template:
            raise UserError(
                self.env._("There is no e-mail template for this kind of document.")
            )
        return template.sudo()

    @api.model
    def _fill_in(self, subject, delivery, document):
        """Names in braces only: a typed text is never executed."""
        values = {
            "{number}": document.display_name or "",
            "{customer}": delivery.partner_id.display_name or "",
            "{company}": delivery.company_id.name,
        }
        for name, value in values.items():
            subject = (subject or "").replace(name, value)
        return subject

    @api.model
    def _render_closing(self, delivery, lang):
        if not delivery.ask_acknowledgement:
            return ""
        return Markup(
            self.env["ir.qweb"]._render(
                "recurring_billing.acknowledge_button",
                {"url": delivery._get_acknowledge_url()},
                lang=lang,
            )
        )
