"""Seeding and generating with one contender's adapter."""

from importlib import import_module

from odoo import SUPERUSER_ID, api

from .census import take_census
from .fixture import Fixture
from .mailbox import caught_mail
from .meter import Meter


def _get_adapter(job):
    return import_module(f"bench.inside.{job['adapter']}")


def seed(registry, job):
    """Make n recurrences that are due; nobody measures this."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        _get_adapter(job).seed(env, Fixture(env), job["n"], job["mode"])
        env.flush_all()
    return {}


def run(registry, job):
    """Have the contender make its invoices; returns figures and census."""
    adapter = _get_adapter(job)
    with registry.cursor() as cr, caught_mail() as mails:
        env = api.Environment(cr, SUPERUSER_ID, {})
        warm_up(env)
        del mails[:]
        with Meter() as meter:
            adapter.generate(env, Fixture(env), job["n"], job["mode"])
            env.flush_all()
            cr.commit()
        waiting = env["mail.mail"].search_count([("state", "=", "outgoing")])
        return {
            **meter.per_document(job["n"]),
            **take_census(cr),
            "mails_sent": len(mails),
            "mails_queued": waiting,
        }


def warm_up(env):
    """One invoice made, posted and rolled back, so that nobody pays for the first
    caches of the process; a scheduler is warm, too."""
    fixture = Fixture(env)
    move = env["account.move"].create(fixture.get_invoice(fixture.get_customers(1)))
    move.action_post()
    env.flush_all()
    env.cr.rollback()
    env.invalidate_all(flush=False)
