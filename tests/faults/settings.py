"""The tests' settings with a database in a file, which is migrated once for all faults."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["TEST"] = {"NAME": os.environ["FAULTS_DATABASE"]}
