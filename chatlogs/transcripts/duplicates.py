"""Finds duplicates on days whose file merges the exports of two phones, so that most messages appear twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from chatlogs.text.accounts import EXPORTER, is_account
from chatlogs.transcripts.records import Entry

# Below this share of a file's messages, equal messages of one second come from different people.
MIN_SHARE = 0.3

# A chat does not have more equal messages in one second, and pairing takes quadratic time.
MAX_GROUP = 200

Pair = tuple[int, int]


def find_duplicates(entries: Sequence[Entry], body_of: Callable[[Entry], bytes]) -> dict[int, int]:
    """Map the index of each duplicate to the index of the entry to show. Empty on ordinary days.

    A pair is two entries of the same second and body by different senders; `body_of` returns an entry's source without
    its time and sender. If several pairs share a second and a body, names that were paired elsewhere in the file are
    paired first.
    """
    seconds = Counter(entry.time for entry in entries)
    sharing_a_second = sum(count for count in seconds.values() if count > 1)
    if sharing_a_second < MIN_SHARE * max(len(entries), 1):
        return {}
    equal: defaultdict[tuple[object, bytes], list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        equal[entry.time, body_of(entry).rstrip()].append(index)
    groups = [group for group in equal.values() if 1 < len(group) <= MAX_GROUP]
    names = (frozenset(entries[index].sender for index in group) for group in groups if len(group) == 2)
    known = Counter(pair for pair in names if len(pair) == 2)
    pairs = [pair for group in groups for pair in _pair_up(entries, group, known)]
    if 2 * len(pairs) < MIN_SHARE * len(entries):
        return {}
    return dict(_folded_and_shown(entries, pair) for pair in pairs)


def _pair_up(entries: Sequence[Entry], group: list[int], known: Counter[frozenset[str]]) -> list[Pair]:
    pairs: list[Pair] = []
    waiting = list(group)
    for wants_known in (True, False):
        first = 0
        while first < len(waiting):
            partner = _partner(entries, waiting, first, known if wants_known else None)
            if partner is None:
                first += 1
            else:
                pairs.append((waiting[first], waiting.pop(partner)))
                waiting.pop(first)
    return pairs


def _partner(
    entries: Sequence[Entry],
    waiting: list[int],
    first: int,
    known: Counter[frozenset[str]] | None,
) -> int | None:
    sender = entries[waiting[first]].sender
    for place in range(first + 1, len(waiting)):
        other = entries[waiting[place]].sender
        if other != sender and (known is None or known[frozenset((sender, other))]):
            return place
    return None


def _folded_and_shown(entries: Sequence[Entry], pair: Pair) -> Pair:
    """Show the entry with the longer name, or else the first. Account ids and the exporter's 我 are no names."""

    def name_length(index: int) -> int:
        sender = entries[index].sender
        return 0 if sender == EXPORTER or is_account(sender) else len(sender)

    shown = max(pair, key=lambda index: (name_length(index), -index))
    folded = pair[1] if shown == pair[0] else pair[0]
    return folded, shown
