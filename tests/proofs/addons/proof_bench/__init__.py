"""Changes the suite in a server under test: one file here for each change.

``PROOF_PATCHES`` names the files, separated by commas. They are imported before the
registry is built and change the classes from which it is built.
"""

import importlib
import os

for name in filter(None, os.environ.get("PROOF_PATCHES", "").split(",")):
    importlib.import_module(f"{__name__}.{name}")
