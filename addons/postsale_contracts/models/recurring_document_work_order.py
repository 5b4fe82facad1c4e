from odoo import Command, api, models
from odoo.tools import plaintext2html


class RecurringDocumentWorkOrder(models.AbstractModel):
    """Work orders: a task in a project for each visit.

    Lines are planned work and parts: they become open service activities, which are
    billed when they were done. Sections and notes become the description.
    """

    _name = "recurring.document.work_order"
    _inherit = "recurring.document"
    _description = "Recurring work order"

    @api.model
    def _get_document_model(self):
        return "project.task"

    @api.model
    def _has_amount(self):
        return False

    # === VALUES === #

    @api.model
    def _prepare_documents(self, rows):
        """What all of them need is read once; the days of the visits once a task."""
        vals_list = super()._prepare_documents(rows)
        days = self._get_visit_days(rows)
        stage = self.env["postsale.intervention.stage"].search(
            [("type", "=", "open")], limit=1
        )
        for row, vals in zip(rows, vals_list, strict=True):
            vals.update(self._prepare_visit(row, days[row]))
            for _code, _id, activity in vals["intervention_ids"]:
                activity.update(date=days[row], stage_id=stage.id)
        return vals_list

    @api.model
    def _get_visit_days(self, rows):
        """Day of each visit: the scheduled one, moved to a working day.

        :rtype: dict[recurring.occurrence, date]
        """
        days = {}
        for task, members in rows.grouped("task_id").items():
            moved = task._get_working_days(set(members.mapped("scheduled_date")))
            days |= {row: moved[row.scheduled_date] for row in members}
        return days

    @api.model
    def _prepare_document(self, row, lines):
        recipient, task = row.recipient_id, row.task_id
        project = recipient.project_used_id
        notes = [line["name"] for line in lines if line["display_type"]]
        values = {
            "name": self._get_name(recipient),
            "is_work_order": True,
            "project_id": project.id,
            "company_id": task.company_id.id,
            "partner_id": recipient.partner_id.id,
            "user_ids": [Command.set(recipient.technician_used_ids.ids)],
            "work_role_id": recipient.role_used_id.id,
            "description": plaintext2html("\n".join(notes)) if notes else False,
            "checklist_ids": self._prepare_checklist(row),
            "intervention_ids": [
                Command.create(self._prepare_activity(recipient, line))
                for line in lines
                if not line["display_type"]
            ],
            "document_hour": task._get_document_hour_text(),
            "recurring_task_id": task.id,
            "recurring_occurrence_id": row.id,
        }
        if task.stage_id in project.type_ids:
            values["stage_id"] = task.stage_id.id
        return values

    @api.model
    def _get_name(self, recipient):
        """The task's name, and what the visit is for."""
        names = (recipient.task_id.name, recipient.asset_ids._get_names())
        return " – ".join(filter(None, names))

    @api.model
    def _prepare_visit(self, row, day):
        recipient = row.recipient_id
        return {
            **recipient.partner_id._prepare_visit(),
            "visit_partner_id": recipient.visit_address_used_id.id,
            "visit_date": day,
        }

    @api.model
    def _prepare_checklist(self, row):
        lines = row.task_id.checklist_template_ids
        return [
            Command.create({"name": line.name, "sequence": line.sequence})
            for line in lines.with_context(lang=row.recipient_id.lang_used)
        ]

    @api.model
    def _prepare_line(self, line, price):
        """Without a price: how the work is billed is known when it was done."""
        return {
            "display_type": line.display_type,
            "product_id": line.product_id.id,
            "quantity": line.quantity,
            "currency_id": line.currency_id.id,
        }

    @api.model
    def _prepare_activity(self, recipient, line):
        assets = recipient.asset_ids
        return {
            **{name: line[name] for name in line if name != "display_type"},
            "user_id": recipient.technician_used_ids[:1].id,
            "asset_id": len(assets) == 1 and assets.id,
        }

    # === ENGINE === #

    @api.model
    def _confirm_documents(self, documents):
        """A work order is valid as soon as it stands in its project."""

    @api.model
    def _prepare_outcome(self, document):
        return {
            "res_model": document._name,
            "res_id": document.id,
            "document_name": document.name,
            "amount_untaxed": 0.0,
            "amount_total": 0.0,
            "currency_id": document.recurring_task_id.currency_id.id,
        }

    @api.model
    def _get_default_mail_template(self):
        return self.env.ref("postsale_contracts.mail_template_work_order")

    @api.model
    def _get_default_report(self):
        return self.env.ref("postsale_contracts.action_report_work_order")

    @api.model
    def _get_report(self, recipient):
        """The task's format, else the customer's, else the usual one."""
        own = recipient.partner_id._get_visit_preference("visit_report_id")
        return recipient.task_id.report_id or own or self._get_default_report()

    # === READY? === #

    @api.model
    def _get_recipient_problems(self, recipient):
        texts = super()._get_recipient_problems(recipient)
        project = recipient.project_used_id
        if not project:
            texts.append(
                self.env._(
                    "No project for the work orders of %s. Choose one in the tab "
                    "“What” or on the customer's record.",
                    recipient.partner_id.display_name,
                )
            )
        elif not project.active:
            texts.append(self.env._("The project “%s” is archived.", project.name))
        elif project.company_id and project.company_id != recipient.company_id:
            texts.append(
                self.env._("The project “%s” belongs to another company.", project.name)
            )
        for user in recipient.technician_used_ids:
            if not user.active:
                texts.append(self.env._("The technician %s is archived.", user.name))
        return texts
