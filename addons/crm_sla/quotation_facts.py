"""What is known of a quotation's way to its customer, as SQL.

One text for lists, filters, groups and figures, so that they cannot disagree. Nothing
here is stored: whoever asks gets what is true now.
"""

from odoo.tools import SQL

#: States in which an order is still a quotation that the customer may answer.
QUOTATION_STATES = ("draft", "sent")

#: Recipients ``n`` of the e-mail of event ``e``; copies for our own people not counted.
_RECIPIENTS = SQL(
    """mail_notification n
    LEFT JOIN res_partner r ON r.id = n.res_partner_id
    WHERE n.mail_message_id = e.message_id
        AND n.notification_type = 'email'
        AND (r.id IS NULL OR r.partner_share)"""
)

#: What became of the e-mail of event ``e``, read from core's notifications. The worst
#: recipient counts. NULL: it was no e-mail, or its message is gone.
DELIVERY = SQL(
    """(SELECT CASE
        WHEN e.message_id IS NULL THEN NULL
        WHEN bool_or(
            n.notification_status IN ('bounce', 'exception', 'canceled')
            AND COALESCE(n.failure_type, '') NOT IN
                ('mail_email_missing', 'mail_email_invalid', 'mail_dup')
        ) THEN 'refused'
        WHEN bool_or(n.notification_status IN ('ready', 'process')) THEN 'waiting'
        WHEN bool_or(n.notification_status IN ('pending', 'sent')) THEN 'accepted'
        ELSE 'no_address'
    END FROM %s)""",
    _RECIPIENTS,
)

#: To whom the e-mail of event ``e`` went.
RECIPIENT_NAMES = SQL(
    "(SELECT string_agg(COALESCE(r.name, n.mail_email_address), ', '"
    " ORDER BY n.id) FROM %s)",
    _RECIPIENTS,
)

#: What an activity of type ``t`` that was done is to us: its category says it, and for
#: meetings core's own type, which has no category until the calendar is installed.
CONTACT_KIND = SQL(
    """(CASE
        WHEN t.category = 'phonecall' THEN 'call'
        WHEN t.category = 'meeting' OR t.id = (
            SELECT res_id FROM ir_model_data
            WHERE module = 'mail' AND name = 'mail_activity_data_meeting'
        ) THEN 'meeting'
    END)"""
)


def get_facts(order):
    """Facts of one order: a query of always one row.

    :param SQL order: the order's id
    :return: columns ``sent_count``, ``last_sent_date``, ``opened_count``,
        ``document_count``, ``last_opened_date`` (page or document), ``delivery`` (of
        the last sending), ``is_declined``, ``is_paid``; moments in UTC
    """
    return SQL(
        """(SELECT
            count(*) FILTER (WHERE e.kind = 'sent') AS sent_count,
            max(e.date) FILTER (WHERE e.kind = 'sent') AS last_sent_date,
            count(*) FILTER (WHERE e.kind = 'opened') AS opened_count,
            count(*) FILTER (WHERE e.kind = 'document') AS document_count,
            max(e.date_last) FILTER (WHERE e.kind IN ('opened', 'document'))
                AS last_opened_date,
            (array_agg(%s ORDER BY e.date DESC, e.id DESC)
                FILTER (WHERE e.kind = 'sent'))[1] AS delivery,
            COALESCE(bool_or(e.kind = 'declined'), FALSE) AS is_declined,
            COALESCE(bool_or(e.kind = 'paid'), FALSE) AS is_paid
        FROM sale_quotation_event e WHERE e.order_id = %s)""",
        DELIVERY,
        order,
    )


def get_state(facts, state, signed_on):
    """Where a quotation stands between us and its customer.

    Opened means: since it was last sent. A quotation that was sent again is unread.

    :param SQL facts: name under which the facts are joined
    :param SQL state: the order's own state
    :param SQL signed_on: moment of its signature
    """
    return SQL(
        """(CASE
            WHEN %(state)s = 'cancel' AND %(f)s.is_declined THEN 'declined'
            WHEN %(signed_on)s IS NOT NULL THEN 'signed'
            WHEN %(f)s.last_opened_date
                >= COALESCE(%(f)s.last_sent_date, %(f)s.last_opened_date) THEN 'opened'
            WHEN %(f)s.delivery IN ('refused', 'no_address') THEN 'refused'
            WHEN %(f)s.sent_count > 0 OR %(state)s = 'sent' THEN 'sent'
            ELSE 'not_sent'
        END)""",
        f=facts,
        state=state,
        signed_on=signed_on,
    )
