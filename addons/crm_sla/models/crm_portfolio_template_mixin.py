import io
import re
from collections import Counter

from odoo import api, models
from odoo.tools import consteq, hmac

from ..portfolio_sheet_writer import write_template

_KEY = re.compile(r"(\d{1,9})-(\d{1,9})-([0-9a-f]{16})")


class CrmPortfolioTemplateMixin(models.AbstractModel):
    """The Excel file of a portfolio: headings, rows with their keys, help."""

    _name = "crm.portfolio.template.mixin"
    _description = "Excel file of a portfolio"

    def action_download_template(self):
        self.ensure_one()
        self._check_portfolio_rights()
        return {
            "type": "ir.actions.client",
            "tag": "crm_sla.download",
            "params": {"url": f"/crm_sla/portfolio/{self.id}/template"},
        }

    @api.model
    def _get_sheet_columns(self):
        """Headings in the user's language by what the column holds, in their order."""
        return {
            "key": self.env._("Portfolio key"),
            "customer": self.env._("Customer"),
            "reference": self.env._("Tax id or reference"),
            "billing_initial": self.env._("Initial billing"),
            "value_recommended": self.env._("Recommended value"),
            "billing_final": self.env._("Final billing"),
            "billing_difference": self.env._("Billing difference"),
            "agent": self.env._("Custom agent (e-mail)"),
            "billing_invoiced": self.env._("Invoiced in the period"),
        }

    @api.model
    def _get_sheet_labels(self):
        """What a column holds by its heading in the user's language, for reading."""
        roles = self._get_sheet_columns()
        del roles["billing_invoiced"]
        roles["errors"] = self.env._("Errors")
        return {heading: role for role, heading in roles.items()}

    def _render_template(self):
        """The file, with the rights of the user: every line of the portfolio."""
        self.ensure_one()
        stream = io.BytesIO()
        write_template(
            stream,
            self._get_sheet_titles(),
            self._get_sheet_columns(),
            self._get_sheet_rows(),
            sorted(self._get_agent_addresses().values()),
            self._get_sheet_help(),
            self.currency_id.decimal_places,
        )
        return stream.getvalue()

    def _get_sheet_titles(self):
        return {
            "list": self.env._("Portfolio")[:31],
            "agents": self.env._("Agents")[:31],
            "help": self.env._("Help")[:31],
            "number_error": self.env._("Please type an amount."),
            "agent_error": self.env._(
                "Please choose the e-mail address of a colleague from the list."
            ),
        }

    def _get_sheet_rows(self):
        """Values of each line, in the order of the columns."""
        columns = self._get_sheet_columns()
        lines = self.env["crm.portfolio.line"].search([("portfolio_id", "=", self.id)])
        billed = self._get_billed(self.date_from, self.date_to)
        addresses = self._get_agent_addresses()
        for line in lines.sorted(lambda line: (line.partner_id.name or "", line.id)):
            invoiced = billed.get(line.partner_id.id, 0.0)
            values = self._prepare_sheet_row(line, invoiced, addresses)
            yield [values[column] for column in columns]

    def _prepare_sheet_row(self, line, invoiced, addresses):
        """What a line has for each of :meth:`_get_sheet_columns`.

        :param float invoiced: to its customer in the period
        :param dict addresses: of the agents, by id
        """
        partner = line.partner_id
        given = line.is_billing_uploaded
        final = line.billing_uploaded if given else invoiced
        agent = line.agent_custom_id
        return {
            "key": self._get_key(partner.id),
            "customer": partner.name or partner.display_name,
            "reference": partner.vat or partner.ref,
            "billing_initial": line.billing_initial,
            "value_recommended": line.value_recommended,
            "billing_final": line.billing_uploaded if given else None,
            "billing_difference": self.currency_id.round(final - line.billing_initial),
            "agent": addresses.get(agent.id, agent.email),
            "billing_invoiced": self.currency_id.round(invoiced),
        }

    def _get_agents_domain(self):
        """Internal users of the company; inactive ones are never found."""
        return [("share", "=", False), ("company_ids", "in", self.company_id.ids)]

    def _get_agent_addresses(self):
        """What stands for a user in the file: his e-mail address.

        His login where he has no address, or shares it with a colleague.
        """
        users = self.env["res.users"].search(self._get_agents_domain())
        shared = Counter(users.mapped("email_normalized"))
        return {
            user.id: user.email_normalized
            if user.email_normalized and shared[user.email_normalized] == 1
            else user.login
            for user in users
        }

    def _get_sheet_help(self):
        currency = self.currency_id.name
        return [
            self.env._("How to fill in this file"),
            self.env._("White cells can be changed, grey ones are for information."),
            self.env._("Amounts are without taxes, in %s.", currency),
            self.env._(
                "Initial billing and recommended value: what the customer brought "
                "before, and what he should bring. An empty cell is 0."
            ),
            self.env._(
                "Final billing: leave it empty and what was invoiced in the period "
                "counts. An amount here counts instead of the invoices, also a 0."
            ),
            self.env._(
                "Billing difference: final less initial billing. It is worked out by "
                "the program; what is written here is not read."
            ),
            self.env._(
                "Custom agent: the e-mail address of a colleague, who then sees and "
                "follows the customer as his own. Empty: the customer's salesperson."
            ),
            self.env._(
                "More customers can be added below the list, with the tax id or "
                "reference, or the name as it stands in the program."
            ),
            self.env._(
                "Rows that are missing in the file stay as they are. Hidden and "
                "filtered rows are read, too."
            ),
            self.env._(
                "The first column is hidden: it says which customer a row belongs to. "
                "When you sort, sort whole rows."
            ),
            self.env._(
                "If anything is wrong, nothing is changed: the file comes back with an "
                "explanation beside each wrong row."
            ),
        ]

    # === KEYS === #

    def _get_key(self, partner_id):
        """Says which customer of which portfolio a row is; made to be recognized."""
        self.ensure_one()
        return self._sign_key(self.id, partner_id)

    @api.model
    def _sign_key(self, portfolio_id, partner_id):
        message = (portfolio_id, partner_id)
        signature = hmac(self.env(su=True), "crm_sla.portfolio.key", message)[:16]
        return f"{portfolio_id}-{partner_id}-{signature}"

    @api.model
    def _read_key(self, text):
        """Ids of portfolio and customer; nothing if it was not made here."""
        match = _KEY.fullmatch(text)
        if match:
            ids = int(match[1]), int(match[2])
            if consteq(self._sign_key(*ids), text):
                return ids
        return None
