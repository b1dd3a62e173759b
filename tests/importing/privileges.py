"""Being somebody whom file permissions bind."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def without_privileges() -> Iterator[Path]:
    """A folder of one's own, and, where the tests run as root, nobody's rights for the time being."""
    with TemporaryDirectory(prefix="qunlu-") as folder:
        if os.geteuid() != 0:
            yield Path(folder)
            return
        nobody = pwd.getpwnam("nobody").pw_uid
        os.chown(folder, nobody, -1)
        os.seteuid(nobody)
        try:
            yield Path(folder)
        finally:
            os.seteuid(0)
