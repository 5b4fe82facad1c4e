"""Every screen on a phone, 375 px wide: each menu once, by whoever has the least
rights to see it, a record of its list with all tabs, and the customer's pages. Then
what only a finger does: the camera, and signatures.
"""

import json
from types import SimpleNamespace

import pytest
from phone import people
from phone.look import LOOK
from phone.walk import get_menus, share_out, walk_all, walk_pages
from PIL import Image

from harness import Database, Phone, odoo_server
from suite import databases, odoo_log, scripts

#: A menu has a view, most have a record, forms have tabs. Raise it with what you add.
LEAST_SCREENS = 115
LEAST_PAGES = 15

MENUS = """
SELECT data.module || '.' || data.name FROM ir_model_data data
JOIN ir_ui_menu menu ON menu.id = data.res_id AND data.model = 'ir.ui.menu'
WHERE data.module = ANY(%s) AND menu.action IS NOT NULL AND menu.active
AND NOT EXISTS (SELECT 1 FROM ir_ui_menu child WHERE child.parent_id = menu.id)
"""
STROKE = [(20 + 4 * step, 60 + (step % 6) * 8) for step in range(40)]


def prepare(settings, script):
    """A database with people and records.

    :return: the database and the addresses of the customer's pages
    """
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(settings, ignores)
    db = Database.fresh(settings, template, "phone")
    lines = db.shell(script).splitlines()
    # The script installed an add-on: two people at once would make its bundles anew.
    db.shell(scripts.BUNDLES)
    pages = next(line for line in reversed(lines) if line.startswith('{"public"'))
    return db, json.loads(pages)


def _see_technician(settings, server, seen, photo):
    with Phone(settings.log_dir, "phone-touch") as phone:
        phone.log_in(server, "technician")
        phone.open(f"{server.url}/odoo/my-day")
        phone.tap(".o_my_day_open")
        phone.take_photo(".o_my_day_photo", photo)
        phone.wait_for("the photo", "document.querySelector('.o_my_day_photos img')")
        phone.tap(".o_my_day_sign")
        phone.tap("#o_my_day_signer")
        phone.send("Input.insertText", text="Lucía")
        phone.draw(".o_my_day_pad", STROKE)
        phone.tap(".o_my_day_accept")
        phone.wait_for("the signature", "document.querySelector('.o_my_day_signed')")
        phone.wait_for(
            "everything saved", "!document.querySelector('.o_my_day_waiting')"
        )
        seen.errors += phone.errors + phone.opened


def _see_customer(settings, server, seen, path):
    with Phone(settings.log_dir, "phone-sign") as phone:
        phone.open(server.url + path)
        phone.tap("main a[data-bs-target='#modalaccept']")
        phone.tap("#modalaccept .o_web_sign_draw_button")
        phone.wait_for(
            "the document", "document.querySelector('.o_signing_document code')"
        )
        seen.signing = phone.evaluate(LOOK)
        phone.draw("#modalaccept canvas", STROKE)
        phone.tap("#modalaccept .o_portal_sign_submit")
        phone.wait_for("the thanks", "location.search.includes('sign_ok')")
        seen.errors += phone.errors + phone.opened


@pytest.fixture(scope="module")
def seen(settings, tmp_path_factory):
    """What everybody saw."""
    db, pages = prepare(
        settings, people.SET_UP + people.CUSTOMERS_SIDE + people.ISSUED + people.KEEP
    )
    addons = databases.our_addons(settings)
    photo = tmp_path_factory.mktemp("camera") / "photo.jpg"
    Image.new("RGB", (2400, 1800), "steelblue").save(photo)
    seen = SimpleNamespace(db=db, addons=addons, errors=[])
    with odoo_server(db) as server:
        menus = {who: get_menus(server.login(who), addons) for who in people.PEOPLE}
        seen.walks = walk_all(settings, server, share_out(menus))
        seen.pages = walk_pages(settings, server, pages, people.CUSTOMER)
        _see_technician(settings, server, seen, photo)
        _see_customer(settings, server, seen, pages["public"]["quotation to sign"])
    for walk in [*seen.walks, seen.pages]:
        print(f"{walk.who}: {len(walk.screens)} screens", *walk.screens, sep="\n  ")
    yield seen
    db.drop()


def test_every_menu_was_opened(seen):
    all_menus = {row[0] for row in seen.db.sql(MENUS, seen.addons)}
    opened = {xmlid for walk in seen.walks for xmlid in walk.menus}
    assert opened == all_menus


def test_there_was_something_to_see(seen):
    assert sum(len(walk.screens) for walk in seen.walks) >= LEAST_SCREENS
    assert len(seen.pages.screens) >= LEAST_PAGES


def test_nothing_is_wrong_on_any_screen(seen):
    problems = [problem for walk in seen.walks for problem in walk.problems]
    assert not problems, "\n".join(problems)


def test_nothing_is_wrong_on_the_customers_pages(seen):
    assert not seen.pages.problems, "\n".join(seen.pages.problems)


def test_the_technicians_photo_and_signature_arrive(seen):
    rows = seen.db.sql(
        "SELECT kind, count(*) FROM postsale_field_entry"
        " WHERE kind IN ('photo', 'signature') GROUP BY 1"
    )
    assert dict(rows) == {"photo": 1, "signature": 1}


def test_the_customer_signs_with_a_finger(seen):
    ((strokes, points),) = seen.db.sql(
        "SELECT stroke_count, point_count FROM sale_signature_evidence"
        " ORDER BY id DESC LIMIT 1"
    )
    assert (strokes, points > 10) == (1, True)
    assert not seen.signing


def test_fingers_cause_no_error(seen):
    assert not seen.errors


WRONG = """
<meta name="viewport" content="width=device-width">
<main class="o_my_day" style="width: 375px; overflow: auto">
  <p style="width: 600px; text-align: right">far out</p>
  <button style="height: 20px; padding: 0">small</button>
  <a target="_blank" href="https://example.com">elsewhere</a>
  <p>undefined</p>
  <div style="overflow-x: auto"><table><tr><td style="min-width: 900px">wide</td>
  </tr></table></div>
</main>
<div class="o_error_dialog">It broke</div>
"""


def test_what_is_wrong_is_found(settings):
    with Phone(settings.log_dir, "phone-wrong") as phone:
        phone.open("about:blank#wrong")
        phone.evaluate(f"document.write({json.dumps(WRONG)}); document.close()")
        found = "\n".join(phone.evaluate(LOOK))
    for what in ("far out", "20 px high", "opens a window", "undefined", "It broke"):
        assert what in found
    assert "“wide”" not in found
