import base64
import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, split_every
from odoo.tools.misc import clean_context

from ..archive_writer import ArchiveWriter
from ..failpoint import failpoint

_logger = logging.getLogger(__name__)

#: Documents to print up to which a pack is made at once, while the user waits.
AT_ONCE_PRINTS = 10
#: Documents up to which a pack is made at once.
AT_ONCE_DOCUMENTS = 500
#: Documents that are printed between two commits.
PRINT_STEP = 50
#: Documents whose records are in memory at once.
READ_STEP = 200


class AccountantPackBuildingMixin(models.AbstractModel):
    """How a pack is made: print what has no PDF, then put all together.

    Printing goes in steps with a commit after each; killed at any moment, the next
    step goes on. Putting together is one transaction, so that lists, totals and files
    are of the same moment. Nothing but the batch at hand is in memory.
    """

    _name = "accountant.pack.building.mixin"
    _description = "Making of an accountant's pack"

    # === STEPS === #

    def _make_or_wait(self):
        """Make a small pack now, leave a large one to the scheduled action."""
        self.ensure_one()
        pack = self.sudo()._with_own_context()
        if (
            pack.env["account.move"].search_count(
                pack._get_period_domain(), limit=AT_ONCE_DOCUMENTS + 1
            )
            <= AT_ONCE_DOCUMENTS
            and pack._plan() <= AT_ONCE_PRINTS
        ):
            while not pack._work():
                pass
        else:
            pack._wake()

    @api.model
    def _wake(self):
        self.env.ref("recurring_billing.ir_cron_accountant_pack").sudo()._trigger()

    def _with_own_context(self):
        """In the pack's company, in the language of whoever will read it.

        A scheduled action knows neither.
        """
        self.ensure_one()
        company = self.company_id
        lang = self.partner_id.lang if self.send_when_ready else self.user_id.lang
        return (
            self.with_context(
                **{
                    **clean_context(self.env.context),
                    "allowed_company_ids": company.ids,
                    "lang": lang or company.partner_id.lang or self.env.lang,
                    "tz": company.partner_id.tz or self.env.context.get("tz"),
                }
            )
            .with_company(company)
            .with_prefetch()
        )

    def _plan(self):
        """Note the documents, and how many of them must be printed."""
        Document = self.env["accountant.pack.document"]
        Document._take_snapshot(self)
        left = len(Document._get_to_print(self))
        # What was printed before a crash, or for a document that changed, counts.
        printed = Document.search_count(
            [("pack_id", "=", self.id), ("printed_digest", "!=", False)]
        )
        self.write({"to_print_count": printed + left, "printed_count": printed})
        return left

    def _work(self):
        """One step of the making; the caller commits.

        :return: whether the pack is ready
        """
        self.ensure_one()
        left = self._plan()
        rows = self.env["accountant.pack.document"]._get_to_print(self, PRINT_STEP)
        if rows:
            self._work_or_halve(self._print_rows, rows, self._set_aside)
            self.printed_count += len(rows)
            failpoint("pack:printed")
            if left > len(rows):
                return False
        self._put_together()
        return True

    @api.model
    def _cron_make(self):
        """Scheduled action: packs whose day has come, then a step of each open one."""
        cron = self.env["ir.cron"]
        if not self.env["recurring.copy.guard"]._is_held():
            self._plan_automatic()
        waiting = [("state", "=", "waiting")]
        cron._commit_progress(remaining=self.search_count(waiting))
        for pack in self.search(waiting, order="id"):
            ready = False
            while not ready:
                ready = pack._step()
                left = self.search_count(waiting)
                if not cron._commit_progress(1, remaining=left):
                    return

    def _step(self):
        """A step of the scheduled action, which never raises.

        :return: whether there is nothing left to do here now
        """
        try:
            pack = self.try_lock_for_update(allow_referencing=True)
            if not pack.filtered(lambda p: p.state == "waiting"):
                return True
            with self.env.cr.savepoint():
                return pack._with_own_context()._work()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # somebody wrote on the same rows: next time
            self._wake()
            return True
        except Exception as error:
            _logger.exception("%s could not be made", self)
            self.env.invalidate_all(flush=False)
            self._update_state(("waiting",), "failed", error=str(error))
            self._tell_user()
            return True

    # === PRINTING === #

    def _print_rows(self, rows):
        sender, printer = self.env["account.move.send"], self.env["document.printer"]
        reports = rows.grouped(
            lambda row: sender._get_default_pdf_report_id(row.move_id)
        )
        for report, members in reports.items():
            files = printer._print(report, members.move_id)
            for row in members:
                name, content = files[row.move_id.id]
                row.write(
                    {
                        "pdf": base64.b64encode(content),
                        "pdf_name": name,
                        "printed_digest": row.digest,
                        "problem": False,
                    }
                )
        self.env.flush_all()
        self.env.invalidate_all()

    def _set_aside(self, row, error):
        row.write({"problem": str(error), "printed_digest": row.digest, "pdf": False})

    # === PUTTING TOGETHER === #

    def _put_together(self):
        """The ZIP, and the figures of the pack. One transaction."""
        self.previous_id = self._get_previous()
        archive = self.env["file.archive"]
        with archive._open_temporary() as stream:
            figures = self._write_archive(stream)
            self.flush_recordset()
            self.zip_id.unlink()
            zip_file = archive._store(stream, self._get_zip_name(), self)
        failpoint("pack:stored")
        self._drop_printed_files()
        self._update_state(
            ("waiting",),
            "done",
            zip_id=zip_file.id,
            zip_size=zip_file.file_size,
            date_done=fields.Datetime.now(),
            **figures,
        )
        self._tell_user()
        if self.send_when_ready:
            self._queue_mail()

    def _write_archive(self, stream):
        """Write files, list and note.

        :return: figures of the pack
        """
        names = {}
        problems = []
        with ArchiveWriter(stream) as archive:
            for row_id, found, problem in self._add_documents(archive):
                names[row_id] = found
                problems += problem
            sheet = self.env["accountant.pack.sheet"]
            checks = self.env["accountant.pack.check"]._get_checks(self, problems)
            with (
                self.env["file.archive"]._open_temporary() as book,
                archive.open(self.env._("Invoices") + ".xlsx") as (_name, target),
            ):
                sheet._write(self, book, names, checks)
                book.seek(0)
                while piece := book.read(1 << 16):
                    target.write(piece)
            note = self.env["accountant.pack.check"]._get_note(self, checks)
            archive.add(self.env._("READ ME") + ".txt", note)
        return {
            "note": note,
            "document_count": len(names),
            "file_count": sum(map(len, names.values())),
            "missing_count": len(checks["missing"]),
            "gap_count": sum(last - first + 1 for *_g, first, last in checks["ranges"]),
            "change_count": len(checks["changes"]),
        }

    def _add_documents(self, archive):
        """Write the files of all documents, a batch at a time.

        :return: generator of id of the row, names of its files, list of problems
        """
        Document = self.env["accountant.pack.document"]
        ids = Document.search([("pack_id", "=", self.id)]).ids
        for batch in split_every(READ_STEP, ids):
            rows = Document.browse(batch)
            printed = rows._get_printed_files()
            for row in rows:
                yield self._add_document(archive, row, printed.get(row.id))
            self.env.flush_all()
            self.env.invalidate_all()

    def _add_document(self, archive, row, printed):
        found, problems = [], []
        folder = row.journal_id.code or row.move_type
        files = [(file.name, file) for file in self._get_attachments(row.move_id)]
        if not files and printed:
            files = [(row.pdf_name, printed)]
        for name, file in files:
            try:
                found.append(self._add_attachment(archive, name, file, folder))
            except OSError:
                text = self.env._("The stored file “%s” cannot be read.", name)
                problems.append((row.name, text))
        if not any(name.lower().endswith((".pdf", ".html")) for name in found):
            text = row.problem or self._get_no_file_text(row)
            problems.append((row.name, text))
        if problem := self._get_xml_problem(row, found):
            problems.append((row.name, problem))
        return row.id, found, problems

    @api.model
    def _get_attachments(self, move):
        """Legal files of a document: PDF and e-invoice; of a bill, what came along."""
        if move.is_purchase_document(include_receipts=True):
            return move.message_main_attachment_id or move.attachment_ids
        if not move.invoice_pdf_report_id:
            return move.invoice_pdf_report_id
        return self.env["account.move.send"]._get_invoice_extra_attachments(move)

    @api.model
    def _add_attachment(self, archive, name, file, folder):
        if file.store_fname:
            return archive.add_file(name, file._full_path(file.store_fname), folder)
        return archive.add(name, file.raw or b"", folder)

    @api.model
    def _get_no_file_text(self, row):
        if row.move_id.is_purchase_document(include_receipts=True):
            return self.env._("No file of the vendor is attached.")
        return self.env._("There is no PDF.")

    @api.model
    def _get_xml_problem(self, row, found):
        """Why the e-invoice is missing that this customer gets; or nothing."""
        move = row.move_id
        if not move.is_sale_document() or not move.commercial_partner_id:
            return None
        wanted = self.env["account.move.send"]._get_default_invoice_edi_format(move)
        if not wanted or any(name.lower().endswith(".xml") for name in found):
            return None
        formats = move.commercial_partner_id._fields["invoice_edi_format"]
        label = dict(formats._description_selection(self.env)).get(wanted, wanted)
        return self.env._("There is no e-invoice (%s).", label)

    def _get_zip_name(self):
        self.ensure_one()
        return f"{self.company_id.name} {self.date_from} {self.date_to}.zip".replace(
            "/", "_"
        )

    def _get_previous(self):
        """The pack of the same period and contents that was made before this one."""
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "=", self.date_from),
                ("date_to", "=", self.date_to),
                ("with_bills", "=", self.with_bills),
                ("state", "=", "done"),
                ("id", "!=", self.id),
            ],
            order="date_done desc, id desc",
            limit=1,
        )

    def _drop_printed_files(self):
        """They are in the ZIP now."""
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "accountant.pack.document"),
                ("res_field", "=", "pdf"),
                ("res_id", "in", self.document_ids.ids),
            ]
        )
        for batch in split_every(READ_STEP, files.ids):
            files.browse(batch).unlink()

    def _get_posted_condition(self):
        """SQL condition on ``account_move m``: what the pack holds."""
        self.ensure_one()
        return SQL(
            "m.company_id = %s AND m.state = 'posted' AND m.move_type IN %s"
            " AND m.date BETWEEN %s AND %s",
            self.company_id.id,
            self._get_move_types(),
            self.date_from,
            self.date_to,
        )

    def _tell_user(self):
        """Tell whoever asked for it, where he is not waiting for the answer."""
        self.ensure_one()
        user = self.user_id
        if user == self.env.user or not user.active or not user._is_internal():
            return
        if self.state == "done":
            text = self.env._("%s is ready.", self.display_name)
        else:
            text = self.env._("%s could not be made.", self.display_name)
        self.message_notify(partner_ids=user.partner_id.ids, subject=text, body=text)
        user._bus_send(
            "simple_notification",
            {"message": text, "type": "info"},
        )
