"""Who is reading: every query of what readers see goes by it. Nobody in particular, unless a request says who."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Audience:
    """A reader by what opens doors. Keeps what was found out for it, as long as its request lasts."""

    group_ids: frozenset[int] = frozenset()
    enters_all_private: bool = False
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, name: Hashable, find_out: Callable[[], Value]) -> Value:
        """What is found out under this name, asked for the first time alone."""
        if name not in self._known:
            self._known[name] = find_out()
        value: Value = self._known[name]
        return value

    def may_enter_private(self, group_id: int | None) -> bool:
        """A private room that this group may read, or none."""
        return self.enters_all_private or group_id in self.group_ids


_current: ContextVar[Audience | None] = ContextVar("audience", default=None)


def current_audience() -> Audience:
    """Outside of requests the public, anew each time, so that nothing it knows grows old."""
    return _current.get() or Audience()


def cached_per_request(find_out: Callable[Asked, Value]) -> Callable[Asked, Value]:
    """Let what is found out by the same arguments, which must be hashable, be asked of the database once a request."""

    @wraps(find_out)
    def find(*arguments: Asked.args, **named: Asked.kwargs) -> Value:
        asked = (find_out, arguments, frozenset(named.items()))
        return current_audience().once(asked, lambda: find_out(*arguments, **named))

    return find


def set_audience(audience: Audience | None) -> None:
    """None is nobody in particular."""
    _current.set(audience)
