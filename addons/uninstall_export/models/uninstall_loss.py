from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Records that core deletes with the documents they hang on: model, column that
#: names the model of the document.
HANGERS = {"ir.attachment": "res_model", "mail.message": "model"}
NUMBERS = {"integer", "float", "monetary"}


class UninstallLoss(models.AbstractModel):
    """What goes from the database when apps are removed."""

    _name = "uninstall.loss"
    _description = "What goes with an app"

    # === FIELDS === #

    @api.model
    def _is_table(self, model):
        """Whether this is a model whose records are kept for good."""
        records = self.env.get(model)
        return records is not None and (
            records._auto and not records._abstract and not records._transient
        )

    @api.model
    def _holds_values(self, field):
        """Whether the field keeps something of its own; one2many fields do not."""
        return field.store and bool(
            field.column_type or field.type in ("many2many", "binary")
        )

    @api.model
    def _get_models(self, names):
        """Models that go altogether and have a table, as ``ir.model`` records.

        :param names: technical names of the apps
        """
        Models = self.env["ir.model"].sudo()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT res_id FROM ir_model_data WHERE model = 'ir.model'
              GROUP BY res_id HAVING bool_and(module IN %s)
                """,
                tuple(names),
            )
        )
        found = Models.browse([number for [number] in rows]).exists()
        return found.filtered(lambda model: self._is_table(model.model)).sorted("name")

    @api.model
    def _get_fields(self, names):
        """Fields that these apps added to documents that stay: ``{model: fields}``.

        :param names: technical names of the apps
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT field.model, array_agg(field.name::text ORDER BY field.name)
                  FROM ir_model_fields field
                 WHERE field.store AND field.model_id NOT IN %s
                   AND (SELECT bool_and(xmlid.module IN %s)
                          FROM ir_model_data xmlid
                         WHERE xmlid.model = 'ir.model.fields'
                           AND xmlid.res_id = field.id)
              GROUP BY field.model
              ORDER BY field.model
                """,
                tuple(self._get_models(names).ids) or (0,),
                tuple(names),
            )
        )
        found = {}
        for model, fields in rows:
            if self._is_table(model):
                known = self.env[model]._fields
                fields = [known[name] for name in fields if name in known]
                found[model] = [field for field in fields if self._holds_values(field)]
        return {model: fields for model, fields in found.items() if fields}

    # === VALUES === #

    @api.model
    def _count_values(self, model, fields):
        """How many records of a model have a value: ``{field: count}``, fields without
        any left out. One statement."""
        self.env.flush_all()
        [row] = self.env.execute_query(
            SQL(
                "SELECT %s FROM %s",
                SQL(", ").join(
                    SQL("count(*) FILTER (WHERE %s)", self._has_value(field))
                    for field in fields
                ),
                SQL.identifier(self.env[model]._table),
            )
        )
        counts = zip(fields, row, strict=True)
        return {field: count for field, count in counts if count}

    @api.model
    def _get_ids(self, model, fields=None):
        """Numbers of all records of a model, or of those with a value in a field."""
        condition = SQL("TRUE")
        if fields is not None:
            condition = SQL(" OR ").join(self._has_value(field) for field in fields)
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE %s ORDER BY id",
                SQL.identifier(self.env[model]._table),
                condition,
            )
        )
        return [number for [number] in rows]

    @api.model
    def _has_value(self, field):
        """SQL: whether a row has one; an unticked box and a zero are none."""
        if field.type == "many2many":
            return SQL(
                "id IN (SELECT %s FROM %s)",
                SQL.identifier(field.column1),
                SQL.identifier(field.relation),
            )
        if not field.column_type:
            return SQL(
                "id IN (SELECT res_id FROM ir_attachment"
                " WHERE res_model = %s AND res_field = %s)",
                field.model_name,
                field.name,
            )
        column = SQL.identifier(field.name)
        if field.type == "boolean" and not field.company_dependent:
            return SQL("%s IS TRUE", column)
        if field.type in NUMBERS and not field.company_dependent:
            return SQL("%s <> 0", column)
        return SQL("%s IS NOT NULL", column)

    # === WHAT HANGS ON DOCUMENTS === #

    @api.model
    def _get_hanging(self, names):
        """Files and messages of documents that go: a list of recordsets, none empty.

        :param names: technical names of the apps
        """
        names = self._get_models(names).mapped("model")
        found = []
        for model, column in HANGERS.items():
            if model in self.env and model not in names:
                domain = Domain(column, "in", names)
                if model == "ir.attachment":  # those of fields are told with these
                    domain &= Domain("res_field", "=", False)
                Records = self.env[model].sudo().with_context(active_test=False)
                found.append(Records.search(domain, order="id"))
        return [records for records in found if records]
