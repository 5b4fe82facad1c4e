import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize
from odoo.tools.safe_eval import safe_eval


class RecurringTaskAddRecipients(models.TransientModel):
    """Adds many customers to a task: by tag, by filter, or pasted."""

    _name = "recurring.task.add.recipients"
    _description = "Add Customers to a Recurring Task"

    task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Recurring Task",
        required=True,
        ondelete="cascade",
    )
    source = fields.Selection(
        selection=[
            ("paste", "Paste a list"),
            ("tag", "By tag"),
            ("filter", "By filter"),
        ],
        required=True,
        default="paste",
    )
    category_ids = fields.Many2many(comodel_name="res.partner.category", string="Tags")
    domain = fields.Char(string="Filter", default="[('customer_rank', '>', 0)]")
    text = fields.Text(
        string="Customers",
        help="One customer on each line: name, e-mail address, tax ID or reference.",
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Will Be Added",
        compute="_compute_matches",
    )
    found_count = fields.Integer(compute="_compute_matches")
    already_count = fields.Integer(compute="_compute_matches")
    unknown_text = fields.Text(
        string="Not Found", compute="_compute_matches", help="Nobody or several match."
    )

    @api.depends("source", "category_ids", "domain", "text", "task_id")
    @api.depends_context("lang")
    def _compute_matches(self):
        for wizard in self:
            partners, unknown = wizard._find_partners()
            there = wizard.task_id.recipient_ids.partner_id
            wizard.partner_ids = partners - there
            wizard.found_count = len(partners - there)
            wizard.already_count = len(partners & there)
            wizard.unknown_text = "\n".join(unknown)

    def _find_partners(self):
        """Customers that the user means, and the lines nobody fits.

        :rtype: tuple[res.partner, list[str]]
        """
        self.ensure_one()
        if self.source == "paste":
            return self._find_pasted()
        if self.source == "tag":
            domain = Domain("category_id", "in", self.category_ids.ids)
        else:
            domain = self._parse_domain()
            if domain.is_true():
                return self.env["res.partner"], []
        return self.env["res.partner"].search(domain & self._get_base_domain()), []

    def _parse_domain(self):
        """The filter that was typed.

        :raises UserError: when it is none
        """
        try:
            domain = Domain(safe_eval(self.domain or "[]"))
            domain.validate(self.env["res.partner"])
        except Exception as error:
            raise UserError(
                self.env._(
                    "The filter cannot be read: %s. Choose its conditions anew.", error
                )
            ) from error
        return domain

    def _get_base_domain(self):
        """Customers whom this company may bill."""
        return Domain("company_id", "in", [False, self.task_id.company_id.id]) & Domain(
            "type", "not in", ["invoice", "delivery", "private"]
        )

    def _find_pasted(self):
        """One search for all lines; a line that fits several is not guessed."""
        lines = [line.strip() for line in (self.text or "").splitlines()]
        lines = list(dict.fromkeys(line for line in lines if line))
        if not lines:
            return self.env["res.partner"], []
        emails = [email_normalize(line) for line in lines if email_normalize(line)]
        candidates = self.env["res.partner"].search(
            self._get_base_domain()
            & (
                self._get_name_domain(lines)
                | Domain("ref", "in", lines)
                | Domain("vat", "in", [self._clean_vat(line) for line in lines] + lines)
                | Domain("email_normalized", "in", emails)
            )
        )
        keys = {}
        for partner in candidates:
            for key in self._get_keys(partner):
                keys[key] = keys.get(key, self.env["res.partner"]) | partner
        found, unknown = self.env["res.partner"], []
        for line in lines:
            matches = keys.get(line.casefold()) or keys.get(self._clean_vat(line))
            matches = matches or keys.get(email_normalize(line) or "")
            if matches and len(matches) == 1:
                found |= matches
            else:
                unknown.append(line)
        return found, unknown

    @api.model
    def _get_name_domain(self, lines):
        """Names whatever their capitals, in one pass over the table."""
        names = tuple(line.lower() for line in lines)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "LOWER(%s) IN %s", model._field_to_sql(alias, "name", query), names
            )
        )

    @api.model
    def _get_keys(self, partner):
        texts = (partner.name, partner.ref, partner.vat, partner.email_normalized)
        return {(text or "").casefold() for text in texts if text} | (
            {self._clean_vat(partner.vat)} if partner.vat else set()
        )

    @api.model
    def _clean_vat(self, text):
        return re.sub(r"[^A-Z0-9]", "", text.upper())

    def action_add(self):
        """Put the customers on the task.

        :raises UserError: when nobody was found
        """
        self.ensure_one()
        self.task_id._check_billing_rights()
        if not self.partner_ids:
            raise UserError(
                self.env._(
                    "Nobody new was found. Check the list, or create the customers "
                    "first."
                )
            )
        self.task_id._add_recipients(self.partner_ids)
        return {"type": "ir.actions.act_window_close"}
