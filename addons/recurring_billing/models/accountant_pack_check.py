from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..number_series import find_gaps, format_number

#: Lines of each list in the note; all of them are in the Excel file.
NOTE_LINES = 200
#: Documents that the note names for one remark; the others are in the Excel file.
NOTE_NAMES = 10
#: Missing numbers of a gap for which a reason is looked for.
REASON_NUMBERS = 100


class AccountantPackCheck(models.AbstractModel):
    """What an accountant asks of a pack: what is missing, and what has changed."""

    _name = "accountant.pack.check"
    _description = "Checks of an accountant's pack"

    @api.model
    def _get_checks(self, pack, problems):
        """All checks of a pack.

        :param problems: pairs of a number and a text: files that could not be put in
        :return: dict of lists: ``missing`` (number, text), ``ranges`` (see
            :meth:`_get_missing_ranges`), ``numbers`` (series, number, text),
            ``changes`` (number, text, total before, total now, currency)
        """
        ranges = self._get_missing_ranges(pack)
        return {
            "missing": [
                *problems,
                *self._get_drafts(pack),
                *self._get_unsent(pack),
            ],
            "ranges": ranges,
            "numbers": [
                *self._describe_ranges(pack, ranges),
                *self._get_begun_series(pack),
                *self._get_unposted_numbers(pack),
            ],
            "changes": self._get_changes(pack) if pack.previous_id else [],
        }

    # === MISSING DOCUMENTS === #

    @api.model
    def _get_drafts(self, pack):
        """Drafts of the period: their date of invoice counts where they have one."""
        dates = Domain("invoice_date", ">=", pack.date_from) & Domain(
            "invoice_date", "<=", pack.date_to
        )
        no_date = (
            Domain("invoice_date", "=", False)
            & Domain("date", ">=", pack.date_from)
            & Domain("date", "<=", pack.date_to)
        )
        drafts = self.env["account.move"].search_fetch(
            Domain("company_id", "=", pack.company_id.id)
            & Domain("move_type", "in", pack._get_move_types())
            & Domain("state", "=", "draft")
            & (dates | no_date),
            ["name", "partner_id"],
            order="invoice_date, id",
        )
        for draft in drafts:
            name = draft.name or self.env._("Draft (id %s)", draft.id)
            yield (
                name,
                self.env._(
                    "Not posted: it is not in this pack. Partner: %s",
                    draft.partner_id.display_name or "–",
                ),
            )

    @api.model
    def _get_unsent(self, pack):
        """Invoices and credit notes that no customer got, as far as anybody knows.

        The last mail counts; where there is none, what Odoo itself noted.
        """
        labels = dict(
            self.env["document.delivery"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.name, last.state, last.reason
                FROM accountant_pack_document d
                JOIN account_move m ON m.id = d.move_id
                LEFT JOIN LATERAL (
                    SELECT x.state, x.reason FROM document_delivery x
                    WHERE x.res_model = 'account.move' AND x.res_id = m.id
                      AND x.purpose = 'document'
                    ORDER BY x.id DESC LIMIT 1) last ON TRUE
                WHERE d.pack_id = %s AND d.move_type IN ('out_invoice', 'out_refund')
                  AND last.state IS DISTINCT FROM 'sent'
                  AND (last.state IS NOT NULL OR m.is_move_sent IS NOT TRUE)
                ORDER BY d.id
                """,
                pack.id,
            )
        )
        for name, state, reason in rows:
            if not state:
                yield name, self.env._("Never sent to the customer.")
                continue
            text = self.env._("Not sent to the customer: %s.", labels[state])
            yield name, " ".join(filter(None, (text, reason)))

    # === NUMBERS === #

    @api.model
    def _get_series(self, pack):
        """Series that documents of the period belong to.

        :return: rows of journal, prefix, smallest and largest number of the period
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT m.journal_id, m.sequence_prefix,
                       MIN(m.sequence_number), MAX(m.sequence_number)
                FROM account_move m
                WHERE %s AND m.sequence_number > 0
                GROUP BY m.journal_id, m.sequence_prefix
                ORDER BY m.journal_id, m.sequence_prefix
                """,
                pack._get_posted_condition(),
            )
        )

    @api.model
    def _get_missing_ranges(self, pack):
        """Numbers that no document has, in and right before those of the period.

        A number is not missing where its document is cancelled, a draft again, or of
        another date: only where there is no document at all.

        :return: list of journal, prefix, first and last missing number
        """
        missing = []
        for journal_id, prefix, first, last in self._get_series(pack):
            numbers = self.env.execute_query(
                SQL(
                    """
                    SELECT sequence_number FROM account_move
                    WHERE journal_id = %(journal)s AND sequence_prefix = %(prefix)s
                      AND sequence_number <= %(last)s AND sequence_number >= COALESCE((
                          SELECT MAX(sequence_number) FROM account_move
                          WHERE journal_id = %(journal)s
                            AND sequence_prefix = %(prefix)s
                            AND sequence_number < %(first)s), 0)
                    """,
                    journal=journal_id,
                    prefix=prefix,
                    first=first,
                    last=last,
                )
            )
            for gap in find_gaps(row[0] for row in numbers):
                missing.append((journal_id, prefix, *gap))
        return missing

    @api.model
    def _describe_ranges(self, pack, ranges):
        for journal_id, prefix, first, last in ranges:
            journal = self.env["account.journal"].browse(journal_id)
            numbers = range(first, min(last, first + REASON_NUMBERS - 1) + 1)
            names = self._get_names(journal, prefix, [*numbers, last])
            label = " – ".join(dict.fromkeys((names[0], names[-1])))
            reason = self._get_known_reason(pack, journal, names)
            yield journal.display_name, label, reason

    @api.model
    def _get_names(self, journal, prefix, numbers):
        """The numbers as documents would bear them, written as the next one is."""
        example = self.env["account.move"].search(
            [
                ("journal_id", "=", journal.id),
                ("sequence_prefix", "=", prefix),
                ("sequence_number", ">", numbers[-1]),
            ],
            order="sequence_number",
            limit=1,
        )
        return [
            format_number(example.name, prefix, example.sequence_number, number)
            for number in numbers
        ]

    @api.model
    def _get_known_reason(self, pack, journal, names):
        """What is known of the missing ones: from former packs and from mails."""
        before = self.env["accountant.pack.document"].search(
            [
                ("company_id", "=", pack.company_id.id),
                ("journal_id", "=", journal.id),
                ("name", "in", names),
                ("pack_id", "!=", pack.id),
            ],
            limit=1,
        )
        if before:
            return self.env._(
                "Deleted or renumbered since the pack made on %(date)s: "
                "%(number)s, %(partner)s.",
                date=format_date(self.env, before.pack_id.date_done),
                number=before.name,
                partner=before.partner_name or "–",
            )
        mailed = self.env["document.delivery"].search(
            [
                ("company_id", "=", pack.company_id.id),
                ("res_model", "=", "account.move"),
                ("document_name", "in", names),
            ],
            limit=1,
        )
        if mailed:
            return self.env._(
                "Deleted or renumbered after a mail to %(address)s was made.",
                address=mailed.email_to or "–",
            )
        return self.env._("No document has this number: deleted, or never given.")

    @api.model
    def _get_begun_series(self, pack):
        """Series whose first number of all is in the period, and is not the first."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.journal_id, m.name FROM account_move m
                WHERE %s AND m.sequence_number > 1 AND NOT EXISTS (
                    SELECT 1 FROM account_move o
                    WHERE o.journal_id = m.journal_id
                      AND o.sequence_prefix = m.sequence_prefix
                      AND o.sequence_number < m.sequence_number
                      AND o.sequence_number > 0)
                ORDER BY m.journal_id, m.name
                """,
                pack._get_posted_condition(),
            )
        )
        for journal_id, name in rows:
            journal = self.env["account.journal"].browse(journal_id)
            yield (
                journal.display_name,
                name,
                self.env._("The series begins with this number."),
            )

    @api.model
    def _get_unposted_numbers(self, pack):
        """Numbers of the period whose documents do not count: cancelled, draft."""
        moves = self.env["account.move"].search_fetch(
            pack._get_period_domain()
            & Domain("state", "in", ("draft", "cancel"))
            & Domain("sequence_number", ">", 0)
            & Domain("name", "not in", (False, "/")),
            ["name", "journal_id", "state"],
            order="journal_id, sequence_prefix, sequence_number",
        )
        texts = {
            "cancel": self.env._("Cancelled."),
            "draft": self.env._("Back in draft."),
        }
        for move in moves:
            yield move.journal_id.display_name, move.name, texts[move.state]

    # === CHANGES === #

    @api.model
    def _get_changes(self, pack):
        """What differs from the pack before, document by document."""
        Document = self.env["accountant.pack.document"]
        changes = []
        for before_id, now_id in Document._get_changes(pack, pack.previous_id):
            before, now = (
                Document.browse(before_id or ()),
                Document.browse(now_id or ()),
            )
            row = now or before
            changes.append(
                (
                    row.name,
                    self._describe_change(pack, before, now),
                    before.amount_total if before else "",
                    now.amount_total if now else "",
                    row.currency_id.name,
                )
            )
        return changes

    @api.model
    def _describe_change(self, pack, before, now):
        if not before:
            return self.env._("New: not in the pack before.")
        if not now:
            return self._describe_gone(pack, before)
        if before.name != now.name:
            return self.env._("Changed; its number was %s.", before.name)
        if before.amount_total != now.amount_total:
            return self.env._("Changed: another total.")
        return self.env._("Changed: other contents.")

    @api.model
    def _describe_gone(self, pack, before):
        move = before.move_id
        if not move:
            return self.env._("Gone: deleted.")
        if move.state == "cancel":
            return self.env._("Gone: cancelled.")
        if move.state == "draft":
            return self.env._("Gone: back in draft.")
        if not pack.date_from <= move.date <= pack.date_to:
            return self.env._(
                "Gone: its date is now %s.", format_date(self.env, move.date)
            )
        return self.env._("Gone: no longer part of this pack.")

    # === NOTE === #

    @api.model
    def _get_note(self, pack, checks):
        """The same as a text, for people."""
        lines = [
            pack.display_name,
            pack.company_id.name,
            "",
            *self._list(
                self.env._("Missing"),
                self._summarise(checks["missing"]),
                self.env._("Nothing is missing."),
            ),
            *self._list(
                self.env._("Numbers"),
                [f"{name}: {text}" for _series, name, text in checks["numbers"]],
                self.env._("No number is missing."),
            ),
        ]
        if pack.previous_id:
            title = self.env._(
                "Changes since the pack made on %s",
                format_date(self.env, pack.previous_id.date_done),
            )
            lines += self._list(
                title,
                [f"{name}: {text}" for name, text, *_totals in checks["changes"]],
                self.env._("Nothing has changed."),
            )
        return "\n".join(lines)

    @api.model
    def _summarise(self, remarks):
        """Lines of the note: what is the same for several documents is said once."""
        names_by_text = {}
        for name, text in remarks:
            names_by_text.setdefault(text, []).append(name)
        lines = []
        for text, names in names_by_text.items():
            more = [f"… ({len(names)})"] if len(names) > NOTE_NAMES else []
            lines.append(f"{', '.join([*names[:NOTE_NAMES], *more])}: {text}")
        return lines

    @api.model
    def _list(self, title, lines, empty):
        shown = [f"- {line}" for line in lines[:NOTE_LINES]] or [empty]
        if len(lines) > NOTE_LINES:
            shown.append(
                self.env._(
                    "… and %s more, see the Excel file.", len(lines) - NOTE_LINES
                )
            )
        return [title, *shown, ""]
