"""Settings of every test run: nothing of the user's is read or written."""

import atexit
import os
import shutil
import sys
import tempfile

os.environ["MULTISAT_CACHE"] = "off"

if sys.dont_write_bytecode and "PYTHONPYCACHEPREFIX" not in os.environ:
    # Tests start processes by the dozen; without a place for bytecode each compiles every library anew.
    os.environ["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp(prefix="multisat-bytecode-")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    atexit.register(shutil.rmtree, os.environ["PYTHONPYCACHEPREFIX"], ignore_errors=True)
