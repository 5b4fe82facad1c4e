import base64

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from ..context_defaults import without_defaults
from ..portfolio_sheet_reader import read_portfolio_sheet
from ..sheet_error import SheetError
from ..xlsx_archive import LARGEST_FILE

#: Rows up to which a file is taken over while the user waits.
AT_ONCE = 500
#: What a person chooses; all else is written by the taking over.
CHOICES = {"portfolio_id", "file", "filename"}


class CrmPortfolioUpload(models.Model):
    """A filled template on its way into a portfolio: all of it, or nothing.

    A file of many rows is taken over by a scheduled action, in one transaction. When
    the process dies nothing has happened, and the file is taken again.
    """

    _name = "crm.portfolio.upload"
    _description = "Upload of a Portfolio"
    _inherit = ["crm.portfolio.import.mixin"]
    _order = "id desc"
    _rec_name = "filename"

    portfolio_id = fields.Many2one(
        "crm.portfolio", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="portfolio_id.company_id", store=True, index=True
    )
    file = fields.Binary(required=True, attachment=True, copy=False)
    filename = fields.Char(string="File Name")
    user_id = fields.Many2one(
        "res.users",
        string="Uploaded By",
        readonly=True,
        required=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("waiting", "Waiting"),
            ("running", "Being Read"),
            ("done", "Done"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    attempts = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress", help="Percent.")
    row_count = fields.Integer(string="Rows", readonly=True, copy=False)
    new_count = fields.Integer(string="New", readonly=True, copy=False)
    changed_count = fields.Integer(string="Changed", readonly=True, copy=False)
    unchanged_count = fields.Integer(string="Unchanged", readonly=True, copy=False)
    error_count = fields.Integer(string="Rows with Errors", readonly=True, copy=False)
    message = fields.Text(readonly=True, copy=False)
    file_errors = fields.Binary(
        string="File with Errors", readonly=True, attachment=True, copy=False
    )
    file_errors_name = fields.Char(
        string="Name of the File with Errors", readonly=True, copy=False
    )
    date_done = fields.Datetime(string="Finished On", readonly=True, copy=False)

    _open_idx = models.Index("(id) WHERE state IN ('waiting', 'running')")

    def _compute_progress(self):
        rows = self.env["crm.portfolio.progress"].sudo()
        done = dict(
            rows._read_group(
                [("upload_id", "in", self.ids)], ["upload_id"], ["percent:max"]
            )
        )
        for upload in self:
            finished = upload.state in ("done", "refused")
            upload.progress = 100.0 if finished else done.get(upload.id, 0.0)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_choices(vals)
            self._check_size(vals)
        uploads = without_defaults(self, lambda name: name not in CHOICES)
        return super(CrmPortfolioUpload, uploads).create(vals_list)

    def write(self, vals):
        self._check_choices(vals)
        self._check_size(vals)
        if CHOICES & vals.keys() and any(upload.state != "draft" for upload in self):
            raise UserError(
                self.env._("This file was uploaded already: make a new upload.")
            )
        return super().write(vals)

    @api.model
    def _check_choices(self, vals):
        """What became of a file is a fact; people only choose the file."""
        own = {
            name
            for name in vals
            if name in self._fields and self._fields[name]._module == self._module
        }
        if not self.env.su and own - CHOICES:
            raise AccessError(
                self.env._("The result of an upload cannot be changed by hand.")
            )

    @api.model
    def _check_size(self, vals):
        file = vals.get("file") or b""
        if len(file) * 3 // 4 > LARGEST_FILE + 3:
            error = SheetError("large_file", limit=LARGEST_FILE // 2**20)
            raise UserError(self.env["crm.portfolio.message"]._get_file_text(error))

    # === BUTTONS === #

    def action_upload(self):
        """Take the file over: a short one now, a long one in the background.

        A file with errors changes nothing: it comes back, here and by e-mail.

        :raises UserError: uploaded already, or the portfolio is closed
        """
        self.ensure_one()
        self.portfolio_id._check_portfolio_rights()
        self.portfolio_id._check_open()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(
                self.env._("This file was uploaded already: make a new upload.")
            )
        sheet = self._read_file()
        if sheet and len(sheet.rows) <= AT_ONCE:
            self._import(sheet)
        elif sheet:
            self.sudo().write({"state": "waiting", "row_count": len(sheet.rows)})
            self.env.ref("crm_sla.ir_cron_portfolio_upload").sudo()._trigger()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Upload"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    # === READING AND REFUSING === #

    def _read_file(self):
        """The list in the file; nothing if it was refused."""
        labels = self.env["crm.portfolio"]._get_sheet_labels()
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        try:
            return read_portfolio_sheet(content, labels)
        except SheetError as error:
            self._refuse(self.env["crm.portfolio.message"]._get_file_text(error))
            return None

    def _refuse(self, text, **values):
        """Nothing was changed: say why, here and by e-mail."""
        nothing = self.env._("Nothing was changed.")
        self.sudo().write(
            {
                **values,
                "state": "refused",
                "message": f"{text}\n{nothing}",
                "date_done": fields.Datetime.now(),
            }
        )
        if email_normalize(self.sudo().user_id.email or ""):
            self._queue_mail()
        else:
            note = self.env._(
                "You have no e-mail address, so the file is not mailed to you."
            )
            self.sudo().message += f"\n{note}"

    def _queue_mail(self):
        """Mail the file with errors back to whoever uploaded it; core's queue sends."""
        upload = self.sudo()
        company, user = upload.company_id, upload.user_id
        content = upload.with_context(bin_size=False).file_errors
        upload.env["mail.mail"].create(
            {
                "subject": self.env._(
                    "%(portfolio)s: the file “%(file)s” was refused",
                    portfolio=upload.portfolio_id.display_name,
                    file=upload.filename or "",
                ),
                "body_html": upload.env["ir.qweb"]._render(
                    "crm_sla.crm_portfolio_refused_mail",
                    {"upload": upload, "url": self._get_link()},
                ),
                "email_from": company.email_formatted or user.email_formatted,
                "recipient_ids": [Command.link(user.partner_id.id)],
                "attachment_ids": [
                    Command.create(
                        {
                            "name": upload.file_errors_name,
                            "raw": base64.b64decode(content),
                            "res_model": self._name,
                            "res_id": self.id,
                        }
                    )
                ]
                if content
                else [],
            }
        )

    def _get_link(self):
        return f"{self.get_base_url()}/odoo/{self._name}/{self.id}"
