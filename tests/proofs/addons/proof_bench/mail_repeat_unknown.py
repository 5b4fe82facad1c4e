"""A line that breaks after the text counts as "not delivered": tried again."""

from odoo.addons.recurring_billing import smtp_outcome

_state = smtp_outcome.Attempt.state.fget


def state(attempt):
    found = _state(attempt)
    return smtp_outcome.DEFERRED if found == smtp_outcome.UNKNOWN else found


smtp_outcome.Attempt.state = property(state)
