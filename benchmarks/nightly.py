"""Times what an operator waits for: the whole import command, and the page of a new file."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.databases import Environment

REPETITIONS = 7
ROOM = "teahouse"
# After the last generated transcript.
YEAR = 2030
START = "import django; django.setup(); from django.db import connection; connection.cursor().execute('SELECT 1')"


def measure_nightly(folder: Path, environment: Environment) -> tuple[float, float, float]:
    """Return seconds for Django's start and a first query; then, on top of that, for an unchanged tree, and for a new
    file until its page is served.
    """
    environment = {**environment, "DJANGO_SETTINGS_MODULE": "archive.settings"}
    starts, unchanged, new = [], [], []
    with _serving(environment) as site:
        for repetition in range(REPETITIONS):
            starts.append(_seconds([sys.executable, "-c", START], environment))
            unchanged.append(_import(folder, environment))
            new.append(_new_file(folder, environment, site, dt.date(YEAR, 1, 1 + repetition)))
    for path in folder.glob(f"{ROOM}/_posts/{YEAR}-*"):
        path.unlink()
    return min(starts), min(unchanged) - min(starts), min(new) - min(starts)


def _new_file(folder: Path, environment: Environment, site: str, date: dt.date) -> float:
    path = folder / ROOM / "_posts" / f"{date}-chat.markdown"
    path.write_text(_hundred_messages(date), encoding="utf-8")
    seconds = _import(folder, environment)
    begun = time.perf_counter()
    _get(f"{site}/rooms/{ROOM}/{date:%Y/%m/%d}/")
    return seconds + time.perf_counter() - begun


def _import(folder: Path, environment: Environment) -> float:
    return _seconds([sys.executable, "manage.py", "import_transcripts", str(folder), "--no-progress"], environment)


def _seconds(command: list[str], environment: Environment) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


@contextmanager
def _serving(environment: Environment) -> Iterator[str]:
    address = f"127.0.0.1:{_free_port()}"
    command = [sys.executable, "-m", "gunicorn", f"--bind={address}", "--no-control-socket", "archive.wsgi"]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://{address}")
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _wait_for(site: str) -> None:
    for _ in range(100):
        try:
            _get(f"{site}/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server does not answer")


def _get(address: str) -> None:
    with urllib.request.urlopen(address) as response:
        response.read()


def _hundred_messages(date: dt.date) -> str:
    front = f'---\ntitle: "{date}-WeChat"\ndate: {date} 12:00:00\n---\n'
    messages = (
        f"> 09:{index // 60:02}:{index % 60:02}  测试成员{index % 7}  \n   \n今天的第{index}句话  \n   \n"
        for index in range(100)
    )
    return front + "".join(messages)
