from odoo import fields, models
from odoo.tools import format_list

TECHNICIAN = "postsale_contracts.group_postsale_technician"
#: Fields of the days that suit, Monday first.
WEEKDAYS = (
    "visit_monday",
    "visit_tuesday",
    "visit_wednesday",
    "visit_thursday",
    "visit_friday",
    "visit_saturday",
    "visit_sunday",
)


class ResPartnerVisitMixin(models.AbstractModel):
    """How a customer likes to be visited: by whom, where, when.

    What is empty at a contact or address is as at its company.
    """

    _name = "res.partner.visit.mixin"
    _description = "Customer Who Is Visited"

    visit_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Usual Technician",
        domain=[("share", "=", False)],
        groups=TECHNICIAN,
    )
    visit_role_id = fields.Many2one(
        comodel_name="project.role",
        string="Usual Role",
        help="If no technician is named: whoever has this role can take the visit.",
        groups=TECHNICIAN,
    )
    visit_address_id = fields.Many2one(
        comodel_name="res.partner",
        domain="[('id', 'child_of', commercial_partner_id)]",
        help="Empty: the usual delivery address.",
        groups=TECHNICIAN,
    )
    visit_monday = fields.Boolean(string="Visits on Monday", groups=TECHNICIAN)
    visit_tuesday = fields.Boolean(string="Visits on Tuesday", groups=TECHNICIAN)
    visit_wednesday = fields.Boolean(string="Visits on Wednesday", groups=TECHNICIAN)
    visit_thursday = fields.Boolean(string="Visits on Thursday", groups=TECHNICIAN)
    visit_friday = fields.Boolean(string="Visits on Friday", groups=TECHNICIAN)
    visit_saturday = fields.Boolean(string="Visits on Saturday", groups=TECHNICIAN)
    visit_sunday = fields.Boolean(string="Visits on Sunday", groups=TECHNICIAN)
    visit_hours = fields.Char(string="Hours That Suit", groups=TECHNICIAN)
    visit_access_notes = fields.Text(
        string="How to Get In",
        help="Keys, gate codes, whom to ask for … Only technicians see it.",
        groups=TECHNICIAN,
    )
    visit_project_id = fields.Many2one(
        comodel_name="project.project",
        string="Project of Work Orders",
        domain=[("is_postsale", "=", True)],
        groups=TECHNICIAN,
    )
    visit_report_id = fields.Many2one(
        comodel_name="ir.actions.report",
        string="Format of Work Orders",
        domain=[("model", "=", "project.task"), ("report_type", "=like", "qweb%")],
        groups=TECHNICIAN,
    )

    def _get_visit_preference(self, name):
        """A field of this mixin, here or at the customer's company."""
        partner = self.sudo()
        return partner[name] or partner.commercial_partner_id[name]

    def _get_visit_weekdays(self):
        """Days that suit, Monday = 0; every day if nothing is ticked.

        :rtype: frozenset[int]
        """
        partner = self.sudo()
        for source in (partner, partner.commercial_partner_id):
            if days := [n for n, name in enumerate(WEEKDAYS) if source[name]]:
                return frozenset(days)
        return frozenset(range(7))

    def _get_visit_weekdays_text(self):
        field = self.env["resource.calendar.attendance"]._fields["dayofweek"]
        names = dict(field._description_selection(self.env))
        days = sorted(self._get_visit_weekdays())
        return format_list(self.env, [names[str(day)] for day in days], "unit-short")

    def _get_visit_address(self):
        """Where this customer is visited."""
        self.ensure_one()
        delivery = self.browse(self.address_get(["delivery"])["delivery"])
        return self._get_visit_preference("visit_address_id") or delivery

    def _prepare_visit(self):
        """Values of a work order that come from the customer's record."""
        self.ensure_one()
        return {
            "visit_partner_id": self._get_visit_address().id,
            "visit_hours": self._get_visit_preference("visit_hours"),
            "visit_access_notes": self._get_visit_preference("visit_access_notes"),
        }
