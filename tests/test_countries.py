"""Every kind of invoice in a Spanish, an Italian and a Romanian company, beside the
localisations with their own fields and their electronic invoices."""

import json

import pytest

from harness import Database
from suite import process

pytestmark = pytest.mark.release

LOCALISATIONS = "l10n_es,l10n_it,l10n_ro"

SCRIPT = """
import json
from odoo import Command, fields

env["res.currency"].with_context(active_test=False).search(
    [("name", "in", ("EUR", "RON"))]
).active = True
COUNTRIES = {
    "es": ("es_pymes", "EUR", "ESA28017895", "ESB83562488"),
    "it": ("it", "EUR", "IT12345670017", "IT00743110157"),
    "ro": ("ro", "RON", "RO18547290", "RO14399840"),
}
TODAY = fields.Date.today()
result = {}


def create_company(code, chart, currency, vat):
    company = env["res.company"].create({
        "name": f"Company {code}",
        "country_id": env.ref(f"base.{code}").id,
        "currency_id": env.ref(f"base.{currency}").id,
        "vat": vat, "street": "Street 1", "city": "City", "zip": "12345",
        "check_invoice_kinds": True,
    })
    env["account.chart.template"].try_loading(chart, company, install_demo=False)
    return company


def create_customer(code, vat):
    return env["res.partner"].create({
        "name": f"Customer {code}", "is_company": True, "vat": vat,
        "country_id": env.ref(f"base.{code}").id,
        "street": "Street 2", "city": "City", "zip": "12345",
    })


def describe(move):
    return {
        "kind": move.invoice_kind,
        "state": move.state,
        "total": move.amount_total,
        "title": move._get_kind_title(),
        "reason": move._get_reason_text(),
        "storno": sorted({
            "credit" if line.credit < 0 else "debit" if line.debit < 0 else "none"
            for line in move.line_ids if line.balance
        }),
        "flag": "l10n_es_is_simplified" in move._fields and move.l10n_es_is_simplified,
    }


for code, (chart, currency, vat, customer_vat) in COUNTRIES.items():
    company = create_company(code, chart, currency, vat)
    E = env(context={**env.context, "allowed_company_ids": company.ids})
    if currency != "EUR":
        E["res.currency.rate"].create({
            "currency_id": env.ref("base.EUR").id, "company_id": company.id,
            "name": "2020-01-01", "rate": 0.2,
        })
    customer = create_customer(code, customer_vat).with_env(E)
    product = E["product.product"].create({
        "name": "Work", "type": "service", "list_price": 100, "company_id": company.id,
        "taxes_id": [Command.set(E.company.account_sale_tax_id.ids)],
    })

    def bill(**values):
        move = E["account.move"].create({
            "move_type": "out_invoice", "partner_id": customer.id,
            "invoice_date": TODAY,
            "invoice_line_ids": [Command.create({"product_id": product.id})],
            **values,
        })
        move.action_post()
        return move

    moves = {"ordinary": bill()}
    stranger = E["res.partner"].create({
        "name": "Passer-by", "country_id": env.ref(f"base.{code}").id,
    })
    simplified = E["account.move"].create({
        "move_type": "out_invoice", "partner_id": stranger.id, "invoice_date": TODAY,
        "invoice_line_ids": [Command.create({"product_id": product.id})],
    })
    simplified.invoice_kind = "simplified"
    simplified.action_post()
    moves["simplified"] = simplified
    wizard = E["account.move.reversal"].with_context(
        active_model="account.move", active_ids=moves["ordinary"].ids
    ).create({
        "journal_id": moves["ordinary"].journal_id.id,
        "corrective_reason_code": "returned",
    })
    wizard.refund_moves()
    wizard.new_move_ids.action_post()
    moves["corrective"] = wizard.new_move_ids
    second = bill()
    action = second.action_correct_upwards()
    if action.get("res_model") == "account.debit.note":
        debit = E["account.debit.note"].with_context(**action["context"]).create(
            {"copy_lines": True, "reason": "Too little"}
        )
        debit.create_debit()
        upwards = second.debit_note_ids
        upwards.corrective_reason = "Too little"
    else:
        defaults = {k.removeprefix("default_"): v for k, v in action["context"].items()}
        upwards = E["account.move"].create({
            **defaults, "corrective_reason": "Too little", "invoice_date": TODAY,
            "invoice_line_ids": [Command.create({"product_id": product.id})],
        })
    upwards.action_post()
    moves["upwards"] = upwards
    orders = E["sale.order"].create([{
        "partner_id": customer.id,
        "order_line": [Command.create({"product_id": product.id})],
    } for _n in range(2)])
    orders.action_confirm()
    wizard = E["recapitulative.invoice.wizard"].with_context(
        **orders.action_recapitulative_invoice()["context"]
    ).create({})
    invoice = E["account.move"].browse(wizard.action_create()["res_id"])
    invoice.action_post()
    moves["recapitulative"] = invoice
    result[code] = {name: describe(move) for name, move in moves.items()}
    for name, move in moves.items():
        html = E["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", move.ids
        )[0].decode()
        result[code][name]["printed"] = "invoice_kind_details" in html
print("RESULT " + json.dumps(result))
"""


@pytest.fixture(scope="module")
def countries(settings, template):
    """What each kind became in each country, see SCRIPT."""
    db = Database.fresh(settings, template, "countries")
    try:
        code = process.run_odoo(
            settings,
            db.name,
            *("-i", LOCALISATIONS, "--stop-after-init"),
            log=settings.log_dir / f"{db.name}.install.log",
        )
        assert code == 0
        output = db.shell(SCRIPT)
        (line,) = [ln for ln in output.splitlines() if ln.startswith("RESULT ")]
        yield json.loads(line.removeprefix("RESULT "))
    finally:
        db.drop()


@pytest.mark.parametrize("country", ["es", "it", "ro"])
def test_each_kind_is_posted_and_named(countries, country):
    found = countries[country]
    assert {move["state"] for move in found.values()} == {"posted"}
    kinds = {name: move["kind"] for name, move in found.items()}
    assert kinds == {
        "ordinary": "ordinary",
        "simplified": "simplified",
        "corrective": "corrective",
        "upwards": "corrective",
        "recapitulative": "recapitulative",
    }
    assert all(move["printed"] for move in found.values())
    assert found["corrective"]["reason"] == "Goods or packaging returned"


def test_spains_own_mark_for_simplified_invoices_is_followed(countries):
    flags = {name: move["flag"] for name, move in countries["es"].items()}
    assert flags["simplified"] is True
    assert flags["ordinary"] is False


def test_a_romanian_credit_note_stays_a_storno(countries):
    """Negative amounts on the side of the original, never on the other one."""
    found = countries["ro"]
    assert found["corrective"]["storno"] == ["credit", "debit"]
    assert found["ordinary"]["storno"] == ["none"]
    assert found["upwards"]["storno"] == ["none"]
    assert countries["it"]["corrective"]["storno"] == ["none"]
