"""What a database holds of an add-on: schema, settings, names; to be compared.

Everything is a line of text under a title, so that a difference reads well. Numbers of
records differ from one database to the next, so things go by name.
"""

#: Of our add-ons, in their manifests.
AUTHOR = "Recurring Suite founders"
#: Title: statement with one column.
SCHEMA = {
    "tables": "SELECT table_name || ' ' || table_type FROM information_schema.tables"
    " WHERE table_schema = current_schema()",
    "columns": "SELECT table_name || '.' || column_name || ' ' || data_type || ' '"
    " || is_nullable || ' ' || coalesce(column_default, '')"
    " FROM information_schema.columns WHERE table_schema = current_schema()"
    " AND coalesce(column_default, '') NOT LIKE 'nextval(%%'",
    "constraints": "SELECT conrelid::regclass || ' ' || conname || ' '"
    " || pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = current_schema()::regnamespace",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    # those of series of numbers are named by number
    "sequences": "SELECT sequencename FROM pg_sequences"
    " WHERE schemaname = current_schema() AND sequencename !~ '^ir_sequence_[0-9_]+$'",
    "counters without a series": "SELECT sequencename FROM pg_sequences"
    " WHERE sequencename ~ '^ir_sequence_[0-9_]+$' AND sequencename NOT IN"
    " (SELECT 'ir_sequence_' || lpad(id::text, greatest(3, length(id::text)), '0')"
    " FROM ir_sequence UNION SELECT 'ir_sequence_'"
    " || lpad(sequence_id::text, greatest(3, length(sequence_id::text)), '0') || '_'"
    " || lpad(id::text, greatest(3, length(id::text)), '0')"
    " FROM ir_sequence_date_range)",
    "functions": "SELECT proname FROM pg_proc"
    " WHERE pronamespace = current_schema()::regnamespace",
    "triggers": "SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "types": "SELECT typname FROM pg_type WHERE typtype IN ('e', 'd')"
    " AND typnamespace = current_schema()::regnamespace",
    "extensions": "SELECT extname FROM pg_extension",
    "schemas": "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'",
}
SETTINGS = {
    "apps": "SELECT name || ' ' || state FROM ir_module_module",
    # a later installation gives core's own fields names that the first one forgot
    "external names": "SELECT d.module || '.' || d.name FROM ir_model_data d"
    " JOIN ir_module_module m ON m.name = d.module WHERE d.model != 'ir.model.fields'"
    f" OR m.author = '{AUTHOR}' OR NOT EXISTS"
    " (SELECT FROM ir_model_fields f WHERE f.id = d.res_id)",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "choices": "SELECT f.model || '.' || f.name || ' ' || s.value"
    " FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id",
    "constraints that core knows": "SELECT name FROM ir_model_constraint",
    "relations that core knows": "SELECT name FROM ir_model_relation",
    "parents of models": "SELECT m.model || ' ' || p.model FROM ir_model_inherit i"
    " JOIN ir_model m ON m.id = i.model_id JOIN ir_model p ON p.id = i.parent_id",
    "rights": "SELECT name FROM ir_model_access",
    "rules": "SELECT coalesce(name->>'en_US', name::text) FROM"
    " (SELECT to_jsonb(name) AS name FROM ir_rule) r",
    "groups": "SELECT name->>'en_US' FROM res_groups",
    "privileges": "SELECT name->>'en_US' FROM res_groups_privilege",
    "implied groups": "SELECT a.name->>'en_US' || ' → ' || (b.name->>'en_US')"
    " FROM res_groups_implied_rel r JOIN res_groups a ON a.id = r.gid"
    " JOIN res_groups b ON b.id = r.hid",
    "menus": "SELECT name->>'en_US' FROM ir_ui_menu",
    # numbers of actions, which buttons name, differ from one database to the next
    "views": "SELECT name || ' ' || coalesce(key, '') || ' ' || active || ' '"
    " || md5(regexp_replace(arch_db::text, '[0-9]+', '', 'g')) FROM ir_ui_view",
    "window actions": "SELECT (name->>'en_US') || ' ' || res_model || ' '"
    " || coalesce(domain, '') || ' ' || coalesce(context, '') || ' ' || view_mode"
    " FROM ir_act_window",
    "server actions": "SELECT (name->>'en_US') || ' ' || coalesce(code, '')"
    " FROM ir_act_server",
    "client actions": "SELECT tag FROM ir_act_client",
    "reports": "SELECT report_name || ' ' || model FROM ir_act_report_xml",
    "all actions": "SELECT type || ' ' || (name->>'en_US') FROM ir_actions",
    "scheduled actions": "SELECT cron_name FROM ir_cron",
    "e-mail templates": "SELECT name->>'en_US' FROM mail_template",
    "kinds of activity": "SELECT name->>'en_US' FROM mail_activity_type",
    "kinds of message": "SELECT name->>'en_US' FROM mail_message_subtype",
    "parameters": "SELECT key FROM ir_config_parameter",
    "series": "SELECT name || ' ' || coalesce(code, '') FROM ir_sequence",
    "defaults": "SELECT f.model || '.' || f.name || ' ' || d.json_value"
    " FROM ir_default d JOIN ir_model_fields f ON f.id = d.field_id",
    "filters": "SELECT model_id || ' ' || name FROM ir_filters",
    "bundles": "SELECT name FROM ir_asset",
    "layouts": "SELECT name FROM report_layout",
}
#: Columns that hold the name of a model wherever they are.
MODEL_COLUMNS = ("model", "res_model", "model_name", "resource_ref_model", "relation")


def read(db):
    """{title: set of lines}"""
    found = {}
    for title, statement in {**SCHEMA, **SETTINGS}.items():
        found[title] = {line for (line,) in db.sql(statement)}
    found["pointing at no model"] = set(_find_orphans(db))
    return found


def get_tables(db):
    return [table for (table,) in db.sql("SELECT tablename FROM pg_tables")]


def get_columns(db, table):
    return {
        name
        for (name,) in db.sql(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s",
            table,
        )
    }


def _find_orphans(db):
    """Rows of any table that name a model which does not exist."""
    columns = db.sql(
        "SELECT table_name, column_name FROM information_schema.columns"
        " JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        " AND data_type = 'character varying' AND column_name IN %s",
        MODEL_COLUMNS,
    )
    for table, column in columns:
        for model, count in db.sql(
            f'SELECT "{column}", count(*) FROM "{table}" WHERE "{column}" LIKE \'%.%\''
            f' AND "{column}" NOT IN (SELECT model FROM ir_model) GROUP BY 1'
        ):
            yield f"{table}.{column}: {model} ({count})"


def compare(had, never):
    """What is left, and what of core's is gone: ``{title: [lines]}`` each."""
    left = {t: sorted(had[t] - never[t]) for t in never if had[t] - never[t]}
    gone = {t: sorted(never[t] - had[t]) for t in never if never[t] - had[t]}
    return left, gone
