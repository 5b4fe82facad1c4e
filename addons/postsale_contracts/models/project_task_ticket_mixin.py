from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.crm_sla.context_defaults import without_defaults

#: States of a contract to which new tickets belong.
CONTRACT_STATES = ("active", "to_renew")


class ProjectTaskTicketMixin(models.AbstractModel):
    """A task of a post-sale project is a ticket: contract, assets, interventions."""

    _name = "project.task.ticket.mixin"
    _description = "Ticket"

    is_ticket = fields.Boolean(
        string="Ticket", index="btree_not_null", readonly=True, copy=False
    )
    ticket_contract_id = fields.Many2one(
        comodel_name="postsale.contract",
        string="Contract",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        groups="postsale_contracts.group_postsale_technician",
        domain="[('partner_id.commercial_partner_id.id', 'parent_of',"
        " partner_id or []), ('state', 'in', ('active', 'to_renew')),"
        " ('company_id', '=?', company_id)]",
        help="The customer's only running contract is proposed.",
    )
    asset_ids = fields.Many2many(
        comodel_name="maintenance.equipment",
        relation="project_task_asset_rel",
        column1="task_id",
        column2="asset_id",
        string="Assets",
        domain="[('customer_id.commercial_partner_id.id', 'parent_of',"
        " partner_id or [])]",
    )
    intervention_ids = fields.One2many(
        comodel_name="postsale.intervention",
        inverse_name="task_id",
        string="Service Activities",
        groups="postsale_contracts.group_postsale_technician",
    )

    # === CRUD === #

    @api.model
    def default_get(self, fields):
        """A task made in the list of tickets belongs to a post-sale project."""
        values = super().default_get(fields)
        if self.env.context.get("in_tickets"):
            self._add_default_project(values, fields, self._get_default_ticket_project)
        return values

    @api.model
    def _add_default_project(self, values, fields, get_project):
        """A task keeps its project only while their companies are the same."""
        if "project_id" in fields and not values.get("project_id"):
            project = get_project()
            values["project_id"] = project.id
            if "company_id" in fields:
                values["company_id"] = project.sudo().company_id.id

    @api.model_create_multi
    def create(self, vals_list):
        self._check_ticket_mark(vals_list)
        self = without_defaults(self, "is_ticket".__eq__)
        tasks = super().create(vals_list)
        tasks._become_tickets(
            tasks.browse(
                task.id
                for task, vals in zip(tasks, vals_list, strict=True)
                if "ticket_contract_id" not in vals
            )
        )
        return tasks

    def write(self, vals):
        self._check_ticket_mark([vals])
        follows = "partner_id" in vals and "ticket_contract_id" not in vals
        if follows:
            self._leave_contracts(self.env["res.partner"].browse(vals["partner_id"]))
        result = super().write(vals)
        if follows or "project_id" in vals:
            self._become_tickets(self if follows else self.browse())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed_tickets(self):
        billed = self.sudo().intervention_ids.filtered("sale_line_id")[:1]
        if billed:
            raise UserError(
                self.env._(
                    "“%(ticket)s” cannot be deleted: work on it is billed on "
                    "%(order)s. Archive it instead.",
                    ticket=billed.task_id.display_name,
                    order=billed.billed_on,
                )
            )

    # === TICKETS === #

    def _check_ticket_mark(self, vals_list):
        if not self.env.su and any("is_ticket" in vals for vals in vals_list):
            raise UserError(
                self.env._(
                    "Whether a task is a ticket follows from its project: mark the "
                    "project as Post-Sale."
                )
            )

    def _become_tickets(self, proposing):
        """Tasks of a post-sale project are tickets; one that leaves it stays what it
        is, with its activities.

        :param proposing: those that get their contract proposed
        """
        tasks = self.sudo().filtered(lambda task: task.project_id.is_postsale)
        contracts = (tasks & proposing)._get_proposed_contracts()
        none = self.env["postsale.contract"]
        changes = {}
        for task in tasks:
            contract = contracts.get(task, none)
            if contract or not task.is_ticket:
                changes[contract] = changes.get(contract, tasks.browse()) + task
        for contract, members in changes.items():
            values = {"is_ticket": True}
            if contract:
                values["ticket_contract_id"] = contract.id
            members.with_context(mail_notrack=True).write(values)

    @api.model
    def _get_default_ticket_project(self):
        """The first post-sale project of the user's company."""
        return self.env["project.project"].search(
            [
                ("is_postsale", "=", True),
                ("is_template", "=", False),
                ("company_id", "in", (False, self.env.company.id)),
            ],
            limit=1,
        )

    def _get_ticket_company(self):
        """The company that a ticket is worked on, and billed, by."""
        self.ensure_one()
        return self.company_id or self.project_id.company_id or self.env.company

    # === CONTRACT === #

    def _get_proposed_contracts(self):
        """For tickets without a contract the only one that fits: ``{ticket:
        contract}``."""
        tickets = self.sudo().filtered(
            lambda task: task.partner_id and not task.ticket_contract_id
        )
        customers = tickets.partner_id.commercial_partner_id
        if not customers:
            return {}
        contracts = (
            self.env["postsale.contract"]
            .sudo()
            .search(
                [
                    ("state", "in", CONTRACT_STATES),
                    ("partner_id.commercial_partner_id", "in", customers.ids),
                ]
            )
        ).grouped(lambda contract: contract.partner_id.commercial_partner_id)
        proposed = {}
        for ticket in tickets:
            customer = ticket.partner_id.commercial_partner_id._origin
            fitting = contracts.get(customer, self.env["postsale.contract"]).filtered(
                lambda c, ticket=ticket: not ticket._get_contract_objection(c)
            )
            if len(fitting) == 1:
                proposed[ticket] = fitting
        return proposed

    def _get_contract_objection(self, contract):
        """Why the contract is not meant for the ticket, or None."""
        self.ensure_one()
        customer = contract.partner_id.commercial_partner_id
        company = self.company_id or self.project_id.company_id
        if customer != self.partner_id.commercial_partner_id._origin:
            return self.env._("it is of %s", customer.display_name)
        if company and contract.company_id != company._origin:
            return self.env._("it is of the company %s", contract.company_id.name)
        return None

    def _leave_contracts(self, partner):
        """Before the customer changes: another one's contract does not stay."""
        customer = partner.sudo().commercial_partner_id
        tickets = self.sudo().filtered("ticket_contract_id")
        tickets.filtered(
            lambda t: t.ticket_contract_id.partner_id.commercial_partner_id != customer
        ).write({"ticket_contract_id": False})

    @api.onchange("partner_id", "project_id")
    def _onchange_ticket_customer(self):
        if not self.env.user.has_group("postsale_contracts.group_postsale_technician"):
            return
        ticket = self.sudo()
        self.is_ticket = self.is_ticket or ticket.project_id.is_postsale
        contract = ticket.ticket_contract_id._origin
        if contract and ticket._get_contract_objection(contract):
            self.ticket_contract_id = False
        if self.is_ticket:
            proposed = self._get_proposed_contracts().get(self)
            if proposed:
                self.ticket_contract_id = proposed

    @api.constrains("ticket_contract_id", "partner_id", "company_id", "project_id")
    def _check_ticket_contract(self):
        for ticket in self.sudo():
            contract = ticket.ticket_contract_id
            objection = contract and ticket._get_contract_objection(contract)
            if objection:
                raise ValidationError(
                    self.env._(
                        "Contract %(contract)s does not fit “%(ticket)s”: "
                        "%(objection)s. Choose another contract, or none.",
                        contract=contract.display_name,
                        ticket=ticket.display_name,
                        objection=objection,
                    )
                )
