"""The harness itself: a real server sends a queued e-mail to a real mail server."""

from harness import odoo_server

MAIL_CRON = "mail.ir_cron_mail_scheduler_action"


def _queue(server, address, subject="Good morning"):
    return server.call(
        "mail.mail",
        "create",
        {
            "subject": subject,
            "body_html": "<p>Hello</p>",
            "email_to": address,
            "email_from": "billing@example.com",
            "auto_delete": False,
        },
    )


def test_queued_mail_reaches_the_mail_server(db, smtp):
    with odoo_server(db, smtp=smtp) as server:
        _queue(server, "anna@example.com")
        server.run_cron(MAIL_CRON)
        (received,) = smtp.wait_for(1)
    assert received.to == ["anna@example.com"]
    assert received.subject == "Good morning"
    assert "Hello" in received.html
    assert db.scalar("SELECT state FROM mail_mail ORDER BY id DESC LIMIT 1") == "sent"


def test_refused_address_is_seen_by_odoo(db, smtp):
    smtp.fault("rcpt", "550 no such user", match="nobody@")
    with odoo_server(
        db, smtp=smtp, allow_log=[r"mail_mail|ir_mail_server|550"]
    ) as server:
        _queue(server, "nobody@example.com")
        server.run_cron(MAIL_CRON)
    assert smtp.messages == []
    assert (
        db.scalar("SELECT state FROM mail_mail ORDER BY id DESC LIMIT 1") == "exception"
    )


def test_mail_server_that_vanishes_after_data_got_the_message(db, smtp):
    smtp.fault("after_data", drop=True)
    with odoo_server(db, smtp=smtp, allow_log=None) as server:
        _queue(server, "anna@example.com")
        server.run_cron(MAIL_CRON)
    assert len(smtp.messages) == 1
