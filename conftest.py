"""Settings of every test run: nothing of the user's is read or written."""

import os

os.environ["MULTISAT_CACHE"] = "off"
