from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

JOBS_SHOWN = 100
PARTS_SHOWN = 30
PARTS_FOUND = 20
#: The coming days that are shown with today's work.
DAYS_AHEAD = 7


class PostsaleMyDay(models.AbstractModel):
    """What the screen *My Day* asks for: a technician's jobs, and the parts he uses.

    Jobs are found with his rights. Of each that he may read he sees the customer's
    address and phone, and the assets, too.
    """

    _name = "postsale.my.day"
    _description = "A Technician's Day"

    @api.model
    def get_day(self):
        """Today's jobs, those overdue, and those of the next days.

        :return: ``jobs``, ``running`` (the work whose time runs), ``parts`` and
            ``conditions`` to choose from without a connection, ``now`` (the server's
            clock, UTC ISO) and ``today`` (the date where the technician is)
        """
        self.env["postsale.field.entry"]._check_technician()
        today = fields.Date.context_today(self)
        tasks = self._find_jobs(today)
        return {
            "now": fields.Datetime.now().isoformat(),
            "today": fields.Date.to_string(today),
            "jobs": self._prepare_jobs(tasks, today),
            "running": self._prepare_running(),
            "parts": self._prepare_parts(self._get_usual_parts()),
            "conditions": self.env["postsale.condition"].search_read(
                [("company_id", "in", (False, self.env.company.id))], ["name"]
            ),
        }

    @api.model
    def search_parts(self, term):
        """Up to 20 products by name, reference or barcode."""
        self.env["postsale.field.entry"]._check_technician()
        term = str(term or "").strip()
        if not term:
            return []
        domain = Domain.OR(
            Domain(name, "ilike", term) for name in ("name", "default_code", "barcode")
        )
        return self._prepare_parts(
            self.env["product.product"].search(
                domain & Domain("sale_ok", "=", True), limit=PARTS_FOUND
            )
        )

    # === WHICH JOBS === #

    @api.model
    def _find_jobs(self, today):
        """Open tickets and work orders of the user or of a role of his, in the order of
        their days; those without a day come last."""
        last = today + timedelta(days=DAYS_AHEAD)
        Task = self.env["project.task"]
        tasks = Task.search(
            self._get_mine_domain()
            & Domain("state", "in", Task.OPEN_STATES)
            & Domain("company_id", "in", [False, *self.env.companies.ids])
            & (Domain("visit_date", "=", False) | Domain("visit_date", "<=", last)),
            order="visit_date, date_deadline, priority desc, id",
            limit=JOBS_SHOWN,
        )
        days = {task: self._get_day_of(task) for task in tasks}
        return tasks.filtered(lambda task: (days[task] or today) <= last).sorted(
            lambda task: (not days[task], days[task] or today)
        )

    @api.model
    def _get_mine_domain(self):
        uid = self.env.uid
        jobs = Domain("is_ticket", "=", True) | Domain("is_work_order", "=", True)
        mine = Domain("user_ids", "in", uid) | Domain("managed_by_user_id", "=", uid)
        nobodys = Domain("user_ids", "=", False) & Domain(
            "managed_by_user_id", "=", False
        )
        of_role = Domain("managed_by_role_id.user_ids", "in", uid) | Domain(
            "work_role_id.user_ids", "in", uid
        )
        return jobs & (mine | (nobodys & of_role))

    @api.model
    def _get_day_of(self, task):
        """The day of the visit; of a ticket without one, that of its deadline."""
        deadline = task.date_deadline
        return task.visit_date or (
            deadline and fields.Datetime.context_timestamp(self, deadline).date()
        )

    # === WHAT IS TOLD OF THEM === #

    @api.model
    def _prepare_jobs(self, tasks, today):
        """Read with more rights: whoever may read the job may know where it is."""
        tasks = tasks.sudo()
        work = self._get_work(tasks)
        conditions = self._propose_conditions(tasks, today)
        photos = self._count_photos(tasks)
        return [
            {
                **self._prepare_job(task, today),
                **work[task.id],
                "conditionId": conditions[task.id],
                "photoCount": photos.get(task.id, 0),
            }
            for task in tasks
        ]

    @api.model
    def _prepare_job(self, task, today):
        day = self._get_day_of(task)
        place = task.visit_partner_id or task.partner_id
        return {
            "id": task.id,
            "name": task.name,
            "isWorkOrder": task.is_work_order,
            "day": day and fields.Date.to_string(day),
            "section": self._get_section(day, today),
            "hours": task.visit_hours or "",
            "customer": task.partner_id.display_name or "",
            "address": ", ".join(
                filter(None, place._display_address(without_company=True).split("\n"))
            ),
            "phone": place.phone or task.partner_id.commercial_partner_id.phone or "",
            "accessNotes": task.visit_access_notes or "",
            "assets": [self._prepare_asset(asset) for asset in task.asset_ids],
            "slaDeadline": fields.Datetime.to_string(task.sla_deadline) or False,
            "meetsSla": task.meets_sla,
            "isSlaRunning": not task.sla_reached_date and not task.sla_paused_since,
            "checklist": [
                {"id": line.id, "name": line.name, "done": line.done}
                for line in task.checklist_ids
            ],
            "signedBy": task.work_signed_by or "",
        }

    @api.model
    def _get_section(self, day, today):
        if not day:
            return "undated"
        if day == today:
            return "today"
        return "overdue" if day < today else "next"

    @api.model
    def _prepare_asset(self, asset):
        return {
            "id": asset.id,
            "name": asset.name,
            "serial": asset.serial_no or "",
            "place": asset.customer_location or "",
        }

    @api.model
    def _get_work(self, tasks):
        """Hours and parts by task."""
        work = {task.id: {"workedHours": 0.0, "parts": []} for task in tasks}
        for activity in tasks.intervention_ids.sorted("id"):
            if activity.state == "cancelled":
                continue
            done = work[activity.task_id.id]
            done["workedHours"] += activity.duration
            if not (activity.clock_start or activity.duration):
                done["parts"].append(
                    {
                        "id": activity.id,
                        "name": activity.name,
                        "quantity": activity.quantity,
                        "isPlanned": activity.state == "open",
                    }
                )
        return work

    @api.model
    def _propose_conditions(self, tasks, today):
        """Who probably pays for a part that is used today, by task."""
        Activity = self.env["postsale.intervention"]
        proposable = Activity._get_proposable_conditions()
        return {
            task.id: Activity.new({"task_id": task.id, "date": today})
            ._get_proposed_condition(proposable)
            .id
            for task in tasks
        }

    @api.model
    def _count_photos(self, tasks):
        groups = (
            self.env["ir.attachment"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", "project.task"),
                    ("res_id", "in", tasks.ids),
                    ("res_field", "=", False),
                    ("mimetype", "=like", "image/%"),
                ],
                ["res_id"],
                ["__count"],
            )
        )
        return dict(groups)

    @api.model
    def _prepare_running(self):
        """The work of the user whose time runs, or False."""
        activity = self.env["postsale.intervention"]._get_running()
        entry = (
            self.env["postsale.field.entry"]
            .sudo()
            .search(
                [("intervention_id", "in", activity.ids), ("kind", "=", "start")],
                limit=1,
            )
        )
        if not entry:
            return False
        return {
            "start": entry.uuid,
            "task": activity.task_id.id,
            "name": activity.task_id.name,
            "since": fields.Datetime.to_string(activity.clock_start),
        }

    # === PARTS === #

    @api.model
    def _get_usual_parts(self):
        """What was used most, filled up with what is sold."""
        used = self.env["postsale.intervention"]._read_group(
            [
                ("product_id.sale_ok", "=", True),
                ("product_id.active", "=", True),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["product_id"],
            order="__count DESC",
            limit=PARTS_SHOWN,
        )
        Product = self.env["product.product"]
        parts = Product.union(*(product for (product,) in used))
        others = Product.search(
            [("sale_ok", "=", True), ("id", "not in", parts.ids)],
            order="is_favorite desc, name",
            limit=PARTS_SHOWN - len(parts),
        )
        return parts | others

    @api.model
    def _prepare_parts(self, products):
        return [
            {
                "id": product.id,
                "name": product.display_name,
                "barcode": product.barcode or "",
                "uom": product.uom_id.name,
            }
            for product in products
        ]
