"""Splits the add-ons' Python tests over processes, by file and measured time."""

import json
import re

# Three were tried on two cores: they get into each other's way.
SHARDS = 2
# Black-box tests wait much of their time, for servers and mails.
BLACKBOX_SHARDS = 3
#: Tag of Odoo's tests, and mark of pytest's, that are too long for every change.
RELEASE = "release"
# Odoo's own statistics: "<tab>addon.test_file.TestClass: 1.23s 45 queries".
CLASS_TIME = re.compile(r"^\t(\w+)\.(test_\w+)\.(\w+): ([\d.]+)s \d+ queries$")


def test_files(addons_folder, addon=None):
    """Names like `addon/test_file` of all test files, or of one add-on's."""
    found = addons_folder.glob(f"{addon or '*'}/tests/test_*.py")
    return sorted(f"{path.parts[-3]}/{path.stem}" for path in found)


def split(files, seconds, count=SHARDS):
    """Lists of about the same length in time; an unknown file counts as average."""
    known = [seconds[name] for name in files if name in seconds]
    average = sum(known) / len(known) if known else 1.0
    weights = {name: seconds.get(name, average) for name in files}
    loads, shards = [0.0] * count, [[] for _ in range(count)]
    for name in sorted(files, key=lambda name: -weights[name]):
        lightest = loads.index(min(loads))
        shards[lightest].append(name)
        loads[lightest] += weights[name]
    return [shard for shard in shards if shard]


def tour_files(addons_folder, addon=None):
    """Those of the test files that hold browser tours."""
    return [
        name
        for name in test_files(addons_folder, addon)
        if '"tour"' in (addons_folder / _path(name)).read_text()
    ]


def _path(file):
    addon, name = file.split("/")
    return f"{addon}/tests/{name}.py"


def tour_tags(files):
    """Odoo's --test-tags for the browser tours of these files."""
    return ",".join(f"tour/{_path(file)}" for file in files)


def tags(files, *, quick=False):
    """Odoo's --test-tags for these files, without browser tours and what only
    `./tests/release.sh` runs.

    quick: also without the tests tagged "slow", for the developer's loop.
    """
    paths = [f"/{_path(file)}" for file in files]
    return ",".join([*paths, "-tour", f"-{RELEASE}", *(["-slow"] if quick else [])])


def class_times(lines):
    """{(addon/file, class): seconds} of one log."""
    matches = filter(None, map(CLASS_TIME.match, lines))
    return {(f"{m[1]}/{m[2]}", m[3]): float(m[4]) for m in matches}


def load_times(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def save_times(path, times):
    """Add up the classes of each file, and keep what other runs measured."""
    totals = {}
    for (file, _name), seconds in times.items():
        totals[file] = totals.get(file, 0.0) + seconds
    path.write_text(json.dumps({**load_times(path), **totals}))


def slowest(times, count=3):
    """A remark on where the time went."""
    ranked = sorted(times.items(), key=lambda item: -item[1])[:count]
    return ", ".join(f"{name} {seconds:.0f} s" for (_file, name), seconds in ranked)
