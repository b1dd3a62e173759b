"""WeChat transcripts as Markdown for a Jekyll site, one file a day and room.

    file    = front, "---\\n", message*
    message = "> " HH:MM:SS "  " sender "  \\n" "   \\n" [ body "   \\n" ]
    body    = text "  \\n" | image | link

Works on bytes: cutting at header lines, so that the pieces always add up to the file.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from itertools import pairwise

from chatlogs.text.emoji import EMOJI
from chatlogs.transcripts.doubling import find_doubles
from chatlogs.transcripts.escapes import unescape
from chatlogs.transcripts.front_matter import FrontMatterError, find_block, read_date, read_fields
from chatlogs.transcripts.records import Entry, FrontMatter, Image, Kind, Link, Problem, Transcript
from chatlogs.transcripts.sniffing import line_at

# The largest real day has 2,102 messages, the longest text 1,700 characters. Beyond these bounds a
# file is no day of a chat, and reading it could take more memory than a small server has.
MAX_MESSAGES = 50_000
MAX_MESSAGE_BYTES = 1024 * 1024
MAX_SENDER = 500

# An editor that strips spaces at the ends of lines leaves the second form.
HEADER = re.compile(rb"^> (\d\d:\d\d:\d\d)(?:  (.*)  \r?|(.*))$", re.MULTILINE)

IMAGE = re.compile(r"!\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]\((\S*)\)", re.ASCII)
ANCHOR = re.compile(r'<a href="([^"]*)"[^>]*>(.*)</a>', re.DOTALL)
CELL_END = "</td></tr>"
NEXT_CELL = "<tr "
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

BLANK = " \t\r\n"
SEPARATOR = "   \n"


def matches(data: bytes) -> bool:
    return data.startswith((b"---", b"\xef\xbb\xbf---"))


def parse(data: bytes, room: str, date: dt.date | None, encoding: str) -> Transcript:
    problems: list[Problem] = []
    try:
        body_start, fields = _read_front(data, encoding)
        day = _choose_date(fields, date, problems)
        headers = _find_headers(data, body_start)
    except FrontMatterError as error:
        return Transcript(room, date, FrontMatter(data), problems=(error.problem,))
    front_end = headers[0].start() if headers else len(data)
    _note_stray_text(data, body_start, front_end, problems)
    front = FrontMatter(data[:front_end], fields)
    entries = _read_entries(data, headers, encoding, problems)
    _note_count(fields, len(entries), problems)
    _note_order(entries, problems)
    return Transcript(room, day, front, entries, find_doubles(entries), tuple(problems))


def parse_entry(source: bytes, encoding: str) -> Entry:
    header = HEADER.match(source)
    if header is None:
        return Entry(1, dt.time(), "", source, Kind.TEXT, source.decode(encoding, "replace"))
    return _read_entry(source, header, source[header.end() + 1 :], 1, encoding, [])


def _read_front(data: bytes, encoding: str) -> tuple[int, dict[str, str]]:
    block = find_block(data)
    return block.end(), read_fields((block[1] or b"").decode(encoding))


def _choose_date(fields: dict[str, str], named: dt.date | None, problems: list[Problem]) -> dt.date | None:
    """The front matter's date; the name's where it has none; an error where they differ."""
    said = read_date(fields.get("date", ""))
    if said is None and named is None:
        raise FrontMatterError(1, "no_date", "no date in the front matter, none in the file's name")
    if said is None:
        problems.append(Problem(1, "date_from_name", "no date in the front matter: took the file name's"))
        return named
    if named is not None and said != named:
        raise FrontMatterError(1, "date_differs", f"front matter says {said}, the file's name {named}")
    return said


def _find_headers(data: bytes, body_start: int) -> list[re.Match[bytes]]:
    headers: list[re.Match[bytes]] = []
    for header in HEADER.finditer(data, body_start):
        if len(headers) == MAX_MESSAGES:
            line = line_at(data, header.start())
            raise FrontMatterError(line, "too_many_messages", f"over {MAX_MESSAGES} messages")
        headers.append(header)
    return headers


def _note_stray_text(data: bytes, start: int, end: int, problems: list[Problem]) -> None:
    stray = data[start:end]
    if stray.strip():
        line = line_at(data, end - len(stray.lstrip()))
        problems.append(Problem(line, "stray_text", "text before the first message: kept, not shown"))


def _read_entries(
    data: bytes, headers: list[re.Match[bytes]], encoding: str, problems: list[Problem]
) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    starts = [header.start() for header in headers] + [len(data)]
    line = line_at(data, starts[0])
    for header, (start, end) in zip(headers, pairwise(starts), strict=True):
        source = data[start:end]
        body = data[header.end() + 1 : end]
        entries.append(_read_entry(source, header, body, line, encoding, problems))
        line += source.count(b"\n")
    return tuple(entries)


def _read_entry(
    source: bytes, header: re.Match[bytes], body: bytes, line: int, encoding: str, problems: list[Problem]
) -> Entry:
    clock, name, loose_name = header.groups()
    if name is None:
        name = loose_name.strip()
        problems.append(Problem(line, "header_shape", "a header line without its two closing spaces"))
    try:
        time = _read_time(clock)
    except ValueError:
        time = dt.time()
        message = f"no such time: {clock.decode('ascii')}"
        problems.append(Problem(line, "bad_time", message, is_error=True))
    if len(source) > MAX_MESSAGE_BYTES:
        message = f"a message over {MAX_MESSAGE_BYTES} bytes"
        problems.append(Problem(line, "message_too_long", message, is_error=True))
        return Entry(line, time, "", source, Kind.TEXT)
    sender = _read_sender(name, encoding)
    if len(sender) > MAX_SENDER:
        message = f"a sender's name over {MAX_SENDER} characters"
        problems.append(Problem(line, "sender_too_long", message, is_error=True))
    return _read_body(line, time, sender, source, _cut_body(body.decode(encoding)), problems)


@cache
def _read_time(clock: bytes) -> dt.time:
    return dt.time.fromisoformat(clock.decode("ascii"))


# A day has few senders, and each speaks often.
@lru_cache(maxsize=4096)
def _read_sender(name: bytes, encoding: str) -> str:
    sender = unescape(name.decode(encoding))
    return "" if sender.isspace() else sender


def _cut_body(rest: str) -> str | None:
    """What stands between the two separator lines, without its own line end; None for nothing."""
    if rest[:4] == SEPARATOR and rest[-7:] == "  \n   \n" and len(rest) >= 11 and "\r" not in rest:
        return rest[4:-7]
    if rest == SEPARATOR:
        return None
    return _cut_unusual_body(rest)


def _cut_unusual_body(rest: str) -> str | None:
    lines = rest.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if not lines[0].strip(BLANK):
        del lines[0]
    blanks = 0
    while lines and not lines[-1].strip(BLANK):
        del lines[-1]
        blanks += 1
    if not lines:
        return "" if blanks >= 2 else None
    return "\n".join(lines).removesuffix("  ")


def _read_body(
    line: int, time: dt.time, sender: str, source: bytes, body: str | None, problems: list[Problem]
) -> Entry:
    if body is None:
        return Entry(line, time, sender, source, Kind.UNSUPPORTED)
    if "](" in body:
        image = IMAGE.fullmatch(body.rstrip(BLANK))
        if image:
            return Entry(line, time, sender, source, Kind.IMAGE, image=Image(unescape(image[1])))
        link = _read_link(line, time, sender, source, body)
        if link:
            return link
    if "\n" in body:
        problems.append(Problem(line, "several_lines", "a text of several lines"))
    return Entry(line, time, sender, source, Kind.TEXT, unescape(body))


def _read_link(line: int, time: dt.time, sender: str, source: bytes, body: str) -> Entry | None:
    """Forms A `[T](U)`, F `[name]()`, C `[T END](TR id)`, B the same with an anchor as T."""
    bare = body.strip(BLANK)
    if not (bare.startswith("[") and bare.endswith(")")):
        return None
    raw_title, _, raw_target = bare[1:-1].rpartition("](")
    target = unescape(raw_target).strip(BLANK)
    title = unescape(raw_title).strip(BLANK).removesuffix(CELL_END).strip(BLANK)
    if not target:
        return Entry(line, time, sender, source, Kind.FILE, title, Link(title, ""))
    if "\n" not in bare and not _is_link(raw_title, target):
        return None
    address, account = (target, "") if not target.startswith(NEXT_CELL) else ("", _account(target))
    anchor = ANCHOR.fullmatch(title)
    if anchor:
        address, title = anchor[1], anchor[2].strip(BLANK)
    url = address if WEB_ADDRESS.fullmatch(address) else ""
    return Entry(line, time, sender, source, Kind.LINK, title, Link(title, url), account=account)


def _is_link(title: str, target: str) -> bool:
    """Tells `[T](U)` from words that happen to stand so: `[强](说得好)`."""
    return title not in EMOJI and bool(target.startswith("<") or SCHEME.match(target))


def _account(target: str) -> str:
    """The id behind the left-over table cell: `<tr …><td … x:str>wxid_a1]]>`."""
    _, _, account = target.partition("x:str>")
    return account.rstrip("]> ")


def _note_count(fields: dict[str, str], found: int, problems: list[Problem]) -> None:
    """Older exporters counted only texts, so that a difference is no error."""
    said = fields.get("lines", "").strip()
    if said.isascii() and said.isdigit() and int(said[:9]) != found:
        message = f"front matter counts {said[:9]} items, {found} found"
        problems.append(Problem(1, "count_differs", message))


def _note_order(entries: tuple[Entry, ...], problems: list[Problem]) -> None:
    for before, after in pairwise(entries):
        if after.time < before.time:
            problems.append(Problem(after.line, "time_runs_backwards", f"{after.time} after {before.time}"))
