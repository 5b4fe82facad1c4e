"""`./tests/release.sh [NAME ...]`: the release tests, and how many of them passed."""

import subprocess
import sys
import tempfile
from pathlib import Path

from suite.suites import read_junit
from suite.verdict import SuiteResult

FOLDER = Path(__file__).parent


def find_files(names):
    """The files of these tests, of all for none; a sentence and exit for unknown."""
    files = {
        path.stem.removeprefix("test_"): path for path in sorted(FOLDER.glob("test_*"))
    }
    unknown = [name for name in names if name not in files]
    if unknown:
        sys.exit(f"{unknown[0]} is none of: {', '.join(files)}")
    return [str(files[name]) for name in names or files]


def main(names):
    files = find_files(names)
    result = SuiteResult("release")
    with tempfile.TemporaryDirectory() as folder:
        junit = Path(folder) / "junit.xml"
        command = [sys.executable, "-m", "pytest", "-s", "-vv", "--durations=0"]
        command += ["-o", "junit_family=xunit1", f"--junitxml={junit}", *files]
        code = subprocess.run(command, check=False).returncode
        if junit.exists():
            read_junit(result, junit)
    # a test that did not run proves nothing
    red = len(result.failed) + len(result.skipped) or (not result.passed or code != 0)
    print(f"{result.passed} passed, {int(red)} failed", flush=True)
    sys.exit(1 if red else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
