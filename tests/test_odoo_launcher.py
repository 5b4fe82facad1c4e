"""How setup/odoo-test changes Odoo while its tests run, and how far."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import SimpleNamespace

import pytest

from odoo.addons.bus.websocket import ConnectionState

LAUNCHER = Path(__file__).parent.parent / "setup" / "odoo-test"


@pytest.fixture(scope="module")
def launcher():
    loader = SourceFileLoader("odoo_test", str(LAUNCHER))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def connection(launcher, state):
    """A connection whose queue is gone; `state` is what core set before it went."""

    def close(_websocket, _code):
        raise OSError("Bad file descriptor")

    websocket = SimpleNamespace(state=state)
    return lambda code: launcher.spare_the_gone(close)(websocket, code)


def test_a_connection_that_went_by_itself_counts_as_closed(launcher):
    connection(launcher, ConnectionState.CLOSED)(4007)


def test_a_connection_that_is_open_and_cannot_be_closed_is_told(launcher):
    with pytest.raises(OSError, match="Bad file"):
        connection(launcher, ConnectionState.OPEN)(4007)


def test_only_the_caches_that_were_emptied_are_forgotten(launcher):
    forgotten = []
    registry = SimpleNamespace(clear_cache=lambda *names: forgotten.append(names))
    launcher.emptied.clear()
    launcher.forget_emptied(registry)
    assert not forgotten

    empty = launcher.note_emptied(lambda _registry, *_names: None, ["default"])
    empty(registry, "templates")
    empty(registry)
    launcher.forget_emptied(registry)
    assert set(forgotten.pop()) == {"templates", "default"}
