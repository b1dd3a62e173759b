"""Generates the transcript of one day: who answers whom, then the bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from benchmarks import rhythm
from benchmarks.bodies import Pen, escaped_times, hms
from benchmarks.people import Members, Person, members

_RUNS = ("+1", "签到", "[强]", "[鼓掌][鼓掌][鼓掌]", "恭喜恭喜", "欢迎新人")


@dataclass(frozen=True, slots=True)
class _Turn:
    second: int
    speaker: Person | None  # None: the exporter lost some names
    shared: str = ""  # a text that many members repeat in turn


def transcript(seed: int, room: int, slug: str, day: date, count: int) -> bytes:
    """Return a valid transcript of `count` messages; the same arguments give the same bytes."""
    return _compose(seed, room, slug, day, count)[0].encode()


def mentioned(seed: int, room: int, slug: str, day: date, count: int) -> list[tuple[str, Person | None]]:
    """Return whom the mentions of that transcript mean, in the form of `Pen.mentioned`."""
    return _compose(seed, room, slug, day, count)[1].mentioned


def _compose(seed: int, room: int, slug: str, day: date, count: int) -> tuple[str, Pen]:
    rng = Random(f"{seed}/day/{slug}/{day}")
    present = members(seed, room, day)
    lecturer = present.draw(rng, 1)[0] if count > 60 and rng.random() < 0.25 else None
    said = _doubled(rng, count) if rhythm.is_doubled(day) else [1] * count
    turns = list(_turns(rng, present, lecturer, len(said)))
    author = present.spoken(lecturer).strip() if lecturer else rng.choice(("None", "PaymentGroup"))
    pen = Pen(rng, present, escaped_times(day))
    messages = _messages(pen, turns, said)
    return _front(day, author, count) + "".join(messages), pen


def _front(day: date, author: str, count: int) -> str:
    """Return the front matter of that year's exporter: line counts came later, tabs disappeared."""
    lines = f"lines:      {count} \n" if day >= date(2017, 9, 1) else ""
    image = "" if lines else 'header-img: "img/banner.jpg"\n'
    tag = "tag:\t\t  [chat]\n" if day < date(2018, 6, 1) else "tag:       [chat]\n"
    author = author if author.replace("-", "").isalnum() else f'"{author}"'
    return (
        f'---\nlayout:     source \ntitle:      "{day}-WeChat"\ndate:       {day} 12:00:00\n'
        f"author:     {author}\n{lines}{tag}{image}---\n"
    )


def _doubled(rng: Random, count: int) -> list[int]:
    """Return how often each message of a doubled day occurs: mostly twice, `count` in all."""
    once = round(count / 1.85)
    twice = set(rng.sample(range(once), count - once))
    return [2 if number in twice else 1 for number in range(once)]


def _turns(rng: Random, present: Members, lecturer: Person | None, count: int) -> Iterator[_Turn]:
    """Return who speaks when: a few people per conversation, one of which may be a lecture."""
    parts = rhythm.conversations(rng, count) if count else []
    lecture = max(parts, key=len) if lecturer else None
    for part in parts:
        talking = present.draw(rng, rng.randint(3, 14))
        run = _run(rng, len(part))
        shared = rng.choice(_RUNS)
        speaker = talking[0]
        for number, second in enumerate(part):
            if number in run:
                yield _Turn(second, present.draw(rng, 1)[0], shared)
                continue
            if part is lecture and rng.random() < 0.8:
                speaker = lecturer or speaker
            elif rng.random() < 0.72:
                speaker = rng.choice(talking)
            yield _Turn(second, None if rng.random() < 0.005 else speaker)


def _run(rng: Random, count: int) -> range:
    """Return where many members repeat the same text: in one of ten long conversations."""
    if count < 20 or rng.random() > 0.1:
        return range(0)
    start = rng.randrange(count - 10)
    return range(start, start + rng.randint(4, 10))


def _messages(pen: Pen, turns: list[_Turn], said: list[int]) -> Iterator[str]:
    """Yield the header and body of a turn, twice if two phones exported it."""
    if turns and pen.rng.random() < 0.2:
        yield from _stand(pen, turns[0], pen.news() + "  \n   \n", said[0])
        turns, said = turns[1:], said[1:]
    if not turns:
        return
    for turn, after, times in zip(turns, [*turns[1:], None], said, strict=True):
        following = after.speaker if after and times == 1 else None
        yield from _stand(pen, turn, _body(pen, turn, following), times)


def _stand(pen: Pen, turn: _Turn, body: str, times: int) -> Iterator[str]:
    yield f"> {hms(turn.second)}  {_name(pen, turn.speaker)}  \n   \n{body}"
    if times == 2:
        format_url = pen.members.other(turn.speaker) if turn.speaker else ""
        yield f"> {hms(turn.second)}  {format_url}  \n   \n{body}"


def _name(pen: Pen, speaker: Person | None) -> str:
    """Return the name above a message; rarely, the account with a fragment of XML."""
    if speaker is None:
        return ""
    if pen.rng.random() < 0.0001:
        return f"{speaker.account}]]>"
    return pen.members.spoken(speaker)


def _body(pen: Pen, turn: _Turn, following: Person | None) -> str:
    if turn.shared:
        return f"{turn.shared}  \n   \n"
    if turn.speaker is None:
        return ""
    roll = pen.rng.random()
    if roll < 0.03:
        return f"{pen.image(turn.second)} \n   \n"
    if roll < 0.045:
        return f"{pen.link(following)}  \n   \n"
    if roll < 0.056:
        return ""
    return f"{pen.text(turn.speaker)}  \n   \n"
