from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..pack_period import get_period

CUSTOMER_TYPES = ("out_invoice", "out_refund", "out_receipt")
VENDOR_TYPES = ("in_invoice", "in_refund", "in_receipt")
#: What a person chooses; all else is written by the making.
CHOICES = {
    "company_id",
    "period",
    "date_from",
    "date_to",
    "with_bills",
    "partner_id",
    "send_when_ready",
}


class AccountantPack(models.Model):
    """All invoices of a period for the accountant: one ZIP with files, lists, checks.

    What it holds is written down document by document (``accountant.pack.document``),
    so that the next pack of the same period can tell what has changed since.
    """

    _name = "accountant.pack"
    _description = "Accountant's Pack"
    _inherit = [
        "accountant.pack.building.mixin",
        "accountant.pack.sharing.mixin",
        "accountant.pack.schedule.mixin",
        "mail.thread",
        "document.delivery.mixin",
        "recurring.batch.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    period = fields.Selection(
        selection=[
            ("last_month", "Last month"),
            ("this_month", "This month"),
            ("last_quarter", "Last quarter"),
            ("this_quarter", "This quarter"),
            ("custom", "Own dates"),
        ],
        required=True,
        default="last_month",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    with_bills = fields.Boolean(
        string="Vendor Bills Too",
        default=lambda self: self.env.company.accountant_pack_bills,
        help="Bills, refunds and receipts of vendors, with the files that came along.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Accountant",
        default=lambda self: self.env.company.accountant_pack_partner_id,
        check_company=True,
        help="Gets the pack by e-mail.",
    )
    send_when_ready = fields.Boolean(string="E-Mail It When Ready")
    automatic = fields.Boolean(readonly=True, copy=False)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked For By",
        readonly=True,
        default=lambda self: self.env.user,
    )

    # What the making writes
    state = fields.Selection(
        selection=[
            ("draft", "New"),
            ("waiting", "Being Made"),
            ("done", "Ready"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
    )
    date_done = fields.Datetime(string="Made On", readonly=True, copy=False)
    error = fields.Text(readonly=True, copy=False)
    previous_id = fields.Many2one(
        comodel_name="accountant.pack",
        string="Compared With",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The pack of the same period before this one.",
    )
    document_ids = fields.One2many(
        comodel_name="accountant.pack.document",
        inverse_name="pack_id",
        string="Documents",
        readonly=True,
    )
    document_count = fields.Integer(
        string="Number of Documents", readonly=True, copy=False
    )
    printed_count = fields.Integer(string="Printed", readonly=True, copy=False)
    to_print_count = fields.Integer(string="To Print", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    file_count = fields.Integer(string="Files", readonly=True, copy=False)
    missing_count = fields.Integer(string="Missing", readonly=True, copy=False)
    gap_count = fields.Integer(string="Missing Numbers", readonly=True, copy=False)
    change_count = fields.Integer(
        string="Changes Since", readonly=True, copy=False, help="Since the pack before."
    )
    note = fields.Text(readonly=True, copy=False)
    zip_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="File",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    zip_size = fields.Integer(string="Size in Bytes", readonly=True, copy=False)

    _period = models.Constraint(
        "CHECK (date_from <= date_to)", "The period ends before it begins."
    )
    _automatic_once = models.UniqueIndex(
        "(company_id, date_from, date_to) WHERE automatic",
        "The accountant's pack of this period was made already.",
    )
    _link_idx = models.UniqueIndex("(access_token) WHERE access_token IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("date_from", "date_to")
    @api.depends_context("lang")
    def _compute_name(self):
        for pack in self:
            dates = (pack.date_from, pack.date_to)
            if not all(dates):
                pack.name = self.env._("Accountant's Pack")
                continue
            whole_month = dates == get_period("this_month", dates[0])
            style = "LLLL yyyy" if whole_month else None
            texts = [format_date(self.env, day, date_format=style) for day in dates]
            pack.name = self.env._(
                "Accountant's Pack %s", " – ".join(dict.fromkeys(texts))
            )

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Core does not know that `name` depends on the language."""
        return super()._compute_display_name()

    @api.depends("period", "company_id")
    def _compute_dates(self):
        for pack in self:
            today = pack.company_id._get_accountant_pack_today()
            if pack.period and pack.period != "custom":
                pack.date_from, pack.date_to = get_period(pack.period, today)
            elif not (pack.date_from and pack.date_to):
                pack.date_from = pack.date_to = today

    @api.depends("printed_count", "to_print_count")
    def _compute_progress(self):
        for pack in self:
            whole = pack.to_print_count
            pack.progress = 100.0 * pack.printed_count / whole if whole else 0.0

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_choices(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_choices(vals)
        contents = CHOICES & vals.keys() - {"partner_id"}
        if contents and any(pack.state != "draft" for pack in self):
            raise UserError(
                self.env._("This pack is made already: press “Make Again” for another.")
            )
        return super().write(vals)

    @api.model
    def _check_choices(self, vals):
        """Figures and files are facts; people only choose what goes in."""
        own = {
            name
            for name in vals
            if name in self._fields and self._fields[name]._module == self._module
        }
        if not self.env.su and own - CHOICES:
            raise AccessError(
                self.env._("A pack is written by its making. Use the buttons.")
            )

    def unlink(self):
        self.check_access("unlink")
        self.document_ids.sudo().unlink()  # with their files
        return super().unlink()

    # === RIGHTS AND STATE === #

    def _check_pack_rights(self):
        """The pack holds every invoice: for people who work with invoices."""
        self.env["recurring.task"]._check_billing_rights()
        self.check_access("write")

    def _update_state(self, allowed, target, **values):
        """The one door of the state.

        :return: the packs that changed
        :raises UserError: a pack is in a state from which it cannot go there
        """
        refused = self.filtered(lambda pack: pack.state not in allowed)
        if refused:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(pack)s is “%(state)s”: this cannot be done now.",
                    pack=refused[0].display_name,
                    state=states[refused[0].state],
                )
            )
        self.sudo().write({"state": target, **values})
        return self

    def _get_move_types(self):
        self.ensure_one()
        return CUSTOMER_TYPES + (VENDOR_TYPES if self.with_bills else ())

    def _get_period_domain(self):
        """Documents that were dated in the period, whatever their state."""
        self.ensure_one()
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("move_type", "in", self._get_move_types())
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
        )

    # === BUTTONS === #

    def action_make(self):
        """Make the pack: a small one at once, a large one in the background.

        Whoever asked for a large one is told when it is ready.
        """
        self._check_pack_rights()
        self._update_state(("draft", "failed"), "waiting", error=False)
        for pack in self:
            pack._make_or_wait()
        return True

    def action_make_again(self):
        """A new pack of the same period, which also lists what changed since."""
        self.ensure_one()
        self._check_pack_rights()
        values = self.copy_data()[0]
        chosen = {name: values[name] for name in CHOICES & values.keys()}
        pack = self.create({**chosen, "period": "custom", "send_when_ready": False})
        pack.action_make()
        return pack._get_records_action()

    def action_download(self):
        self.ensure_one()
        self._get_zip()
        url = f"/recurring_billing/accountant_pack/{self.id}"
        return self.env["file.archive"]._get_download_action(url)

    def action_view_documents(self):
        self.ensure_one()
        self._check_pack_rights()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("id", "in", self.document_ids.move_id.ids)]
        # With a kind, core's list shows the customers.
        action["context"] = {"default_move_type": "out_invoice", "create": False}
        return action

    def _get_zip(self):
        """The file, for whoever may read all invoices of the company.

        :raises UserError: not ready yet
        """
        self._check_pack_rights()
        zip_file = self.sudo().zip_id
        if not zip_file:
            raise UserError(self.env._("%s is not ready yet.", self.display_name))
        return zip_file
