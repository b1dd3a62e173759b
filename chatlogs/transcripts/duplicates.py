"""Days on which the exports of two phones were merged, so that most messages stand twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from chatlogs.text.accounts import EXPORTER, is_account
from chatlogs.transcripts.records import Entry

# Below this share of a file's messages, equal messages of one second are several people's own.
DOUBLED_SHARE = 0.3

# More equal messages in one second are no chat, and pairing takes their number squared.
MAX_GROUP = 200

Pair = tuple[int, int]


def find_duplicates(entries: Sequence[Entry]) -> dict[int, int]:
    """Index of each repeated entry -> index of the entry to show; empty on an ordinary day.

    A pair is two entries of the same second and the same body by different senders. Where several
    pairs share a second and a body, names that were paired elsewhere in the file go together first.
    """
    if _share_of_shared_seconds(entries) < DOUBLED_SHARE:
        return {}
    groups = [group for group in _same_second_same_body(entries) if 1 < len(group) <= MAX_GROUP]
    pairs = _pairs(entries, groups)
    if 2 * len(pairs) < DOUBLED_SHARE * len(entries):
        return {}
    return dict(_folded_and_shown(entries, pair) for pair in pairs)


def _share_of_shared_seconds(entries: Sequence[Entry]) -> float:
    """The share of entries that have another one in their second: on ordinary days too few."""
    seconds = Counter(entry.time for entry in entries)
    return sum(count for count in seconds.values() if count > 1) / max(len(entries), 1)


def _same_second_same_body(entries: Sequence[Entry]) -> Iterable[list[int]]:
    groups: defaultdict[tuple[object, bytes], list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        _, _, body = entry.source.partition(b"\n")
        groups[entry.time, body.rstrip()].append(index)
    return groups.values()


def _pairs(entries: Sequence[Entry], groups: list[list[int]]) -> list[Pair]:
    known = _names_alone_together(entries, groups)
    pairs: list[Pair] = []
    for group in groups:
        pairs.extend(_pair_up(entries, group, known))
    return pairs


def _names_alone_together(entries: Sequence[Entry], groups: list[list[int]]) -> Counter[frozenset[str]]:
    names = (frozenset(entries[index].sender for index in group) for group in groups if len(group) == 2)
    return Counter(pair for pair in names if len(pair) == 2)


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
    """The fuller name is shown, the exporter's other one; of two as full, the first."""
    shown = max(pair, key=lambda index: (_fullness(entries[index].sender), -index))
    folded = pair[1] if shown == pair[0] else pair[0]
    return folded, shown


def _fullness(sender: str) -> int:
    return 0 if sender == EXPORTER or is_account(sender) else len(sender)
