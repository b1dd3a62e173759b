"""Coverage and precision of resolved mentions. Precision is measured on quotations, whose author is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from chatlogs.mentions.directory import Directory, Meaning, Method
from chatlogs.mentions.extraction import Author, find_authors
from chatlogs.mentions.resolution import read_known_names
from chatlogs.models import Alias, Day, Mention, MentionedName

BATCH = 200


@dataclass(slots=True)
class MentionReport:
    """Counts of mentions by method, and of quoted names resolved like mentions: right and wrong ones by method."""

    mentions: Counter[str] = field(default_factory=Counter)
    sure: int = 0
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def understood(self) -> int:
        return self.mentions.total() - self.mentions[Method.NONE]

    @property
    def precision(self) -> float | None:
        judged = self.right.total() + self.wrong.total()
        return self.right.total() / judged if judged else None


def make_report() -> MentionReport:
    report = MentionReport()
    mentions = Mention.objects.shown().order_by()
    report.mentions = Counter(mentions.values_list("name__method", flat=True).iterator())
    report.sure = mentions.filter(name__is_sure=True).count()
    directory = Directory.of(read_known_names())
    owners = dict(Alias.objects.order_by().values_list("pk", "member_id"))
    names = MentionedName.objects.filter(is_single=False)
    meanings = {(name.room_id, name.text): Meaning(name.alias_id, name.method, name.is_sure) for name in names}
    for author in _all_authors():
        known = meanings.get((author.room_id, author.name))
        meaning = known if known and known.alias_id else directory.find(author.name, author.room_id)
        if meaning.alias_id is not None:
            is_right = owners[meaning.alias_id] == owners[author.alias_id]
            (report.right if is_right else report.wrong)[meaning.method] += 1
    return report


def _all_authors() -> Iterable[Author]:
    days = list(Day.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(days), BATCH):
        yield from find_authors(days[start : start + BATCH])
