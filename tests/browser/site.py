"""A site of its own: a server process with a database of its own, which tests know by its addresses alone."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.site_environment import ROOT, environment_for_tests

# More threads than one: a browser opens connections before it has anything to ask.
GUNICORN = "-m gunicorn --threads 4 --no-control-socket --log-level warning archive.wsgi"
SECONDS_TO_STOP = 10


@dataclass(frozen=True)
class Site:
    """`known` is what can be written in braces in a path: keys and references."""

    origin: str
    known: dict[str, str]

    def address_of(self, path: str) -> str:
        return self.origin + quote(path.format_map(self.known), safe="/?=&#%")


@contextmanager
def running_site(folder: Path, content: str = "all") -> Iterator[Site]:
    """`folder` is empty; `content` is one of those that `preparing.py` knows."""
    environment = environment_for_tests(folder)
    command = [sys.executable, "-m", "tests.browser.preparing", content]
    prepared = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port, number = listening.getsockname()[1], listening.fileno()
        command = [sys.executable, *GUNICORN.split(), "--bind", f"fd://{number}"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[number])
    try:
        yield Site(f"http://127.0.0.1:{port}", json.loads(prepared.stdout))
    finally:
        server.terminate()
        try:
            server.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
