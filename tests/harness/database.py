"""A throw-away copy of the template with our add-ons, and SQL on it."""

import psycopg2

from suite import databases, process


class Database:
    """One database; every statement commits by itself."""

    def __init__(self, settings, name):
        self.settings = settings
        self.name = name
        self._connection = None

    @classmethod
    def fresh(cls, settings, template, label="test"):
        name = databases.scratch_name(label)
        databases.copy(settings, template, name)
        return cls(settings, name)

    @property
    def connection(self):
        if self._connection is None or self._connection.closed:
            self._connection = self.connect()
            self._connection.autocommit = True
        return self._connection

    def connect(self):
        """A connection of its own, for tests that hold locks; the caller closes it."""
        return psycopg2.connect(dbname=self.name)

    def disconnect(self):
        """Forget our connection, e.g. to a database server that is stopped."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def sql(self, query, *params):
        """Rows of a query as tuples, [] for a statement without any."""
        with self.connection.cursor() as cursor:
            cursor.execute(query, params or None)
            return cursor.fetchall() if cursor.description else []

    def scalar(self, query, *params):
        rows = self.sql(query, *params)
        return rows[0][0] if rows else None

    def set_param(self, key, value):
        """A system parameter; only before a server runs, which keeps them in memory."""
        databases.set_param(self.name, key, value)

    def ref(self, xmlid):
        """Database id behind an XML id."""
        module, name = xmlid.split(".")
        found = self.scalar(
            "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s",
            module,
            name,
        )
        if found is None:
            raise LookupError(f"no record {xmlid} in {self.name}")
        return found

    def shell(self, script, timeout=600, env=None, options=()):
        """Run Python with `env` as in `odoo shell`; what it prints is returned. The
        script commits what it wants kept. About three seconds, no server needed.

        env, options: of the process: variables, and more of Odoo's command line
        """
        log = self.settings.log_dir / f"{self.name}.shell.log"
        start = log.stat().st_size if log.exists() else 0
        code = process.run_shell(
            self.settings,
            self.name,
            script,
            log=log,
            timeout=timeout,
            env=env,
            options=options,
        )
        output = log.read_bytes()[start:].decode(errors="replace")
        if code:
            raise RuntimeError(f"the script ended with {code}:\n{output[-6000:]}")
        return "\n".join(line for line in output.splitlines() if line[:2] != "20")

    def wake_scheduler(self):
        """Have the server's scheduler look now instead of within a minute."""
        connection = psycopg2.connect(dbname="postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", (self.name,))
        connection.close()

    def drop(self):
        self.disconnect()
        databases.drop(self.settings, self.name)
