from base64 import b64encode
from collections import defaultdict

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..field_payload import get_ends

#: The state of core that means that a task is done.
DONE = "1_done"


class PostsaleFieldWorkMixin(models.AbstractModel):
    """What the entries of a phone do, each kind for many at once.

    ``self`` are rows of one kind, ``payloads`` their contents in the same order. It is
    all done with the rights of the technician.
    """

    _name = "postsale.field.work.mixin"
    _description = "What entries from a phone do"

    # === TIME === #

    def _apply_start(self, payloads):
        """A new activity whose time runs; what ran before ends where it begins."""
        Activity = self.env["postsale.intervention"]
        running = Activity._get_running()
        before = running.mapped("clock_start")
        ends = get_ends([*before, *(payload.moment for payload in payloads)])
        if running and ends[0]:
            running.write(Activity._prepare_clock_end(running.clock_start, ends[0]))
            running.flush_recordset()  # before the database sees the next one
        values = []
        for entry, payload, end in zip(
            self, payloads, ends[len(before) :], strict=True
        ):
            value = entry._prepare_activity(payload, name=entry.task_id.name)
            value |= {"clock_start": payload.moment, "quantity": 0.0}
            if end:
                value |= Activity._prepare_clock_end(payload.moment, end)
            values.append(value)
        self._link(Activity.create(values))

    def _apply_stop(self, payloads):
        keys = [payload.values["start"] for payload in payloads]
        starts = self.sudo().search(
            [
                ("uuid", "in", keys),
                ("kind", "=", "start"),
                ("user_id", "=", self.env.uid),
            ]
        )
        activities = {start.uuid: start.intervention_id.id for start in starts}
        Activity = self.env["postsale.intervention"]
        for payload in payloads:
            activity = Activity.browse(activities.get(payload.values["start"]))
            if not activity:
                raise UserError(
                    self.env._("The beginning of this work is not saved, nor its end.")
                )
            activity._stop_clock(payload.values["ended"])
        self._link(Activity.browse(activities[key] for key in keys))

    # === WHAT WAS DONE === #

    def _apply_note(self, payloads):
        texts = defaultdict(list)
        for entry, payload in zip(self, payloads, strict=True):
            texts[entry.task_id.id].append(plaintext2html(payload.values["text"]))
        self.task_id._message_log_batch(
            {task_id: Markup("").join(parts) for task_id, parts in texts.items()},
            message_type="comment",
        )

    def _apply_photo(self, payloads):
        label = self.env._("Photo")
        self._attach([(label, payload.values["image"]) for payload in payloads])

    def _apply_check(self, payloads):
        Line = self.env["postsale.checklist.line"]
        lines = Line.browse(payload.values["line"] for payload in payloads).exists()
        tasks = {line.id: line.task_id.id for line in lines}
        answers = {}
        for payload in payloads:
            if tasks.get(payload.values["line"]) != payload.task:
                raise UserError(
                    self.env._("This line is no longer on the checklist of the job.")
                )
            answers[payload.values["line"]] = payload.values["done"]
        for done in (True, False):
            ids = [line_id for line_id, answer in answers.items() if answer is done]
            Line.browse(ids).write({"done": done})

    def _apply_done(self, payloads):
        """What was planned for the job was done, by this technician on this day."""
        Activity = self.env["postsale.intervention"]
        ids = [payload.values["activity"] for payload in payloads]
        planned = {activity.id: activity for activity in Activity.browse(ids).exists()}
        stage = Activity._get_closed_stage()
        days = defaultdict(Activity.browse)
        for entry, payload in zip(self, payloads, strict=True):
            activity = planned.get(payload.values["activity"], Activity)
            if activity.task_id.id != payload.task or activity.state != "open":
                raise UserError(
                    self.env._("This is no longer planned for the job, or it is done.")
                )
            days[entry._get_local(payload.moment).date()] |= activity
        for day, activities in days.items():
            activities.write(
                {"stage_id": stage.id, "date": day, "user_id": self.env.uid}
            )
        self._link(Activity.browse(ids))

    def _apply_part(self, payloads):
        products = self._get_products(payloads)
        stage = self.env["postsale.intervention"]._get_closed_stage()
        values = []
        for entry, payload in zip(self, payloads, strict=True):
            product = products.browse(payload.values["product"])
            name = payload.values["name"] or product.display_name
            value = entry._prepare_activity(payload, name=name)
            value |= {
                "stage_id": stage.id,
                "product_id": product.id,
                "quantity": payload.values["quantity"],
            }
            if payload.values["condition"]:
                value["condition_id"] = payload.values["condition"]
            values.append(value)
        self._link(self.env["postsale.intervention"].create(values))

    def _get_products(self, payloads):
        """Products that can be sold, as the technician may see them."""
        ids = {payload.values["product"] for payload in payloads} - {False}
        products = self.env["product.product"].search(
            [("id", "in", list(ids)), ("sale_ok", "=", True)]
        )
        if len(products) < len(ids):
            raise UserError(
                self.env._("This product is not sold any more. Choose another one.")
            )
        return products

    def _apply_signature(self, payloads):
        """The job shows the last signature; each is kept among its files."""
        label = self.env._("Signature")
        self._attach([(label, payload.values["image"]) for payload in payloads])
        for entry, payload in zip(self, payloads, strict=True):
            entry.task_id.write(
                {
                    "work_signature": b64encode(payload.values["image"].content),
                    "work_signed_by": payload.values["name"],
                    "work_signed_on": payload.moment,
                }
            )

    def _apply_finish(self, payloads):
        """The job is done; the time of its technician stops."""
        running = self.env["postsale.intervention"]._get_running()
        for payload in payloads:
            if running.task_id.id == payload.task:
                running.write(
                    running._prepare_clock_end(running.clock_start, payload.moment)
                )
        for stage, tasks in self.task_id.grouped(
            lambda task: task.sudo().project_id.finished_stage_id
        ).items():
            tasks.write({"state": DONE, **({"stage_id": stage.id} if stage else {})})

    # === COMMON === #

    def _prepare_activity(self, payload, name):
        """Of the technician, on the day it was where he is; about the only asset."""
        assets = self.task_id.sudo().asset_ids
        return {
            "task_id": self.task_id.id,
            "name": name,
            "date": self._get_local(payload.moment).date(),
            "user_id": self.env.uid,
            "asset_id": assets.id if len(assets) == 1 else False,
        }

    def _link(self, activities):
        for entry, activity in zip(self.sudo(), activities, strict=True):
            entry.intervention_id = activity

    def _attach(self, pictures):
        """Pictures among the files of the jobs, as ``(label, Picture)``."""
        self.env["ir.attachment"].create(
            [
                {
                    "name": entry._get_file_name(label, picture),
                    "raw": picture.content,
                    "res_model": "project.task",
                    "res_id": entry.task_id.id,
                }
                for entry, (label, picture) in zip(self, pictures, strict=True)
            ]
        )

    def _get_file_name(self, label, picture):
        local = self._get_local(self.entered_on)
        return f"{label} {local:%Y-%m-%d %H.%M}.{picture.extension}"

    def _get_local(self, moment):
        """The moment where the technician is."""
        return fields.Datetime.context_timestamp(self, moment)
