"""The site's settings in tests: those of `site_environment.py`, whatever the shell and .env say.

TEST_DATABASE_URL chooses PostgreSQL (`throwaway_postgres.py` sets it).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.site_environment import environment_for_tests
from tests.throwaway_postgres import without_postgres_settings

# Made by the first process; pytest's workers inherit it.
if "TEST_VAR_DIR" not in os.environ:
    os.environ["TEST_VAR_DIR"] = tempfile.mkdtemp(prefix="qunlu-tests-")
    atexit.register(shutil.rmtree, os.environ["TEST_VAR_DIR"], ignore_errors=True)

for name in os.environ.keys() - without_postgres_settings(os.environ).keys():
    del os.environ[name]
os.environ |= environment_for_tests(Path(os.environ["TEST_VAR_DIR"]), os.environ.get("TEST_DATABASE_URL"))

from archive.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
