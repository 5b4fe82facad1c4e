from odoo import api, models


class RecurringForecastSourceMixin(models.AbstractModel):
    """A record on which prices of the forecast depend: they follow when it is saved."""

    _name = "recurring.forecast.source.mixin"
    _description = "Something that the billing forecast depends on"

    #: Fields that change what a document comes to, or who gets one.
    _forecast_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._note_forecast(set().union(*vals_list))
        return records

    def write(self, vals):
        result = super().write(vals)
        self._note_forecast(set(vals))
        return result

    def _note_forecast(self, names):
        if names & self._forecast_fields:
            tasks, recipients = self._get_forecast_records()
            if tasks or recipients:
                self.env["recurring.forecast.price"]._note_changed(tasks, recipients)

    def _get_forecast_records(self):
        """Running tasks all of whose customers follow, and customers that do.

        :rtype: tuple[recurring.task, recurring.task.recipient]
        """
        raise NotImplementedError
