"""Every menu of everybody on a phone, with new records and with pictures to look at.

`test_phone_walk.py` opens each menu once; this one takes minutes and belongs to
the release. The pictures are kept in the folder `phone` beside the log.
"""

import shutil

from phone import people
from phone.walk import get_menus, walk_all, walk_pages

from harness import odoo_server
from release.test_phone_walk import prepare
from suite import databases

SCRIPT = (
    people.PAYMENTS
    + people.SET_UP
    + people.CUSTOMERS_SIDE
    + people.ISSUED
    + people.KEEP
)


def test_every_screen_of_everybody(settings):
    folder = settings.log_dir.parent / "phone"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    db, pages = prepare(settings, SCRIPT)
    addons = databases.our_addons(settings)
    with odoo_server(db) as server:
        plan = {who: get_menus(server.login(who), addons) for who in people.PEOPLE}
        walks = walk_all(settings, server, plan, folder=folder, with_new=True)
        walks.append(
            walk_pages(settings, server, pages, people.CUSTOMER, folder=folder)
        )
    db.drop()
    for walk in walks:
        print(f"screens of {walk.who}: {len(walk.screens)}")
    print(f"pictures: {folder}")
    opened = {who: {menu["xmlid"] for menu in menus} for who, menus in plan.items()}
    assert opened == {walk.who: set(walk.menus) for walk in walks if walk.menus}
    problems = [problem for walk in walks for problem in walk.problems]
    assert not problems, "\n".join(problems)
