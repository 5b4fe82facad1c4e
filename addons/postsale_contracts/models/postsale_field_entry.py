import logging
from functools import partial
from itertools import groupby

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.crm_sla.halving import work_or_halve
from odoo.addons.recurring_billing.api_input import InvalidInput

from .. import field_payload
from ..field_payload import UUID, read_entry

_logger = logging.getLogger(__name__)

#: Entries in one call.
MAX_ENTRIES = 200
TECHNICIAN_GROUP = "postsale_contracts.group_postsale_technician"


class PostsaleFieldEntry(models.Model):
    """An entry that a technician's phone has sent: each counts once.

    A row keeps the phone's key and what came of it, not the content. A key that is here
    has done its work in the same transaction, so that whoever sends it again, because
    the answer was lost, is told the same and changes nothing.
    """

    _name = "postsale.field.entry"
    _inherit = ["postsale.field.work.mixin"]
    _description = "Entry from a Phone"
    _order = "id desc"
    _rec_name = "uuid"

    uuid = fields.Char(string="Key", required=True, readonly=True, copy=False)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Technician",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    task_id = fields.Many2one(
        comodel_name="project.task",
        string="Job",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    kind = fields.Selection(
        selection=[
            ("start", "Work started"),
            ("stop", "Work stopped"),
            ("note", "Note"),
            ("photo", "Photo"),
            ("check", "Checklist"),
            ("done", "Planned work done"),
            ("part", "Part used"),
            ("signature", "Signature"),
            ("finish", "Finished"),
        ],
        required=True,
        readonly=True,
    )
    entered_on = fields.Datetime(required=True, readonly=True)
    payload_hash = fields.Char(
        required=True, readonly=True, copy=False, export_string_translation=False
    )
    intervention_id = fields.Many2one(
        comodel_name="postsale.intervention",
        string="Service Activity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _uuid_uniq = models.Constraint("UNIQUE (uuid)", "This entry is saved already.")

    # === THE DOOR === #

    @api.model
    def record(self, entries, user_id=False):
        """Save what a phone has noted, in this order; each entry once.

        :param list[dict] entries: ``uuid`` (32 hexadecimal digits), ``kind``, ``task``
            (id), ``at`` (UTC, ``YYYY-MM-DD HH:MM:SS``), ``values``; see
            ``field_payload``
        :param int user_id: who has entered them. Somebody else, who has logged in on
            the same phone meanwhile, may not send them as his.
        :return: for each entry ``uuid``, ``outcome`` (``saved`` or ``refused``) and
            ``message`` (why it was refused)
        :rtype: list[dict]
        :raises AccessError: for whoever is no technician
        :raises UserError: when ``entries`` is no list, or one of more than 200, or they
            are somebody else's
        """
        self._check_technician()
        if user_id and user_id != self.env.uid:
            raise UserError(
                self.env._("Somebody else is logged in: log in again as yourself.")
            )
        if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
            raise UserError(
                self.env._("Send a list of at most %s entries.", MAX_ENTRIES)
            )
        entries = [entry if isinstance(entry, dict) else {} for entry in entries]
        reasons = {}
        payloads = self._read_entries(entries, reasons)
        payloads = self._drop_known(payloads, reasons)
        payloads = self._drop_unreachable(payloads, reasons)
        claimed = self._claim(payloads)
        # Neighbours only: a stop comes after its start.
        # pylint: disable-next=bad-builtin-groupby
        for kind, ids in groupby(claimed, lambda row: claimed[row].kind):
            work_or_halve(
                partial(self._work, kind, claimed),
                self.browse(list(ids)),
                partial(self._set_aside, reasons),
            )
        return [self._prepare_answer(entry, reasons) for entry in entries]

    @api.model
    def _check_technician(self):
        if not self.env.user.has_group(TECHNICIAN_GROUP):
            raise AccessError(
                self.env._("“My Day” is for technicians: ask for this right.")
            )

    @api.model
    def _read_entries(self, entries, reasons):
        """``FieldEntry`` by key, in order; what cannot be understood gets a reason."""
        now = fields.Datetime.now()
        payloads = {}
        for raw in entries:
            key = self._get_key(raw)
            try:
                payload = read_entry(raw, now)
            except InvalidInput as error:
                reasons[key] = self._get_invalid_reason(error)
                continue
            if payloads.setdefault(key, payload).digest != payload.digest:
                reasons[key] = self._get_other_content_reason()
        return {key: payloads[key] for key in payloads if key not in reasons}

    @api.model
    def _get_key(self, raw):
        """The phone's key, if it has one."""
        key = raw.get("uuid")
        return key if isinstance(key, str) and UUID.fullmatch(key) else None

    @api.model
    def _drop_known(self, payloads, reasons):
        """Those that are not saved yet. A key of somebody else is nobody's."""
        known = self.sudo().search([("uuid", "in", list(payloads))])
        for row in known:
            mine = row.user_id == self.env.user
            if not mine or row.payload_hash != payloads[row.uuid].digest:
                reasons[row.uuid] = self._get_other_content_reason()
        found = set(known.mapped("uuid"))
        return {key: payloads[key] for key in payloads if key not in found}

    @api.model
    def _drop_unreachable(self, payloads, reasons):
        """Those whose job is there and may be worked on by this user."""
        tasks = self.env["project.task"].browse(
            {payload.task for payload in payloads.values()}
        )
        there = tasks.exists()
        jobs = there.sudo().filtered(lambda t: t.is_ticket or t.is_work_order)
        mine = jobs.sudo(False)._filtered_access("write")
        for key, payload in payloads.items():
            if payload.task not in there.ids:
                reasons[key] = self.env._("This job does not exist any more.")
            elif payload.task not in mine.ids:
                reasons[key] = self.env._("You may not work on this job any more.")
        return {key: payloads[key] for key in payloads if key not in reasons}

    @api.model
    def _claim(self, payloads):
        """A row for each key: the database lets it be written once.

        Whoever sends the same key at the same moment waits here, gets a serialization
        failure and is tried again by Odoo; then the key is known.

        :return: ``FieldEntry`` by id of its row, in order
        """
        if not payloads:
            return {}
        names = ("uuid", "user_id", "company_id", "task_id", "kind", "entered_on")
        columns = (*names, "payload_hash", "create_uid", "create_date")
        tasks = self.env["project.task"].browse(p.task for p in payloads.values())
        companies = {
            task.id: task.company_id or task.project_id.company_id or self.env.company
            for task in tasks.sudo()
        }
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC')",
                key,
                self.env.uid,
                companies[payload.task].id,
                payload.task,
                payload.kind,
                payload.moment,
                payload.digest,
                self.env.uid,
            )
            for key, payload in payloads.items()
        ]
        query = SQL(
            "INSERT INTO %s (%s) VALUES %s ON CONFLICT (uuid) DO NOTHING"
            " RETURNING uuid, id",
            SQL.identifier(self._table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(rows),
        )
        ids = dict(self.env.execute_query(query))
        return {ids[key]: payload for key, payload in payloads.items()}

    def _work(self, kind, payloads, entries):
        """What these entries of one kind ask for; all of them or none."""
        getattr(entries, f"_apply_{kind}")([payloads[entry.id] for entry in entries])
        self.env.flush_all()

    def _set_aside(self, reasons, entry, error):
        """It did not work: say why, and leave the key free for another attempt."""
        if isinstance(error, UserError):
            reasons[entry.uuid] = str(error)
        else:
            _logger.error("entry %s from a phone", entry.uuid, exc_info=error)
            reasons[entry.uuid] = self.env._(
                "This could not be saved because of a fault of the program. Tell your "
                "administrator; it stays on this phone."
            )
        entry.sudo().unlink()

    @api.model
    def _prepare_answer(self, raw, reasons):
        key = self._get_key(raw)
        return {
            "uuid": key or False,
            "outcome": "refused" if key in reasons else "saved",
            "message": reasons.get(key, ""),
        }

    # === WHY NOT === #

    @api.model
    def _get_invalid_reason(self, error):
        texts = {
            field_payload.CLOCK: self.env._(
                "The clock of this phone is wrong: set it, then enter this again."
            ),
            field_payload.PICTURE: self.env._("This is no picture (JPEG or PNG)."),
            field_payload.SMALLER: self.env._("This is too large."),
            field_payload.DRAWN: self.env._("The signature is empty."),
        }
        return texts.get(error.expected) or self.env._(
            "This entry cannot be understood (%s).", error
        )

    @api.model
    def _get_other_content_reason(self):
        return self.env._("Another entry was saved under this key. Enter it again.")
