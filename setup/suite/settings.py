"""Where things are: all of it from the environment that setup/lib/*.sh prepared."""

import os
import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Paths of one checkout and of one cluster (`test` or `demo`)."""

    root: Path
    cache: Path
    state: Path
    odoo_path: Path
    odoo_python: str
    #: Where Odoo finds OCA's add-ons, for the few of ours that need them.
    oca: Path | None = None

    @classmethod
    def from_env(cls, cluster):
        try:
            return cls(
                root=Path(os.environ["SUITE_ROOT"]),
                cache=Path(os.environ["SUITE_CACHE"]),
                state=Path(os.environ["SUITE_STATE"]) / cluster,
                odoo_path=Path(os.environ["ODOO_PATH"]),
                odoo_python=os.environ["ODOO_PYTHON"],
            )
        except KeyError as missing:
            raise SystemExit(
                f"{missing} is not set: start this through ./setup/test.sh,"
                " ./setup/demo.sh or ./setup/shell.sh."
            ) from None

    def with_oca(self):
        """The same for an Odoo beside which setup/requirements-oca.txt is installed."""
        return replace(self, oca=self.cache / "oca")

    @property
    def addons(self):
        """Folder of our add-ons; SUITE_ADDONS overrides it (the runner's own tests)."""
        return Path(os.environ.get("SUITE_ADDONS", self.root / "addons"))

    @property
    def data_dir(self):
        return self.state / "data"

    @property
    def log_dir(self):
        folder = self.state / "log"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def launcher(self):
        return [self.odoo_python, str(self.root / "setup" / "odoo-bin")]

    @property
    def test_launcher(self):
        return [self.odoo_python, str(self.root / "setup" / "odoo-test")]

    @cached_property
    def odoo_version(self):
        text = (self.odoo_path / "odoo" / "release.py").read_text()
        return re.search(r"^version_info *= *(.+)$", text, re.M).group(1)

    @property
    def core_addons(self):
        """Folders with Odoo's own add-ons: a source checkout has two of them."""
        folders = [self.odoo_path / "odoo" / "addons", self.odoo_path / "addons"]
        return [str(path) for path in folders if any(path.glob("*/__manifest__.py"))]

    def addons_path(self, *, ours=True):
        return ",".join(self.core_addons + ([str(self.addons)] if ours else []))
