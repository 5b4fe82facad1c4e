"""TOML on every Python that we support: tomllib came with 3.11."""

from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib


def load_toml(path):
    return tomllib.loads(Path(path).read_text(encoding="utf-8"))
