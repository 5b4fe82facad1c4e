import base64
import io
import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

from ..portfolio_sheet_writer import write_errors

_logger = logging.getLogger(__name__)

#: Lines that are written between two marks of the progress.
STEP = 1_000
#: How often a file is begun; one that stops the server is not taken for ever.
MOST_ATTEMPTS = 3
#: Errors that are shown on the screen; the file has all of them.
SHOWN_ERRORS = 10
#: Nobody is told about lines one by one, and their making is no note.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class CrmPortfolioImportMixin(models.AbstractModel):
    """How an uploaded file is taken over: checked as a whole, written as a whole."""

    _name = "crm.portfolio.import.mixin"
    _description = "Taking over of a portfolio's file"

    # === IN THE BACKGROUND === #

    @api.model
    def _cron_upload(self):
        """Scheduled action: take over what waits, and what a killed process left."""
        cron = self.env["ir.cron"]
        self.env["crm.portfolio.progress"]._sweep()
        waiting = [("state", "in", ("waiting", "running"))]
        uploads = self.search(waiting, order="id")
        cron._commit_progress(remaining=len(uploads))
        for upload in uploads:
            if upload._begin():
                cron._commit_progress()
                upload._step()
            if not cron._commit_progress(1, remaining=self.search_count(waiting)):
                return

    def _begin(self):
        """Note that the file is taken; the caller commits.

        :return: whether there is something to do
        """
        upload = self.try_lock_for_update(allow_referencing=True)
        if not upload or upload.state not in ("waiting", "running"):
            return False
        upload.write({"state": "running", "attempts": upload.attempts + 1})
        if upload.attempts <= MOST_ATTEMPTS:
            return True
        uploader = upload._as_uploader()
        uploader._refuse(
            uploader.env._("The file could not be read: the server stopped each time.")
        )
        return False

    def _as_uploader(self):
        """With the rights, language and company of whoever uploaded the file."""
        self.ensure_one()
        user = self.user_id
        return self.with_user(user).with_context(
            lang=user.lang,
            tz=user.tz,
            allowed_company_ids=self.company_id.ids,
        )

    def _step(self):
        """A file of the scheduled action, which never raises."""
        upload = self._as_uploader()
        try:
            if not self.try_lock_for_update(allow_referencing=True):
                return
            with self.env.cr.savepoint():
                upload._take_over()
        except (LockError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            # Somebody works on the same portfolio: next time, and it counts as no try.
            self.env.cr.rollback()
            self.attempts -= 1
            self.env.ref("crm_sla.ir_cron_portfolio_upload")._trigger()
        except (UserError, AccessError) as error:
            self.env.invalidate_all(flush=False)
            upload._refuse(str(error))
        except Exception:
            _logger.exception("%s could not be taken over", self)
            self.env.invalidate_all(flush=False)
            upload._refuse(upload.env._("The file could not be read."))
        upload.sudo()._tell_user()

    def _take_over(self):
        self.portfolio_id._check_portfolio_rights()
        self.portfolio_id._check_open()
        self._note_progress(2)
        if sheet := self._read_file():
            self._note_progress(15)
            self._import(sheet)

    def _note_progress(self, percent):
        """Only in the background: there the upload is known to others already."""
        if self.state == "running":
            self.env["crm.portfolio.progress"].sudo()._note(self, percent)

    def _tell_user(self):
        """Whoever waits for a long file may be elsewhere by now."""
        if self.state == "done":
            text = self.env._("%s was read.", self.filename or "")
        elif self.state == "refused":
            text = self.env._("%s was refused.", self.filename or "")
        else:
            return
        self.user_id._bus_send("simple_notification", {"message": text, "type": "info"})

    # === CHECKING AND WRITING === #

    def _import(self, sheet):
        """Check all rows, then write all of them, or none."""
        self._lock_portfolio()
        values, errors = self.env["crm.portfolio.check"]._check(
            self.portfolio_id, sheet
        )
        self._note_progress(30)
        if errors:
            self._refuse_rows(sheet, errors)
        else:
            self._write_lines(sheet, values)

    def _lock_portfolio(self):
        """One file after the other.

        :raises LockError: another file of the portfolio is being taken over
        """
        try:
            self.portfolio_id.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._(
                    "%s is being changed at this moment. Try again in a minute.",
                    self.portfolio_id.display_name,
                )
            ) from error

    def _refuse_rows(self, sheet, errors):
        title = self.env._("Errors")
        stream = io.BytesIO()
        write_errors(stream, sheet, title, errors)
        texts = [text for wrong in errors.values() for text in wrong.values()]
        lines = [
            self.env._(
                "Errors: %(errors)s. Rows with errors: %(rows)s.",
                errors=len(texts),
                rows=len(errors),
            ),
            *texts[:SHOWN_ERRORS],
        ]
        if len(texts) > SHOWN_ERRORS:
            more = len(texts) - SHOWN_ERRORS
            lines.append(self.env._("… and %s more, in the file.", more))
        stem = (self.filename or "").rpartition(".")[0] or self.portfolio_id.name
        self._refuse(
            "\n".join(lines),
            row_count=len(sheet.rows),
            error_count=len(errors),
            file_errors=base64.b64encode(stream.getvalue()),
            file_errors_name=f"{stem} - {title}.xlsx",
        )

    def _write_lines(self, sheet, values):
        """Write what differs; rows that say what holds already are left alone.

        :param values: of the lines, by customer
        """
        Line = self.env["crm.portfolio.line"].with_context(**QUIET)
        lines = Line.search([("portfolio_id", "=", self.portfolio_id.id)])
        existing = lines.grouped("partner_id")
        changes, new = [], []
        for partner, vals in values.items():
            if line := existing.get(partner):
                changed = line._get_changes(vals)
                if changed:
                    changes.append((line, changed))
            else:
                new.append(
                    {"portfolio_id": self.portfolio_id.id, "partner_id": partner.id}
                    | vals
                )
        total = len(changes) + len(new)
        written = 0
        for batch in split_every(STEP, changes):
            for line, changed in batch:
                line.write(changed)
            Line.flush_model()
            written += len(batch)
            self._note_progress(30 + 65 * written / total)
        for batch in split_every(STEP, new):
            Line.create(list(batch))
            Line.flush_model()
            written += len(batch)
            self._note_progress(30 + 65 * written / total)
        self._finish(len(sheet.rows), len(new), len(changes))

    def _finish(self, rows, new, changed):
        if new or changed:
            text = self.env._(
                "Customers changed: %(changed)s, new: %(new)s, unchanged: %(same)s.",
                changed=changed,
                new=new,
                same=rows - new - changed,
            )
        else:
            text = self.env._("Nothing changed: the portfolio says the same already.")
        self.sudo().write(
            {
                "state": "done",
                "message": text,
                "row_count": rows,
                "new_count": new,
                "changed_count": changed,
                "unchanged_count": rows - new - changed,
                "date_done": fields.Datetime.now(),
            }
        )
