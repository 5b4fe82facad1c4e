import base64
import hashlib
import logging
from datetime import timedelta
from urllib.parse import quote

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.recurring_billing.failpoint import failpoint

from ..erp_address import AddressRefused
from ..erp_answer import ACCEPTED, RETRY, read_answer
from ..erp_client import NotReached, post
from ..erp_pause import next_pause

_logger = logging.getLogger(__name__)

#: Messages of one round; then other scheduled actions have their turn.
SLICE = 20


class PostsaleErpEngine(models.AbstractModel):
    """claim and commit → post → write down what was answered, commit.

    One message at a time. Whoever dies in between leaves a row that says "being sent":
    it is sent again, with the same bytes and the same key, and the receiver knows it.
    """

    _name = "postsale.erp.engine"
    _description = "Engine of the hand-over to the ERP"

    @api.model
    def _get_due_domain(self):
        now = fields.Datetime.now()
        return (
            Domain("state", "=", "queued")
            & Domain("channel_id.active", "=", True)
            & (Domain("next_attempt", "=", False) | Domain("next_attempt", "<=", now))
        )

    @api.model
    def _cron_send(self):
        """Scheduled action: send what is due."""
        if self.env["recurring.copy.guard"]._is_held():
            return
        Transmission = self.env["postsale.erp.transmission"]
        Transmission._check_guards()
        cron = self.env["ir.cron"]
        self._recover_interrupted()
        domain = self._get_due_domain()
        cron._commit_progress(remaining=Transmission.search_count(domain))
        ids = Transmission.search(domain, order="id", limit=SLICE).ids
        done = 0
        for row_id in ids:
            count = self._send_alone(Transmission.browse(row_id))
            done += count
            if not cron._commit_progress(count):
                break
        if ids and not done:
            # another process has them all: look again in a minute, quietly
            Transmission._wake_engine(fields.Datetime.now() + timedelta(minutes=1))
            cron._commit_progress(remaining=0)

    @api.model
    def _recover_interrupted(self):
        """Rows whose process died in the middle of it are due again.

        A living one holds a lock on its row; so whatever can be locked is dead. Mails
        have a ledger of their own.
        """
        rows = self.env["postsale.erp.transmission"].search(
            [("state", "=", "sending"), ("channel_kind", "=", "https")]
        )
        try:
            dead = rows.try_lock_for_update(allow_referencing=True)
            for row in dead.filtered(lambda r: r.state == "sending"):
                row.may_have_arrived = True
                self._try_later(row, self.env._("The server stopped in between."))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # just finished by its living sender: next time

    # === ONE MESSAGE === #

    @api.model
    def _send_alone(self, row):
        """One message's error never leaves this method.

        :return: 1 when the message had its turn, 0 when somebody else has it
        """
        try:
            row = self._claim(row)
            if not row:
                return 0
            return self.with_env(row.env)._work(row)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            return 0
        except Exception as error:
            self.env.cr.rollback()
            # its words may hold what is nobody's business: the place is enough
            _logger.error("%s: %s", row, type(error).__name__, stack_info=True)
            self._note_unexpected(row)
            return 1

    @api.model
    def _work(self, row):
        """The message of a claimed row; see :meth:`_send_alone`."""
        if not self._is_unchanged(row):
            row._set_failed(
                self.env._("The file is not the one that was handed over: not sent.")
            )
        elif row.channel_kind == "email":
            self._hand_to_mail(row)
        else:
            # The claim stands before the first word to the receiver.
            self.env["ir.cron"]._commit_progress()
            failpoint("erp:claimed")
            # Locked again, so that nobody takes a living conversation for a dead one.
            row = row.try_lock_for_update(allow_referencing=True)
            if row and row.state == "sending":
                self._post(row)
        return 1

    @api.model
    def _is_unchanged(self, row):
        """Whether the file is byte for byte what was handed over."""
        return hashlib.sha256(row.attachment_id.raw).hexdigest() == row.sha256

    @api.model
    def _note_unexpected(self, row):
        if row.state == "queued":  # it stopped before anything was committed
            row._update_state(("queued",), "sending", attempts=row.attempts + 1)
        row.may_have_arrived = True
        self._try_later(row, self.env._("Something unexpected went wrong."))

    @api.model
    def _claim(self, row):
        """The row, marked as being sent; empty when it is not its turn."""
        row = row.try_lock_for_update(allow_referencing=True)
        row = row.filtered_domain(self._get_due_domain()) if row else row
        if not row:
            return row
        row = self._in_company(row)
        if row._get_newer():
            row._take_back()
            return row.browse()
        return row._update_state(("queued",), "sending", attempts=row.attempts + 1)

    @api.model
    def _in_company(self, row):
        """A scheduled action knows no company and no language."""
        company = row.company_id
        return row.with_context(
            allowed_company_ids=company.ids,
            lang=row.author_id.lang or company.partner_id.lang or "en_US",
        ).with_company(company)

    # === OVER HTTPS === #

    @api.model
    def _post(self, row):
        channel = row.channel_id
        try:
            target = channel._get_target()
            body = row.attachment_id.raw
            response = post(target, self._get_headers(row), body, channel.timeout)
        except AddressRefused as error:
            row._set_failed(channel._get_address_text(error.code))
            return
        except NotReached as error:
            row.may_have_arrived |= error.is_uncertain
            self._try_later(row, self._get_unreached_text(error.code))
            return
        failpoint("erp:answered")
        self._record(
            row,
            read_answer(
                response.status, response.headers, response.body, fields.Datetime.now()
            ),
        )

    @api.model
    def _get_headers(self, row):
        """Headers of the request: what a receiver needs without opening the message.
        docs/api.md explains them."""
        digest = base64.b64encode(bytes.fromhex(row.sha256)).decode()
        headers = {
            "Content-Type": "application/xml; charset=utf-8",
            "Content-Digest": f"sha-256=:{digest}:",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "Recurring-Suite",
            "Connection": "close",
            "Idempotency-Key": row.idempotency_key,
            "X-Message": row.kind,
            "X-Order-Number": quote(row.order_id.name),
            "X-Order-Version": str(row.version),
            "X-Order-State": "quotation" if row.is_quotation else "order",
        }
        if key := row.channel_id.secret_key:
            headers["Authorization"] = f"Bearer {key}"
        return headers

    @api.model
    def _record(self, row, answer):
        """Write down what the receiver said."""
        if answer.verdict == ACCEPTED:
            row._set_sent(self._without_key(row, answer.number))
            return
        text = self.env._("The ERP answered: %s", answer.status)
        if answer.words:
            text = f"{text}. {self._without_key(row, answer.words)}"
        if 300 <= answer.status < 400:
            text = self.env._(
                "The ERP sends us to another address (%s), which is not followed. "
                "Enter the right address on the ERP channel.",
                answer.status,
            )
        row.may_have_arrived |= answer.is_uncertain
        if answer.verdict == RETRY:
            self._try_later(row, text, answer.retry_after)
        else:
            row._set_failed(text)

    @api.model
    def _without_key(self, row, text):
        """A receiver that repeats our key does not make it readable here."""
        key = row.channel_id.secret_key
        return text.replace(key, "•••") if key else text

    @api.model
    def _try_later(self, row, error, retry_after=0):
        """Once more after a while; at last a person is told."""
        if row._get_newer():
            row._update_state(("sending",), "void", error=error, next_attempt=False)
            return
        pause = next_pause(row.attempts, retry_after)
        if pause is None:
            row._set_failed(
                self.env._(
                    "Given up after %(count)s attempts. At last: %(error)s",
                    count=row.attempts,
                    error=error,
                )
            )
            return
        at = fields.Datetime.now() + pause
        row._update_state(("sending",), "queued", error=error, next_attempt=at)
        row._wake_engine(at)

    @api.model
    def _get_unreached_text(self, code):
        texts = {
            "name": self.env._("The host of the address is not known."),
            "connect": self.env._("The ERP cannot be reached."),
            "certificate": self.env._(
                "The ERP's certificate is not valid, so nothing was sent."
            ),
            "timeout": self.env._("The ERP did not answer in time."),
            "broken": self.env._("The line broke before the ERP had answered."),
        }
        return texts[code]

    # === BY E-MAIL === #

    @api.model
    def _hand_to_mail(self, row):
        """From here on the delivery's own ledger tries again and tells us."""
        row.delivery_id = self.env["document.delivery"]._create_for_document(
            row,
            row.channel_id.partner_id,
            attachment_ids=[Command.set(row.attachment_id.ids)],
            author_id=row.author_id.id,
            attempt_of_id=row.delivery_id.id,
        )
        if row.delivery_id.state == "no_address":
            row._set_failed(row.delivery_id.reason)
