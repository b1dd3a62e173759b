"""Stopping halfway without leaving anything behind."""

import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

SECONDS_TO_CLEAN_UP = 5


@contextmanager
def termination_unwinds() -> Iterator[None]:
    """SIGTERM and SIGHUP end the program as Ctrl-C does: through every `finally`. Main thread only."""
    ours = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) == signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _unwind)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _unwind(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


@contextmanager
def signals_wait() -> Iterator[None]:
    """Within, Ctrl-C and termination wait until the end, for this process and for what it starts."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def run_child(command: Sequence[str], *, env: Mapping[str, str]) -> int:
    """Run to the end. An interruption of this process interrupts the child, which may clean up first."""
    with subprocess.Popen(command, env=env) as child:
        try:
            return child.wait()
        except BaseException as reason:
            _interrupt(child, already=isinstance(reason, KeyboardInterrupt))
            raise


def _interrupt(child: subprocess.Popen[bytes], *, already: bool) -> None:
    """`already`: Ctrl-C in a terminal reaches the child by itself, and twice would cut its cleaning short."""
    if not already:
        child.send_signal(signal.SIGINT)
    try:
        child.wait(SECONDS_TO_CLEAN_UP)
    except subprocess.TimeoutExpired:
        child.kill()
