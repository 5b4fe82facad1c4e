from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class PostsaleErpTransmissionAction(models.AbstractModel):
    """What people do with a transmission, and what they are told about it."""

    _name = "postsale.erp.transmission.action"
    _description = "Part of the transmission: action"

    # === BUTTONS === #

    def _as_engine(self):
        """The same rows with the rights of the engine, once the user may hand over."""
        self.order_id._check_may_send_to_erp()
        self.check_access("read")
        return self.sudo()

    def action_retry(self):
        """Send once more what failed: the same bytes under the same key."""
        rows = self._as_engine().filtered(
            lambda row: row.state == "failed" and row.is_current
        )
        if not rows:
            raise UserError(
                self.env._(
                    "Nothing to try again here: only the latest version of an order "
                    "can be, and only after it failed."
                )
            )
        rows._update_state(("failed",), "queued", attempts=0, next_attempt=False)
        rows._wake_engine()
        return True

    def action_settle(self):
        """A person has asked at the ERP about what failed.

        An order has not arrived there: it may be invoiced here. A cancellation was
        made there by hand.
        """
        rows = self._as_engine().filtered(lambda row: row.state == "failed")
        orders = rows.filtered(lambda row: row.kind == "order")
        orders = orders.filtered("may_have_arrived")
        cancellations = rows.filtered(lambda row: row.kind == "cancellation")
        if not orders and not cancellations:
            raise UserError(self.env._("It is known what happened: nothing to say."))
        who = self.env.user.name
        orders._update_state(
            ("failed",),
            "failed",
            may_have_arrived=False,
            error=self.env._("It has not arrived, says %s.", who),
        )
        for row in cancellations:
            row._set_sent()
            row.error = self.env._("Cancelled in the ERP, says %s.", who)
        return True

    def action_take_back(self):
        """Do not send what is waiting."""
        rows = self._as_engine()
        if not rows._take_back():
            raise UserError(
                self.env._("Too late: it has been sent, or is being sent now.")
            )
        return True

    def action_open_file(self):
        """Download what is sent."""
        self.ensure_one()
        self.check_access("read")
        return self.env["file.archive"]._get_download_action(
            f"/web/content/{self.sudo().attachment_id.id}?download=true"
        )

    # === TOLD === #

    def _tell_responsible(self):
        """An activity for whoever looks after the order."""
        order = self.order_id
        user = order.user_id or self.author_id
        user = user if user.active else self.env.ref("base.user_admin")
        texts = self.with_context(lang=user.lang).env
        note = self.error or ""
        if self.may_have_arrived:
            note += " " + texts._(
                "It may have arrived all the same: ask there before you invoice it."
            )
        order.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=texts._("Hand-over to the ERP failed"),
            note=plaintext2html(
                texts._(
                    "%(message)s: %(reason)s Put it right, then press “Try Again”.",
                    message=self.display_name,
                    reason=note,
                )
            ),
        )
