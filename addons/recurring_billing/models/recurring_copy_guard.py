import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, plaintext2html

_logger = logging.getLogger(__name__)

#: System parameter that remembers in which place recurring billing works.
HOME = "recurring_billing.home"
#: Its value before it has worked anywhere: a first installation is never held.
NOWHERE = "new"


class RecurringCopyGuard(models.AbstractModel):
    """Holds whatever acts by itself in a database that was restored, copied or moved.

    A database in which no task was ever started is a template, not a copy.

    Two databases with the same tasks would bill every customer twice, and a restored
    backup does not know what was issued after it was made. So each place is remembered:
    Odoo's own identity of the database, the PostgreSQL cluster, and the number that
    the cluster gave the database. A dump that is loaded anywhere, also under the old
    name, has another one. Nobody is billed, written to, charged or told to the ERP from
    there until a manager says that it is the production database.
    """

    _name = "recurring.copy.guard"
    _description = "Restored or Copied Database"

    # === WHERE WE ARE === #

    @api.model
    def _is_held(self):
        """Whether this is not the place in which recurring billing worked last.

        Asked of PostgreSQL each time: a database may be replaced while Odoo runs.
        """
        home = self.env["ir.config_parameter"].sudo().get_param(HOME, NOWHERE)
        return home != NOWHERE and home != self._get_place()

    @api.model
    def _get_place(self):
        """What a copy does not have in common with its original.

        Some hosting companies do not tell the identity of the cluster: then Odoo's own
        and the number of the database must do.
        """
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        [(number, is_told)] = self.env.execute_query(
            SQL(
                "SELECT oid, has_function_privilege('pg_control_system()', 'execute')"
                " FROM pg_database WHERE datname = current_database()"
            )
        )
        cluster = 0
        if is_told:
            [(cluster,)] = self.env.execute_query(
                SQL("SELECT system_identifier FROM pg_control_system()")
            )
        return f"{uuid}/{cluster}/{number}"

    @api.model
    def _settle(self):
        self.env["ir.config_parameter"].sudo().set_param(HOME, self._get_place())

    @api.model
    def _settle_first(self):
        """Called when a task starts or reminders go out: a copy stays one.

        What an installation starts are tasks of the demo data.
        """
        if self.env.registry.ready and self._is_nowhere():
            self._settle()

    @api.model
    def _is_nowhere(self):
        home = self.env["ir.config_parameter"].sudo().get_param(HOME, NOWHERE)
        return home == NOWHERE

    @api.model
    def _settle_upgraded(self):
        """Called when the module is installed or upgraded: the release before may not
        have known of it."""
        running = [("state", "=", "running")]
        is_working = self.env["recurring.task"].search_count(running, limit=1)
        if is_working and self._is_nowhere():
            self._settle()

    # === HOLD === #

    @api.model
    def _hold_back(self):
        """For the scheduled action that issues: it tells the managers as well."""
        is_held = self._is_held()
        if is_held:
            self._tell_managers()
        return is_held

    @api.model
    def _check_not_held(self):
        """For buttons that issue or send.

        :raises UserError: when this may be a copy
        """
        if self._is_held():
            raise UserError(self._get_text())

    @api.model
    def _get_text(self):
        return self.env._(
            "This database was restored, copied or moved. Nothing is issued, sent, "
            "reminded or charged here until a manager of recurring billing says that "
            "it is the production database."
        )

    @api.model
    def _tell_managers(self):
        """An activity for each manager, once; the banner and the daily e-mail of the
        watchdog tell the same."""
        if not self._get_activity_type():
            return  # somebody has deleted it: the other two are left
        told = self._get_activities().user_id
        managers = self.env["recurring.watchdog"]._get_managers() - told
        for person in managers:
            guard = self.with_context(lang=person.lang, mail_activity_quick_update=True)
            where = guard.env._("Open Recurring Billing → Recurring Tasks to decide.")
            person.company_id.partner_id.with_env(guard.env).activity_schedule(
                "recurring_billing.mail_activity_type_copy",
                user_id=person.id,
                note=plaintext2html(f"{guard._get_text()}\n{where}"),
            )
        if managers:
            _logger.info("Recurring billing is on hold: this database may be a copy")

    @api.model
    def _get_activity_type(self):
        xmlid = "recurring_billing.mail_activity_type_copy"
        return self.env.ref(xmlid, raise_if_not_found=False)

    @api.model
    def _get_activities(self):
        kind = self._get_activity_type()
        domain = [("activity_type_id", "=", kind.id)] if kind else [(0, "=", 1)]
        return self.env["mail.activity"].search(domain)

    # === RELEASE === #

    @api.model
    def _get_waiting_texts(self):
        """What would happen soon after the release, over all companies."""
        due = self.env["recurring.engine"]._get_due_domain()
        customers = self.env["recurring.task.recipient"].search_count(due)
        mails = self.env["document.delivery"].search_count(
            [("state", "in", ("queued", "deferred"))]
        )
        return [
            self.env._(
                "Customers of recurring tasks whose date has come: %s", customers
            ),
            self.env._("E-mails that wait: %s", mails),
        ]

    @api.model
    def _release(self):
        """This is the production database: everything goes on as it stands."""
        if self._is_held():
            self._settle()
            self._get_activities().unlink()
            self._wake_up()
            _logger.info("Recurring billing goes on here, says %s", self.env.user.login)

    @api.model
    def _wake_up(self):
        """What waited is done at once, not within the hour."""
        for name in ("generate", "send", "remind"):
            self.env.ref(f"recurring_billing.ir_cron_{name}")._trigger()
        self.env["document.delivery"]._wake_mail_queue()
