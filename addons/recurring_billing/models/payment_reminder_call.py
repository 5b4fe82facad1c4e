import logging

from markupsafe import escape

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_amount, format_date

_logger = logging.getLogger(__name__)


class PaymentReminderCall(models.AbstractModel):
    """Tells the responsible what only a person can do: call, or add an address."""

    _name = "payment.reminder.call"
    _description = "Notices about payment reminders"

    # === ENTRY POINTS === #

    @api.model
    def _schedule(self, company, items_by_partner):
        """An activity to call each of these customers, with number and history.

        :param dict items_by_partner: lists of the planner's items
        """
        Move = self.env["account.move"]
        calls = {
            partner: Move.union(*(item.move for item in items))
            for partner, items in items_by_partner.items()
            if items
        }
        if not calls:
            return
        history = self.env["payment.reminder"]._get_used(Move.union(*calls.values()))
        activities = []
        for partner, moves in calls.items():
            user = self._get_responsible(company, partner, moves)
            notice = self._for_user(user)
            note = notice._render_note(
                company, partner, moves, items_by_partner[partner], history
            )
            summary = notice.env._("Call about unpaid invoices")
            activities.append(
                self._prepare_activity("call", partner, user, summary, note)
            )
        self._create_activities(activities)

    @api.model
    def _tell_undelivered(self, letter, delivery):
        """The reminder did not get through."""
        partner, moves = letter.partner_id, letter.reminder_ids.move_id
        user = self._get_responsible(letter.company_id, partner, moves)
        env = self._for_user(user).env
        self._tell(
            partner,
            user,
            env._("Payment reminder not delivered"),
            f"{letter.name}: {delivery.reason or ''}",
        )

    @api.model
    def _tell_failed(self, company, partner, reason):
        """The reminder could not even be made."""
        user = self._get_responsible(company, partner, self.env["account.move"])
        env = self._for_user(user).env
        self._tell(partner, user, env._("Payment reminder failed"), reason)

    @api.model
    def _tell(self, partner, user, summary, text):
        """Once, as long as nobody has done anything about it.

        Never stands in the way of the work: who cannot be told is noted in the log.

        :param str text: plain text, may quote a mail server
        """
        values = self._prepare_activity("warning", partner, user, summary, escape(text))
        same = [
            (name, "=", values[name])
            for name in ("res_model_id", "res_id", "user_id", "summary")
        ]
        if self.env["mail.activity"].search_count(same, limit=1):
            return
        try:
            with self.env.cr.savepoint():
                self._create_activities([values])
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            _logger.error("%s cannot be told about %s", user, partner, exc_info=error)

    @api.model
    def _create_activities(self, vals_list):
        """The user's own e-mail waits in the queue: this may be the middle of a
        conversation with the mail server."""
        activities = self.env["mail.activity"].with_context(
            mail_notify_force_send=False
        )
        activities.create(vals_list)

    # === WHO === #

    @api.model
    def _get_responsible(self, company, partner, moves):
        """Salesperson of the newest invoice, else of the customer, else whoever the
        company named or switched the reminders on."""
        newest = moves.sorted("invoice_date", reverse=True)
        candidates = (
            *newest.invoice_user_id,
            partner.user_id,
            company.reminder_user_id,
            self.env.ref("base.user_admin"),
        )
        for user in candidates:
            if user.active and user._is_internal() and company in user.company_ids:
                return user
        return self.env.ref("base.user_admin")

    @api.model
    def _for_user(self, user):
        return self.with_context(lang=user.lang, tz=user.tz)

    @api.model
    def _prepare_activity(self, kind, partner, user, summary, note):
        activity_type = self.env.ref(
            f"mail.mail_activity_data_{kind}", raise_if_not_found=False
        )
        return {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": partner.id,
            "activity_type_id": activity_type.id if activity_type else False,
            "user_id": user.id,
            "summary": summary,
            "note": note,
            "date_deadline": fields.Date.context_today(self._for_user(user)),
        }

    # === WHAT === #

    @api.model
    def _render_note(self, company, partner, moves, items, history):
        states = dict(
            self.env["payment.reminder"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        rows = [
            row.with_env(self.env)
            for move in moves
            for row in history.get(move, ())
            if row.letter_id
        ]
        name, number, link = self._get_phone(company, partner, moves)
        return self.env["ir.qweb"]._render(
            "recurring_billing.reminder_call_note",
            {
                "phone_name": name,
                "phone": number,
                "phone_link": link,
                "items": [
                    {
                        "number": item.move.name,
                        "due": format_date(self.env, item.due),
                        "days": item.days,
                        "open": format_amount(self.env, item.residual, item.currency),
                    }
                    for item in items
                ],
                "history": [
                    {
                        "date": format_date(self.env, row.date),
                        "level": row.level_id.name,
                        "number": row.move_id.name,
                        "state": states[row.state],
                    }
                    for row in rows
                ],
            },
        )

    @api.model
    def _get_phone(self, company, partner, moves):
        """Whom to call: name, number as people read it, and as a phone dials it.

        Tried in this order: address of the invoices, the customer, his contacts. The
        first number that can be dialled from anywhere (E.164) wins.
        """
        people = moves.partner_id | partner | partner.child_ids
        for person in people.filtered("phone"):
            country = person.country_id or partner.country_id or company.country_id
            link = person._phone_format(number=person.phone, country=country)
            if link and link.startswith("+"):
                return person.display_name, person.phone, link
        other = people.filtered("phone")[:1]
        return other.display_name or "", other.phone or "", ""
