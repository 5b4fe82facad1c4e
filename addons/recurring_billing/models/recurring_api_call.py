import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Days for which an answer is kept, and a repeated call gets it again.
KEEP_DAYS = 30
#: Characters of the longest idempotency key.
LONGEST_KEY = 200


class RecurringApiCall(models.Model):
    """A call of the API that made something, and its answer.

    The row is inserted in the transaction that does the work: both are there, or
    neither. A second call with the same key waits at the unique index until the first
    one is committed, and then gets the first one's answer.
    """

    _name = "recurring.api.call"
    _inherit = "engine.rows.mixin"
    _description = "API Call"
    _order = "id desc"
    _rec_name = "key"

    user_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    key = fields.Char(string="Idempotency Key", required=True, readonly=True)
    method = fields.Char(required=True, readonly=True)
    digest = fields.Char(string="Digest of the Arguments", required=True, readonly=True)
    answer = fields.Json(readonly=True)
    date = fields.Datetime(required=True, readonly=True, index=True)

    _once = models.Constraint(
        "UNIQUE (user_id, key)", "This idempotency key was used already."
    )

    @api.model
    def _get_engine_message(self):
        return self.env._("Calls are written down by the API itself.")

    @api.model
    def _answer_once(self, key, method, arguments, work):
        """Do the work of a call, or give the answer that the same call got before.

        :param str key: chosen by the caller, his for 30 days
        :param dict arguments: of the call, as they were given
        :param work: called without arguments; its result can be written as JSON
        :raises UserError: no key, or one that was used for something else
        """
        if not isinstance(key, str) or not 0 < len(key.strip()) <= LONGEST_KEY:
            raise UserError(
                self.env._(
                    "idempotency_key: give every call that makes something a key of "
                    "its own, a text of up to %s characters. Repeat the call with the "
                    "same key when no answer came.",
                    LONGEST_KEY,
                )
            )
        digest = self._get_digest(arguments)
        call_id = self._claim(key, method, digest)
        if not call_id:
            return self._get_answer(key, method, digest)
        answer = work()
        self.env.flush_all()
        self.sudo().browse(call_id).answer = answer
        return answer

    @api.model
    def _claim(self, key, method, digest):
        """Write the call down; the id of the row, or nothing when it is there already.

        A row that another transaction commits in this moment is met as a
        serialization failure: the request is repeated as a whole, and sees it.
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO recurring_api_call
                    (user_id, company_id, key, method, digest, date)
                VALUES (%s, %s, %s, %s, %s, %s)
                ON CONFLICT (user_id, key) DO NOTHING RETURNING id
                """,
                self.env.uid,
                self.env.company.id,
                key,
                method,
                digest,
                fields.Datetime.now(),
            )
        )
        return rows[0][0] if rows else None

    @api.model
    def _get_answer(self, key, method, digest):
        call = self.sudo().search([("user_id", "=", self.env.uid), ("key", "=", key)])
        if (call.method, call.digest) != (method, digest):
            raise UserError(
                self.env._(
                    "idempotency_key: “%(key)s” was used on %(date)s for another call "
                    "(%(method)s). Take a new key.",
                    key=key,
                    date=call.date,
                    method=call.method,
                )
            )
        return call.answer

    @api.model
    def _get_digest(self, arguments):
        """Company and arguments; the order of names makes no difference."""
        text = json.dumps([self.env.company.id, arguments], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @api.autovacuum
    def _gc_old_calls(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.sudo().search([("date", "<", limit)], limit=10000).unlink()
