"""What keeping SLAs costs: create, list the expired, move; the same for both sides.

10,000 tickets of one project or team, one SLA of 4 working hours until closing. What
core does for a task or a ticket anyway is part of the figure of both.
"""

from datetime import timedelta

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.tools.misc import split_every

from .meter import Meter

#: As the peer's users make them in bulk: an import of so many at once.
BATCH = 500
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
}


def work(registry, job):
    """All steps on ``job["side"]``; a row of figures for each."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, QUIET)
        side = SIDES[job["side"]](env, job["n"])
        side.seed()
        env.flush_all()
        cr.commit()
        rows = {}
        for step in ("create", "list_expired", "group", "move"):
            env.invalidate_all()
            if step == "list_expired":
                side.let_time_pass()
                cr.commit()
            with Meter() as meter:
                answer = getattr(side, step)()
                env.flush_all()
                cr.commit()
            rows[step] = {**meter.per_document(job["n"]), "answer": answer}
    return rows


class Ours:
    def __init__(self, env, n):
        self.env, self.n = env, n

    def seed(self):
        self.stages = self.env["project.task.type"].create(
            [
                {"name": name, "sequence": index, "fold": fold, "user_id": False}
                for index, (name, fold) in enumerate((("New", False), ("Done", True)))
            ]
        )
        self.project = self.env["project.project"].create(
            {"name": "Bench", "type_ids": [Command.set(self.stages.ids)]}
        )
        self.env["crm.sla.policy"].create({"name": "Bench", "hours": 4})

    def create(self):
        for numbers in split_every(BATCH, range(self.n)):
            self.env["project.task"].create(
                [
                    {
                        "name": f"Ticket {number}",
                        "project_id": self.project.id,
                        "stage_id": self.stages[0].id,
                        "user_ids": False,  # nobody, as the peer does
                    }
                    for number in numbers
                ]
            )
            self.env.flush_all()
            self.env.cr.commit()  # an import of its own, at its own moment
            self.env.invalidate_all()
        return self.env["project.task"].search_count([("sla_deadline", "!=", False)])

    def let_time_pass(self):
        """Nobody touches anything: half of the deadlines are over, half are to come."""
        past = fields.Datetime.now() - timedelta(hours=1)
        self.env.cr.execute(
            "UPDATE project_task SET sla_deadline = CASE WHEN id %% 2 = 0 THEN %s"
            " ELSE %s END WHERE project_id = %s",
            [past, past + timedelta(days=9), self.project.id],
        )

    def list_expired(self):
        return len(self.env["project.task"].search([("meets_sla", "=", "no")]))

    def group(self):
        return dict(
            self.env["project.task"]._read_group([], ["meets_sla"], ["__count"])
        ).get("no", 0)

    def move(self):
        tasks = self.env["project.task"].search([("project_id", "=", self.project.id)])
        tasks.write({"stage_id": self.stages[1].id})
        return len(tasks)


class Peer:
    """OCA helpdesk_mgmt_sla."""

    def __init__(self, env, n):
        self.env, self.n = env, n

    def seed(self):
        stages = self.env["helpdesk.ticket.stage"].search([], order="sequence")
        self.open = stages.filtered(lambda stage: not stage.closed)[:1]
        self.closed = stages.filtered("closed")[:1]
        self.team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Bench",
                "use_sla": True,
                "resource_calendar_id": self.env.company.resource_calendar_id.id,
            }
        )
        self.env["helpdesk.sla"].create(
            {
                "name": "Bench",
                "hours": 4,
                "stage_id": self.closed.id,
                "team_ids": [Command.set(self.team.ids)],
            }
        )

    def create(self):
        for numbers in split_every(BATCH, range(self.n)):
            self.env["helpdesk.ticket"].create(
                [
                    {
                        "name": f"Ticket {number}",
                        "description": "x",
                        "team_id": self.team.id,
                        "stage_id": self.open.id,
                    }
                    for number in numbers
                ]
            )
            self.env.flush_all()
            self.env.cr.commit()  # an import of its own, at its own moment
            self.env.invalidate_all()
        return self.env["helpdesk.ticket.sla"].search_count([])

    def let_time_pass(self):
        past = fields.Datetime.now() - timedelta(hours=1)
        self.env.cr.execute(
            "UPDATE helpdesk_ticket_sla SET deadline = CASE"
            " WHEN ticket_id %% 2 = 0 THEN %s ELSE %s END",
            [past, past + timedelta(days=9)],
        )

    def list_expired(self):
        return len(self.env["helpdesk.ticket"].search([("sla_expired", "=", True)]))

    def group(self):
        """By the state that its lists and reports can be grouped by."""
        groups = self.env["helpdesk.ticket.sla"]._read_group([], ["state"], ["__count"])
        return dict(groups).get("expired", 0)

    def move(self):
        tickets = self.env["helpdesk.ticket"].search([("team_id", "=", self.team.id)])
        tickets.write({"stage_id": self.closed.id})
        return len(tickets)


SIDES = {"ours": Ours, "peer": Peer}
