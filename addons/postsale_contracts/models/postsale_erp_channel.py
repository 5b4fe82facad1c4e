from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import NO_ACCESS

from odoo.addons.crm_sla.context_defaults import without_defaults

from ..erp_address import AddressRefused, normalize_host, parse_target

#: What is shown of a key that is set.
MASK = "••••••••"
TIMEOUT_RANGE = (1, 120)
ADMINISTRATOR = "base.group_system"
#: Not set by anybody's default values.
PROTECTED = {"allowed_host", "secret_key"}


class PostsaleErpChannel(models.Model):
    """The way on which orders of a company go to its ERP.

    The key can be entered and replaced, never read again: not by the form, an export or
    RPC. It goes to the receiver for which it was entered only, so another address
    forgets it.
    """

    _name = "postsale.erp.channel"
    _description = "ERP Channel"
    _order = "company_id, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        selection=[
            ("https", "Over HTTPS"),
            ("email", "By e-mail"),
            ("odoo", "This Odoo"),
        ],
        required=True,
        default="https",
        help="Over HTTPS: each order is posted to an address of the ERP. By e-mail: it "
        "is sent to a mailbox that the ERP reads. This Odoo: there is no other ERP, "
        "the order is confirmed here.",
    )
    url = fields.Char(
        string="Address",
        copy=False,
        help="Where orders are posted to, e.g. https://erp.example.com/orders",
    )
    bearer_key = fields.Char(
        string="Key",
        compute="_compute_bearer_key",
        inverse="_inverse_bearer_key",
        copy=False,
        exportable=False,
        help="Sent along as “Authorization: Bearer …”. It can be replaced, but not be "
        "read again.",
    )
    secret_key = fields.Char(copy=False, groups=NO_ACCESS, prefetch=False)
    timeout = fields.Integer(
        string="Time Limit (s)",
        default=30,
        required=True,
        help="How long an answer is waited for, in seconds.",
    )
    allowed_host = fields.Char(
        copy=False,
        help="A host inside the company's network, or one without encryption, to which "
        "orders may be sent all the same. Only an administrator can name it.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Mailbox",
        copy=False,
        check_company=True,
        domain="[('email', '!=', False)]",
        help="The contact with the e-mail address that the ERP reads.",
    )

    _one_active = models.UniqueIndex(
        "(company_id) WHERE active",
        "This company has an active ERP channel already. Archive it first.",
    )

    # === COMPUTE METHODS === #

    @api.depends("secret_key")
    def _compute_bearer_key(self):
        for channel in self:
            channel.bearer_key = MASK if channel.sudo().secret_key else False

    def _inverse_bearer_key(self):
        for channel in self:
            if channel.bearer_key != MASK:
                channel.sudo().secret_key = (channel.bearer_key or "").strip()

    # === CONSTRAINTS === #

    @api.constrains("allowed_host")
    def _check_allowed_host(self):
        for channel in self:
            try:
                normalize_host(channel.allowed_host)
            except ValueError as error:
                raise ValidationError(channel._get_address_text("form")) from error

    @api.constrains("kind", "url", "allowed_host", "active")
    def _check_url(self):
        for channel in self:
            if channel.active and channel.kind == "https":
                try:
                    channel._get_target()
                except AddressRefused as error:
                    raise ValidationError(
                        channel._get_address_text(error.code)
                    ) from error

    @api.constrains("kind", "partner_id", "active")
    def _check_mailbox(self):
        for channel in self:
            is_mailed = channel.active and channel.kind == "email"
            if is_mailed and not channel.partner_id.email_normalized:
                raise ValidationError(
                    self.env._(
                        "“%s”: choose a mailbox with a valid e-mail address.",
                        channel.name,
                    )
                )

    @api.constrains("timeout")
    def _check_timeout(self):
        least, most = TIMEOUT_RANGE
        for channel in self:
            if not least <= channel.timeout <= most:
                raise ValidationError(
                    self.env._(
                        "The time limit is from %(least)s to %(most)s seconds.",
                        least=least,
                        most=most,
                    )
                )

    @api.constrains("secret_key")
    def _check_key(self):
        for channel in self.sudo():
            key = channel.secret_key or ""
            if not (key.isascii() and (key + "x").isprintable()) or " " in key:
                raise ValidationError(
                    self.env._(
                        "The key has letters that cannot be sent. Copy it once more."
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_may_allow(vals)
        channels = without_defaults(self, PROTECTED.__contains__)
        return super(PostsaleErpChannel, channels).create(vals_list)

    def write(self, vals):
        self._check_may_allow(vals)
        before = {channel: channel._get_origin() for channel in self}
        result = super().write(vals)
        if "bearer_key" not in vals and "secret_key" not in vals:
            moved = self.filtered(lambda c: c._get_origin() != before[c])
            moved.sudo().filtered("secret_key").write({"secret_key": False})
        return result

    def _check_may_allow(self, vals):
        """:raises AccessError: unless an administrator allows the host"""
        if (
            vals.get("allowed_host")
            and not self.env.su
            and not self.env.user.has_group(ADMINISTRATOR)
        ):
            raise AccessError(
                self.env._(
                    "Only an administrator can allow a host inside the company's "
                    "network. Ask one to enter it on the ERP channel."
                )
            )

    # === FOR THE ENGINE === #

    def _get_target(self):
        """:raises AddressRefused:
        :rtype: Target"""
        self.ensure_one()
        return parse_target(self.url, self.allowed_host or "")

    def _get_origin(self):
        """To whom the key belongs; None where there is no usable address."""
        try:
            return self._get_target().origin
        except AddressRefused:
            return None

    @api.model
    def _get_address_text(self, code):
        """Why nothing is sent to an address, and the way out."""
        texts = {
            "form": self.env._(
                "This is no usable address. It looks like "
                "https://erp.example.com/orders"
            ),
            "scheme": self.env._(
                "The address has to begin with https://. An administrator can allow "
                "another one for a host inside the company's network."
            ),
            "login": self.env._(
                "Leave out user name and password: enter the key in its own field."
            ),
            "private": self.env._(
                "The address leads into the company's own network. An administrator "
                "can allow its host on the ERP channel."
            ),
            "never": self.env._("Nothing can be sent to this address."),
        }
        return texts[code]

    @api.model
    def _get_active(self, companies):
        """The active channel of each company that has one: ``{company: channel}``."""
        channels = self.sudo().search([("company_id", "in", companies.ids)])
        return channels.grouped("company_id")
