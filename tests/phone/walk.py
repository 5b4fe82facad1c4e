"""The way over all screens: each menu, a record of its list, the tabs of its form."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from harness import Phone

from .look import LOOK

#: A dialog is left first, with the button that keeps nothing.
GO = """
(async () => {
    document.activeElement?.blur();
    document.querySelector(".modal [special=cancel], .modal .btn-close")?.click();
    await odoo.__WOWL_DEBUG__.root.env.services.menu.selectMenu(%d);
})()
"""

IN_FORM = "!!document.querySelector('.o_form_view')"
TABS = "[...document.querySelectorAll('.o_notebook .nav-link')].map(a => a.innerText)"
TAB = """
(() => {{
    const tab = document.querySelectorAll('.o_notebook .nav-link')[{}];
    tab.click();
    tab.scrollIntoView({{block: "start", inline: "center"}});
}})()
"""
FIRST_GROUP = ".o_group_header, .o_kanban_group.o_column_folded"
FIRST_RECORD = ".o_data_row .o_data_cell, .o_kanban_record:not(.o_kanban_ghost)"
NEW = ".o_list_button_add, .o-kanban-button-new, .o_form_button_create"


@dataclass
class Walk:
    """What one person saw.

    screens: names of all screens looked at
    menus: XML IDs of the menus opened
    problems: a line for each thing that is wrong
    folder: where pictures go, if anywhere
    """

    phone: object
    who: str
    folder: object = None
    screens: list = field(default_factory=list)
    menus: list = field(default_factory=list)
    problems: list = field(default_factory=list)

    # The way over one menu.

    def walk_menu(self, menu, *, with_new=False):
        """The first view of a menu, a record of it with all its tabs, a new one."""
        name = menu["name"]
        self._go(menu)
        self.menus.append(menu["xmlid"])
        self.look(name)
        if self.phone.evaluate(IN_FORM):
            self._look_at_tabs(name)
            return
        if self._open_record():
            self._look_at_record(f"{name}: record")
        if with_new:
            self._go(menu)
            if self.phone.evaluate(f"!!document.querySelector('{NEW}')"):
                self.phone.tap(NEW)
                self.phone.rest()
                self._look_at_record(f"{name}: new")

    def _go(self, menu):
        self.phone.evaluate(GO % menu["id"])
        self.phone.rest()

    def _open_record(self):
        """:return: whether there was one"""
        if self.phone.evaluate("!!document.querySelector('.o_view_sample_data')"):
            return False
        for selector in (FIRST_GROUP, FIRST_RECORD):
            found = f"[...document.querySelectorAll('{selector}')].length"
            if self.phone.evaluate(found):
                self.phone.tap(selector)
                self.phone.rest()
        return self.phone.evaluate(IN_FORM)

    def _look_at_record(self, name):
        self.look(name)
        self._look_at_tabs(name)

    def _look_at_tabs(self, name):
        for number, tab in enumerate(self.phone.evaluate(TABS)):
            if number:  # the first one is open
                self.phone.evaluate(TAB.format(number))
                self.phone.rest()
                self.look(f"{name}, {tab.strip()}")

    # A page that is not of the web client.

    def walk_page(self, name, url):
        self.phone.open(url)
        self.phone.rest()
        self.look(name)

    def look(self, name):
        """Note what is wrong with the screen, and keep a picture."""
        self.screens.append(name)
        found = [*self.phone.evaluate(LOOK), *self.phone.opened, *self.phone.errors]
        self.phone.errors.clear()
        self.problems += [f"{self.who} · {name}: {problem}" for problem in found]
        if self.folder:
            file = re.sub(r"\W+", "-", f"{self.who}-{name}".lower()).strip("-")
            self.phone.take_picture(self.folder / f"{file}.png")


def get_menus(client, addons):
    """Menus of these add-ons that a user sees and that lead somewhere.

    :return: list of {id, xmlid, name}, the name with those of the menus above
    """
    menus = client.get("/web/webclient/load_menus").json()

    def collect(node, above):
        for number in node["children"]:
            child = menus[str(number)]
            names = [*above, child["name"]]
            if child["actionID"] and not child["children"]:
                name = " / ".join(names)
                yield {"id": number, "xmlid": child["xmlid"], "name": name}
            yield from collect(child, names)

    return [
        menu
        for menu in collect(menus["root"], [])
        if (menu["xmlid"] or "").partition(".")[0] in addons
    ]


def share_out(menus_by_person):
    """Each menu once, by the first person who sees it."""
    taken, plan = set(), {}
    for who, menus in menus_by_person.items():
        plan[who] = [menu for menu in menus if menu["xmlid"] not in taken]
        taken.update(menu["xmlid"] for menu in menus)
    return {who: menus for who, menus in plan.items() if menus}


def walk_all(settings, server, plan, *, folder=None, with_new=False):
    """Everybody's walk over his menus, two at a time.

    :param plan: menus by login
    """

    def walk(login):
        with Phone(settings.log_dir, f"phone-{login}") as phone:
            phone.log_in(server, login)
            phone.open(f"{server.url}/odoo")
            phone.wait_for("the web client", "odoo.__WOWL_DEBUG__?.root?.env && true")
            phone.rest()
            found = Walk(phone, login, folder)
            for menu in plan[login]:
                found.walk_menu(menu, with_new=with_new)
        return found

    longest_first = sorted(plan, key=lambda login: -len(plan[login]))
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(walk, longest_first))


def walk_pages(settings, server, pages, customer, *, folder=None):
    """What a customer opens: pages behind links, and those where he is logged in."""
    with Phone(settings.log_dir, "phone-customer") as phone:
        walk = Walk(phone, "customer", folder)
        for name, path in pages["public"].items():
            walk.walk_page(name, server.url + path)
        phone.log_in(server, customer)
        for name, path in pages["portal"].items():
            walk.walk_page(name, server.url + path)
    return walk
