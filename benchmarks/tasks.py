"""Runs measured tasks in separate processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.databases import Environment


def run_task(module: str, environment: Environment, name: str, *paths: Path) -> Any:
    """Run `python -m benchmarks.MODULE NAME PATH...` and return the JSON that it prints."""
    command = [sys.executable, "-m", f"benchmarks.{module}", name, *map(str, paths)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)
