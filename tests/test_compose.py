"""docker-compose.yml, checked without Docker: its form against the Compose
specification, and that whatever it names exists."""

import json
import os
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

from suite import databases

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = ROOT / "docker-compose.yml"
# Tags that were published when this was written; a new one is looked up, then added.
IMAGES = {"odoo:19.0", "postgres:16", "axllent/mailpit:v1.31"}
# What the images' entry points read, and the folders that they declare.
ENVIRONMENT = {
    "odoo": {"HOST", "PORT", "USER", "PASSWORD"},
    "postgres": {"POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD"},
    "axllent/mailpit": {"MP_DATABASE"},
}
FOLDERS = {
    "odoo": {"/var/lib/odoo", "/mnt/extra-addons"},
    "postgres": {"/var/lib/postgresql/data"},
    "axllent/mailpit": {"/data"},
}
SECRET = re.compile("password|secret|token|key", re.IGNORECASE)
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::?[-?][^}]*)?\}")


@pytest.fixture(scope="module")
def text():
    return COMPOSE.read_text()


@pytest.fixture(scope="module")
def compose(text):
    return yaml.safe_load(text)


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def image_name(service):
    return service["image"].rpartition(":")[0]


def test_follows_the_compose_specification(compose):
    package = Path(os.environ["NODE_TOOLS"]) / "dclint"
    schema = json.loads((package / "schemas" / "compose.schema.json").read_text())
    jsonschema.Draft7Validator(schema).validate(compose)


def test_the_schema_refuses_what_is_wrong(compose):
    """A check that cannot fail proves nothing."""
    package = Path(os.environ["NODE_TOOLS"]) / "dclint"
    schema = json.loads((package / "schemas" / "compose.schema.json").read_text())
    wrong = {**compose, "services": {"db": {"image": "x", "helthcheck": {}}}}
    with pytest.raises(jsonschema.ValidationError, match="helthcheck"):
        jsonschema.Draft7Validator(schema).validate(wrong)


def test_images_are_the_official_ones_with_a_fixed_tag(services):
    assert {service["image"] for service in services.values()} == IMAGES


def test_the_odoo_tag_is_the_series_of_the_add_ons(services):
    series = services["odoo"]["image"].rpartition(":")[2]
    for path in (ROOT / "addons").glob("*/__manifest__.py"):
        assert f'"version": "{series}.' in path.read_text(), path


def test_mounted_paths_exist_and_volumes_are_declared(compose, services):
    for name, service in services.items():
        for volume in service["volumes"]:
            source, target = volume.split(":")[:2]
            if source.startswith("."):
                assert (ROOT / source).is_dir(), f"{name} mounts {source}"
            else:
                assert source in compose["volumes"], f"{name} uses volume {source}"
            assert target in FOLDERS[image_name(service)], f"{name}: {target}"


def test_every_declared_volume_is_used(compose, services):
    used = {v.split(":")[0] for s in services.values() for v in s["volumes"]}
    assert set(compose["volumes"]) <= used


def test_environment_is_what_the_images_read(services):
    for name, service in services.items():
        assert set(service["environment"]) == ENVIRONMENT[image_name(service)], name


def test_long_running_services_have_a_health_check(services):
    for name, service in services.items():
        one_shot = "--stop-after-init" in service.get("command", [])
        assert one_shot or service["healthcheck"]["test"][0] == "CMD", name
        assert one_shot or service["restart"] == "unless-stopped", name


def test_odoo_waits_for_the_database_and_its_initialisation(services):
    conditions = {k: v["condition"] for k, v in services["odoo"]["depends_on"].items()}
    assert conditions == {
        "db": "service_healthy",
        "mail": "service_healthy",
        "init": "service_completed_successfully",
    }
    assert services["init"]["depends_on"]["db"]["condition"] == "service_healthy"


def test_odoo_options_exist(services, settings):
    done = subprocess.run(
        [*settings.launcher, "server", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(settings.odoo_path), "COLUMNS": "200"},
    )
    known = set(re.findall(r"--[a-z][a-z-]+", done.stdout))
    for name in ("init", "odoo"):
        first, *options = services[name]["command"]
        assert first == "odoo"
        for option in options:
            assert option.partition("=")[0] in known, f"{name}: {option}"


def test_the_database_is_initialised_with_all_our_add_ons(services, settings):
    """Bridges come by themselves with auto_install."""
    wanted = {
        name
        for name in databases.our_addons(settings)
        if databases.manifest(settings, name).get("application")
    }
    for option in ("--init=", "--update="):
        (found,) = [o for o in services["init"]["command"] if o.startswith(option)]
        assert set(found.removeprefix(option).split(",")) == wanted


def test_both_odoo_services_use_one_database_and_one_filestore(services):
    init, odoo = services["init"], services["odoo"]
    assert init["volumes"] == odoo["volumes"]
    (database,) = [o for o in init["command"] if o.startswith("--database=")]
    assert database in odoo["command"]


def test_mails_go_to_the_catcher(services):
    assert "--smtp=mail" in services["odoo"]["command"]
    assert "--smtp-port=1025" in services["odoo"]["command"]


def test_no_secret_in_the_file(text, services):
    for name, service in services.items():
        for key, value in service["environment"].items():
            if SECRET.search(key):
                assert VARIABLE.fullmatch(value), f"{name}: {key} is written down"
    assert "${POSTGRES_PASSWORD:?" in text, "an empty password must be refused"


def test_every_variable_is_explained_in_the_example(text):
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^(\w+)=", example, re.M))
    assert {match[1] for match in VARIABLE.finditer(text)} == named
    values = dict(re.findall(r"^(\w+)=(.*)$", example, re.M))
    assert [name for name in values if SECRET.search(name) and values[name]] == []


def test_the_filled_in_file_is_not_committed():
    done = subprocess.run(
        ["git", "-C", str(ROOT), "check-ignore", "-q", ".env"], check=False
    )
    assert done.returncode == 0


def test_nothing_listens_to_the_outside(services):
    for name, service in services.items():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), f"{name} publishes {port}"
