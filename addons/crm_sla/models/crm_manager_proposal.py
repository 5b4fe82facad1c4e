from odoo import api, fields, models

from ..managed_by import choose_least_busy


class CrmManagerProposal(models.AbstractModel):
    """Proposes who could manage a task: an available member of the team."""

    _name = "crm.manager.proposal"
    _description = "Proposal of Who Manages a Task"

    @api.model
    def _propose(self, teams):
        """Whom to propose for each key; the number of queries does not grow with them.

        Companies that did not switch proposals on get none. Work that is proposed in
        the same go counts, so that many tasks spread over the team.

        :param dict teams: (``crm.team``, ``res.company``) by any key
        :return: (id of the user, why) by key, without those who get nobody
        :rtype: dict
        """
        wanted = {
            key: (team.sudo(), company.sudo())
            for key, (team, company) in teams.items()
            if company.sudo().propose_task_manager
        }
        candidates = {
            pair: self._get_candidates(*pair) for pair in set(wanted.values())
        }
        users = self.env["res.users"].union(*candidates.values())
        available = users - self._get_absent(users)
        loads = self._get_loads(available)
        proposals = {}
        for key, pair in wanted.items():
            user = choose_least_busy((candidates[pair] & available).ids, loads)
            if user:
                load = loads.get(user, 0)
                proposals[key] = (user, self._get_note(load, pair[0]))
                loads[user] = load + 1
        return proposals

    @api.model
    def _get_candidates(self, team, company):
        return team.member_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    @api.model
    def _get_absent(self, users):
        """Those of the users who are on leave at this moment."""
        if not users:
            return users
        now = fields.Datetime.now()
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_fetch(
                [
                    ("resource_id.user_id", "in", users.ids),
                    ("time_type", "=", "leave"),
                    ("date_from", "<=", now),
                    ("date_to", ">", now),
                ],
                ["resource_id"],
            )
        )
        return leaves.resource_id.user_id

    @api.model
    def _get_loads(self, users):
        """Open tasks by managing user."""
        if not users:
            return {}
        groups = (
            self.env["project.task"]
            .sudo()
            ._read_group(
                [
                    ("managed_by_user_id", "in", users.ids),
                    ("is_closed", "=", False),
                    ("has_template_ancestor", "=", False),
                ],
                ["managed_by_user_id"],
                ["__count"],
            )
        )
        return {user.id: count for user, count in groups}

    @api.model
    def _get_note(self, load, team):
        return self.env._(
            "Proposed: least open tasks (%(count)s) of team %(team)s",
            count=load,
            team=team.name,
        )
