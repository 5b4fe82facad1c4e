import secrets
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize_all

#: A larger file is not attached: many mail servers refuse it. In bytes.
ATTACH_LIMIT = 8 * 1024 * 1024
#: Days for which the link of a large file works.
LINK_DAYS = 30


class AccountantPackSharingMixin(models.AbstractModel):
    """How a pack reaches the accountant: attached when small, else behind a link."""

    _name = "accountant.pack.sharing.mixin"
    _description = "Handing over of an accountant's pack"

    access_token = fields.Char(readonly=True, copy=False, groups="base.group_system")
    link_until = fields.Datetime(
        string="Link Works Until",
        readonly=True,
        copy=False,
        help="Whoever has the link may download the file until then.",
    )
    share_url = fields.Char(
        string="Link", compute="_compute_share_url", compute_sudo=True
    )

    @api.depends("access_token", "link_until")
    def _compute_share_url(self):
        now = fields.Datetime.now()
        for pack in self:
            pack.share_url = (
                f"{pack.get_base_url()}/recurring_billing/accountant_pack/link/"
                f"{pack.access_token}"
                if pack.access_token and pack.link_until and pack.link_until > now
                else False
            )

    def action_send(self):
        """Mail the pack to the accountant.

        :raises UserError: not ready, no accountant, or no address
        """
        for pack in self:
            pack._get_zip()
            pack.sudo()._with_own_context()._queue_mail()
        return True

    def action_send_again(self):
        """There is one addressee: no dialogue is needed."""
        return self.action_send()

    def action_close_link(self):
        """Let the link end now."""
        self._check_pack_rights()
        self.sudo().write({"access_token": False, "link_until": False})
        return True

    def _queue_mail(self):
        self.ensure_one()
        if not email_normalize_all(self.partner_id.email or ""):
            raise UserError(
                self.env._(
                    "Choose an accountant with an e-mail address for %s.",
                    self.display_name,
                )
            )
        attached = self.zip_size <= ATTACH_LIMIT
        if not attached:
            self._open_link()
        deliveries = self.env["document.delivery"]
        before = deliveries.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], limit=1
        )
        return deliveries._create_for_document(
            self,
            self.partner_id,
            attachment_ids=[Command.set(self.zip_id.ids)] if attached else [],
            attempt_of_id=before.id,
        )

    def _open_link(self):
        """A link nobody can guess, that ends by itself."""
        until = fields.Datetime.now() + timedelta(days=LINK_DAYS)
        token = self.access_token or secrets.token_urlsafe(32)
        self.write({"access_token": token, "link_until": until})

    @api.model
    def _find_by_link(self, token):
        """The pack behind a link that still works, with all rights; or none."""
        if not token:
            return self.sudo().browse()
        return self.sudo().search(
            [
                ("access_token", "=", token),
                ("link_until", ">", fields.Datetime.now()),
                ("state", "=", "done"),
            ],
            limit=1,
        )

    def _find_mail_template(self):
        return self.env.ref("recurring_billing.mail_template_accountant_pack")

    def _get_document_kind(self):
        return self.env["recurring.document.kind"]._get_by_code("report")
