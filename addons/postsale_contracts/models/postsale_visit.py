from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .project_task_work_order_mixin import CANCELLED

#: Numbers of days fit into it; tells the visits of a customer of a task apart.
DAYS = 2**20
#: Columns of visits that are not created yet.
PLANNED = (
    *("id", "date", "name", "partner_id", "visit_partner_id", "user_id", "role_id"),
    *("project_id", "recurring_task_id", "company_id"),
)


class PostsaleVisit(models.Model):
    """Work orders, and beside them the visits that are not created yet.

    No table of its own: created ones are read from the tasks that the user may see,
    planned ones are worked out at the moment of reading.
    """

    _name = "postsale.visit"
    _description = "Visit"
    _auto = False
    _order = "date, id"

    date = fields.Date(string="Day")
    name = fields.Char(string="Subject", readonly=True)
    state = fields.Selection(
        selection=[
            ("planned", "Not Created Yet"),
            ("open", "Work Order"),
            ("done", "Done"),
        ],
        readonly=True,
    )
    is_hatched = fields.Boolean(compute="_compute_is_hatched")  # core's calendar
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    visit_partner_id = fields.Many2one(
        "res.partner", string="Visit Address", readonly=True
    )
    user_id = fields.Many2one("res.users", string="Technician", readonly=True)
    role_id = fields.Many2one("project.role", readonly=True)
    project_id = fields.Many2one("project.project", readonly=True)
    task_id = fields.Many2one("project.task", string="Work Order", readonly=True)
    recurring_task_id = fields.Many2one(
        "recurring.task", readonly=True, groups="recurring_billing.group_user"
    )
    company_id = fields.Many2one("res.company", readonly=True)

    # === WHERE IT COMES FROM === #

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._get_created_sql(), self._get_planned_sql())

    @api.model
    def _get_created_sql(self):
        """Work orders that the user may see, with the first of their technicians."""
        Task = self.env["project.task"]
        planned = [("is_work_order", "=", True), ("visit_date", "!=", False)]
        tasks = Task._search(planned)
        Task.flush_model()
        return SQL(
            """
            SELECT 2 * task.id::int8 AS id, task.visit_date AS date, task.name,
                   CASE WHEN task.state = '1_done' THEN 'done' ELSE 'open' END AS state,
                   task.partner_id, task.visit_partner_id,
                   (SELECT min(rel.user_id) FROM project_task_user_rel rel
                     WHERE rel.task_id = task.id) AS user_id,
                   task.work_role_id AS role_id, task.project_id, task.id AS task_id,
                   task.recurring_task_id, task.company_id
              FROM project_task task
             WHERE task.id IN %s AND task.state != %s
            """,
            tasks.subselect(),
            CANCELLED,
        )

    @api.model
    def _get_planned_sql(self):
        """Planned visits of the projects that the user may see, as a list of rows."""
        planner = self.sudo().env["postsale.visit.planner"]
        visits = planner._get_planned(self.env.companies)
        projects = self.env["project.project"].union(
            *(visit.recipient.project_used_id for visit in visits)
        )
        visible = projects.with_env(self.env)._filtered_access("read")
        rows = [
            self._prepare_planned(visit)
            for visit in visits
            if visit.recipient.project_used_id <= visible
        ]
        return SQL(
            """
            SELECT id, date, name, 'planned', partner_id, visit_partner_id, user_id,
                   role_id, project_id, NULL::int4, recurring_task_id, company_id
              FROM unnest(
                       %(id)s::int8[], %(date)s::date[], %(name)s::varchar[],
                       %(partner_id)s::int4[], %(visit_partner_id)s::int4[],
                       %(user_id)s::int4[], %(role_id)s::int4[],
                       %(project_id)s::int4[], %(recurring_task_id)s::int4[],
                       %(company_id)s::int4[]
                   ) AS planned (
                       id, date, name, partner_id, visit_partner_id, user_id, role_id,
                       project_id, recurring_task_id, company_id
                   )
            """,
            **{name: [row[name] or None for row in rows] for name in PLANNED},
        )

    @api.model
    def _prepare_planned(self, visit):
        recipient = visit.recipient
        handler = self.env["recurring.document.work_order"]
        number = recipient.id * DAYS + visit.scheduled_date.toordinal()
        return {
            "id": 2 * number + 1,
            "date": visit.day,
            "name": handler._get_name(recipient),
            "partner_id": recipient.partner_id.id,
            "visit_partner_id": recipient.visit_address_used_id.id,
            "user_id": min(recipient.technician_used_ids.ids, default=None),
            "role_id": recipient.role_used_id.id,
            "project_id": recipient.project_used_id.id,
            "recurring_task_id": recipient.task_id.id,
            "company_id": recipient.company_id.id,
        }

    @api.depends("state")
    def _compute_is_hatched(self):
        for visit in self:
            visit.is_hatched = visit.state == "planned"

    @api.depends("partner_id", "name")
    def _compute_display_name(self):
        for visit in self:
            names = (visit.partner_id.display_name, visit.name)
            visit.display_name = ": ".join(filter(None, names))

    # === MOVE AND OPEN === #

    def write(self, vals):  # pylint: disable=method-required-super
        """Move created visits to another day; nothing else can be changed here.

        :raises UserError: for visits that are not created yet
        """
        self.check_access("write")
        if set(vals) != {"date"} or not vals["date"]:
            raise UserError(
                self.env._("Here a visit can be moved. Open it to change the rest.")
            )
        for visit in self.filtered(lambda visit: not visit.task_id)[:1]:
            raise UserError(
                self.env._(
                    "%(visit)s is not created yet: its day comes from the recurring "
                    "task. Give the customer another first date there, or press “Run "
                    "Now” there and move the work order.",
                    visit=visit.display_name,
                )
            )
        self.task_id.write({"visit_date": vals["date"]})
        self.invalidate_model()
        return True

    def action_open(self):
        """Open the work order, or the recurring task that will create it."""
        self.ensure_one()
        self.check_access("read")
        if self.task_id:
            return self.task_id._get_records_action()
        recurring_task = self.sudo().recurring_task_id.with_env(self.env)
        if not recurring_task.has_access("read"):
            raise UserError(
                self.env._(
                    "%(visit)s is not created yet. The recurring task “%(task)s” will "
                    "create it.",
                    visit=self.display_name,
                    task=recurring_task.sudo().name,
                )
            )
        return recurring_task._get_records_action()
