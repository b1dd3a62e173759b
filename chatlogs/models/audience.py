"""The audience: the reader that querysets of readers' data are restricted to. The public, unless a request sets it."""

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
    """A reader's access rights, with a cache that lasts as long as the request."""

    group_ids: frozenset[int] = frozenset()
    enters_all_private: bool = False
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, name: Hashable, find_out: Callable[[], Value]) -> Value:
        """Return the cached value of this name; call `find_out` the first time."""
        if name not in self._known:
            self._known[name] = find_out()
        value: Value = self._known[name]
        return value

    def may_enter_private(self, group_id: int | None) -> bool:
        """Return whether a private room with this group of readers is accessible; None is a room without a group."""
        return self.enters_all_private or group_id in self.group_ids


_current: ContextVar[Audience | None] = ContextVar("audience", default=None)


def current_audience() -> Audience:
    """Return the audience. Outside of requests it is a new public one each time, so that its cache is never stale."""
    return _current.get() or Audience()


def cached_per_request(find_out: Callable[Asked, Value]) -> Callable[Asked, Value]:
    """Cache a function by its arguments, which must be hashable, until the request ends."""

    @wraps(find_out)
    def find(*arguments: Asked.args, **named: Asked.kwargs) -> Value:
        asked = (find_out, arguments, frozenset(named.items()))
        return current_audience().once(asked, lambda: find_out(*arguments, **named))

    return find


def set_audience(audience: Audience | None) -> None:
    """Set the audience; None is the public."""
    _current.set(audience)
