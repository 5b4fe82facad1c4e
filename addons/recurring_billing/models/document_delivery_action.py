from secrets import compare_digest

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: Nobody has got these; they may be called back.
CANCEL_STATES = ("held", "queued", "deferred", "no_address", "blocked")
#: Nothing reached the addressee; the same row may be tried again.
RETRY_STATES = ("no_address", "blocked", "refused", "deferred")


class DocumentDeliveryAction(models.AbstractModel):
    """What people do with a delivery: buttons, and the customer's confirmation."""

    _name = "document.delivery.action"
    _description = "Part of the delivery: action"

    # === RIGHTS === #

    def _as_engine(self):
        """The same rows with the rights of the sending, once the user may work."""
        if not self.env.su and not self.env.user.has_group(
            "recurring_billing.group_billing"
        ):
            raise AccessError(
                self.env._("Only people who work with recurring billing may do this.")
            )
        self.check_access("read")  # company walls
        return self.sudo()

    # === BUTTONS === #

    def action_approve(self):
        """Let held mails go."""
        rows = self._as_engine()._update_state(("held",), "queued")
        rows._wake_sender()
        return True

    def action_retry(self):
        """Try again what did not get through, with the addresses of today.

        Never what may have arrived: that is for "Send Again", a person's decision.
        """
        rows = self._as_engine().filtered(lambda row: row.state in RETRY_STATES)
        if not rows:
            raise UserError(
                self.env._(
                    "Nothing to try again here. To send a document that was already "
                    "accepted, press “Send Again”."
                )
            )
        for row in rows:
            row._requeue()
        rows._wake_sender()
        return True

    def _requeue(self):
        self.ensure_one()
        values = {}
        to = self.partner_ids - self.partner_cc_ids
        self._set_addresses(
            values, to, self.partner_cc_ids, self.extra_to, self.extra_cc
        )
        mail = self.mail_mail_id
        if mail.state == "outgoing" and values["address_key"] == self.address_key:
            # The same message, only sooner.
            mail.scheduled_date = False
            self.next_attempt = False
            self._wake_mail_queue()
            return
        # What was refused is asked again; who has it already does not get it twice.
        accepted = (self.address_replies or {}).get("accepted", [])
        values["address_replies"] = {"accepted": accepted, "refused": {}}
        target = values.pop("state", "queued")
        self._update_state(
            RETRY_STATES,
            target,
            **{**values, "attempts": 0, "next_attempt": False, "mail_mail_id": False},
        )
        mail.filtered(lambda m: m.state != "sent").cancel()

    def action_cancel(self):
        """Call back mails that nobody has got yet."""
        rows = self._as_engine()
        locked = rows.try_lock_for_update(allow_referencing=True)
        changed = locked.filtered(lambda row: row.state in CANCEL_STATES)
        if not changed:
            raise UserError(
                self.env._("Too late: the mail is already with the mail server.")
            )
        changed._cancel_waiting(self.env._("Called back by %s.", self.env.user.name))
        return True

    def _cancel_waiting(self, reason):
        """Nothing about these documents leaves any more."""
        rows = self.filtered(lambda row: row.state in CANCEL_STATES)
        rows = rows._update_state(CANCEL_STATES, "cancelled", reason=reason)
        rows.mail_mail_id.filtered(lambda m: m.state == "outgoing").cancel()

    def action_mark_arrived(self):
        """The customer says that the mail is there."""
        rows = self._as_engine()._update_state(("unknown",), "sent")
        for row in rows:
            row.write(
                {
                    "sent_date": row.sent_date or fields.Datetime.now(),
                    "reason": self.env._("Arrived, says %s.", self.env.user.name),
                }
            )
        return True

    def action_send_again(self):
        """Open the dialogue for sending the documents of these rows again."""
        models_used = set(self.mapped("res_model"))
        if len(models_used) > 1:
            raise UserError(
                self.env._("Choose documents of one kind, e.g. only invoices.")
            )
        return self.env["document.send.again"]._open(
            models_used.pop(), self.mapped("res_id")
        )

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    # === DOCUMENTS THAT ARE GONE === #

    def _cancel_dead(self):
        """Cancel rows whose document is no longer valid.

        :return: the rows that may be sent
        """
        alive = self.browse()
        for row in self:
            document = row._get_document()
            sender = self.env["document.sender"]._get_sender(row.res_model)
            if (
                row.occurrence_id.state in ("void", "skipped")
                or not document
                or not sender._is_alive(document)
            ):
                row._cancel_waiting(
                    self.env._("The document was cancelled before it was sent.")
                )
            else:
                alive += row
        return alive

    # === ACKNOWLEDGEMENT === #

    @api.model
    def _find_by_token(self, token):
        """The delivery of a link, with the rights of the sending, or nothing."""
        rows = self.sudo().search([("access_token", "=", token or "-")], limit=1)
        same = rows and compare_digest(rows.access_token.encode(), token.encode())
        return rows if same and rows._get_document() else rows.browse()

    def _get_acknowledge_url(self):
        self.ensure_one()
        path = f"/recurring/acknowledge/{self.sudo().access_token}"
        return self.get_base_url() + path

    def _get_people(self):
        """Who may stand behind the link: all who got this mail, addressee first."""
        self.ensure_one()
        people = self.partner_id | self.partner_ids
        return people or self.partner_id

    def _acknowledge(self, name):
        """Record once that the document was received.

        :param str name: who confirms
        """
        self.ensure_one()
        if self.acknowledged_date:
            return
        self.lock_for_update(allow_referencing=True)
        self.write(
            {"acknowledged_date": fields.Datetime.now(), "acknowledged_by": name}
        )
        document = self._get_document()
        document.message_post(
            body=self.env._(
                "%(name)s has confirmed the receipt of %(document)s.",
                name=name,
                document=self.document_name,
            ),
            author_id=self.env.ref("base.partner_root").id,
            subtype_xmlid="mail.mt_note",
        )
