"""WeChat transcripts as Markdown for a Jekyll site: one file per day and room.

    file    = front, "---\\n", message*
    message = "> " HH:MM:SS "  " sender "  \\n" "   \\n" [ body "   \\n" ]
    body    = text "  \\n" | image | link

Cuts the bytes at header lines, so that the pieces always add up to the file.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from html import escape
from itertools import pairwise

from chatlogs.text.accounts import UNKNOWN_MEMBER
from chatlogs.text.emoji import EMOJI
from chatlogs.transcripts.duplicates import find_duplicates
from chatlogs.transcripts.escapes import unescape
from chatlogs.transcripts.front_matter import FrontMatterError, find_block, read_date, read_fields
from chatlogs.transcripts.records import Entry, FrontMatter, Image, Kind, Link, Problem, Transcript
from chatlogs.transcripts.sniffing import line_at

# The largest known day has 2,102 messages, the longest text 1,700 characters. Files beyond these limits are not a
# day of a chat, and could take more memory than a small server has.
MAX_MESSAGES = 20_000
MAX_MESSAGE_BYTES = 1024 * 1024
MAX_SENDER = 500

# Editors that strip trailing spaces leave the second form. The pattern begins with a line break instead of `^`,
# because the regex engine finds a literal byte four times as fast.
HEADER = re.compile(rb"\n> (\d\d:\d\d:\d\d)(?:  (.*)  \r?|([ \t].*|\r?))(?=\n|\Z)")

IMAGE = re.compile(r"!\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]\((\S*)\)", re.ASCII)
ANCHOR = re.compile(r'<a href="([^"]*)"[^>]*>(.*)</a>', re.DOTALL)
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?=[/:?#]|\Z)", re.IGNORECASE)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

# Left over from the exporter's HTML table: the end of one cell, and the next cell with an account id.
CELL_END = "</td></tr>"
NEXT_CELL = re.compile(r"<tr [^<>]*>(?:\s*<td [^<>]*>)?\s*([^\s<>()\[\]]*)")

# Shared apps have an account id for a title, and the first line of their XML for an address.
APP_TITLE = re.compile(r"[A-Za-z0-9_@-]+:")

BLANK = " \t\r\n"
SEPARATOR = "   \n"
END_OF_BODY = "  \n   \n"


# The exporter's placeholders for days without a speaker.
NO_SPEAKER = ("None", "PaymentGroup")

EXTENSIONS = (".markdown", ".md", ".txt")
OPENING = "front matter (---)"


def matches(data: bytes) -> bool:
    return data.startswith((b"---", b"\xef\xbb\xbf---"))


def parse(data: bytes, room: str, date: dt.date | None, encoding: str) -> Transcript:
    problems: list[Problem] = []
    try:
        block = find_block(data)
        body_start, fields = block.end(), read_fields((block[1] or b"").decode(encoding))
        day = _choose_date(fields, date, problems)
        headers = _find_headers(data, body_start)
    except FrontMatterError as error:
        return Transcript(room, date, FrontMatter(data), problems=(error.problem,))
    front_end = headers[0].start() + 1 if headers else len(data)
    stray = data[body_start:front_end].lstrip()
    if stray:
        line = line_at(data, front_end - len(stray))
        problems.append(Problem(line, "stray_text", "text before the first message: kept, not shown"))
    front = FrontMatter(data[:front_end], fields)
    entries = _read_entries(data, headers, encoding, problems)
    _note_count(fields, len(entries), problems)
    for before, after in pairwise(entries):
        if after.time < before.time:
            problems.append(Problem(after.line, "time_runs_backwards", f"{after.time} after {before.time}"))
    duplicates = find_duplicates(entries, lambda entry: entry.source.partition(b"\n")[2])
    return Transcript(room, day, front, entries, duplicates, tuple(problems), _read_speaker(fields))


def parse_entry(source: bytes, encoding: str) -> Entry | None:
    header = HEADER.match(b"\n" + source)
    return _read_entry(source, header, 1, encoding, []) if header else None


def rewrite_text(source: bytes, text: str, encoding: str) -> bytes | None:
    """Try the text as it is, then escaped, until it is parsed as the same text again."""
    header = HEADER.match(b"\n" + source)
    if header is None:
        return None
    for written in (text, escape(text, quote=False)):
        body = f"{SEPARATOR}{written}{END_OF_BODY}".encode(encoding, "replace")
        rewritten = source[: header.end() - 1] + b"\n" + body
        entry = parse_entry(rewritten, encoding)
        is_one_message = len(HEADER.findall(b"\n" + rewritten)) == 1
        if entry and is_one_message and (entry.kind, entry.text) == (Kind.TEXT, text):
            return rewritten
    return None


def _choose_date(fields: dict[str, str], named: dt.date | None, problems: list[Problem]) -> dt.date | None:
    """Return the date of the front matter, or else of the file's name. Raises FrontMatterError if they differ."""
    said = read_date(fields.get("date", ""))
    if said is None and named is None:
        raise FrontMatterError(1, "no_date", "no valid date in the front matter, none in the file's name")
    if said is None:
        problems.append(Problem(1, "date_from_name", "no valid date in the front matter: took the file name's"))
        return named
    if named is not None and said != named:
        raise FrontMatterError(1, "date_differs", f"front matter says {said}, the file's name {named}")
    return said


def _read_speaker(fields: dict[str, str]) -> str:
    author = unescape(fields.get("author", "")).strip()
    return "" if author in NO_SPEAKER or len(author) > MAX_SENDER else author


def _find_headers(data: bytes, body_start: int) -> list[re.Match[bytes]]:
    headers: list[re.Match[bytes]] = []
    for header in HEADER.finditer(data, body_start - 1):
        if len(headers) == MAX_MESSAGES:
            line = line_at(data, header.start() + 1)
            raise FrontMatterError(line, "too_many_messages", f"over {MAX_MESSAGES} messages")
        headers.append(header)
    return headers


def _read_entries(
    data: bytes, headers: list[re.Match[bytes]], encoding: str, problems: list[Problem]
) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    starts = [header.start() + 1 for header in headers] + [len(data)]
    line = line_at(data, starts[0])
    for header, (start, end) in zip(headers, pairwise(starts), strict=True):
        source = data[start:end]
        entries.append(_read_entry(source, header, line, encoding, problems))
        line += source.count(b"\n")
    return tuple(entries)


def _read_entry(source: bytes, header: re.Match[bytes], line: int, encoding: str, problems: list[Problem]) -> Entry:
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
        problems.append(Problem(line, "message_too_long", f"a message over {MAX_MESSAGE_BYTES} bytes", is_error=True))
        return Entry(line, time, "", source, Kind.TEXT)
    if len(name) > MAX_SENDER and len(name.decode(encoding)) > MAX_SENDER:
        problem = f"a sender's name over {MAX_SENDER} characters"
        problems.append(Problem(line, "sender_too_long", problem, is_error=True))
        return Entry(line, time, "", source, Kind.TEXT)
    # The match begins with the line break before the header, and ends before the header's own.
    body = _cut_body(source[len(header[0]) :].decode(encoding))
    return _read_body(line, time, _read_sender(name, encoding), source, body, problems)


@cache
def _read_time(clock: bytes) -> dt.time:
    return dt.time.fromisoformat(clock.decode("ascii"))


@lru_cache(maxsize=1024)
def _read_sender(name: bytes, encoding: str) -> str:
    sender = unescape(name.decode(encoding))
    return "" if sender.isspace() else sender


def _cut_body(rest: str) -> str | None:
    """Return the text between the two separator lines without its own line end, or None if there is none."""
    if "\r" in rest:
        rest = rest.replace("\r\n", "\n")
    if rest == SEPARATOR:
        return None
    if rest.startswith(SEPARATOR) and rest.endswith(END_OF_BODY) and len(rest) >= 11:
        return rest[4:-7]
    # Without its usual white space.
    lines = rest.removesuffix("\n").split("\n")
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
            # A web address, or a path such as `img/20190315_151022.png`.
            address = unescape(image[1])
            url = _web_address(address) if SCHEME.match(address) else address
            return Entry(line, time, sender, source, Kind.IMAGE, image=Image(url))
        link = _read_link(line, time, sender, source, body)
        if link:
            return link
    if "\n" in body or body.startswith(">"):
        # Texts have one line and never begin with `>`: either may be a damaged header.
        resembling = source.find(b"\n>")
        if resembling >= 0:
            message = "a line that begins with > and is no header: kept as text"
            problems.append(Problem(line + source.count(b"\n", 0, resembling + 1), "not_a_header", message))
        if "\n" in body:
            problems.append(Problem(line, "several_lines", "a text of several lines"))
    if "&" in body or "<tr " in body:
        body = NEXT_CELL.sub("", unescape(body))
    return Entry(line, time, sender, source, Kind.TEXT, body)


def _web_address(address: str) -> str:
    if HOST.match(address):
        address = f"http://{address}"
    return address if WEB_ADDRESS.fullmatch(address) else ""


def _read_link(line: int, time: dt.time, sender: str, source: bytes, body: str) -> Entry | None:
    """Parse the forms A `[T](U)`, F `[name]()`, C `[T END](TR id)` and B, which is C with an anchor for T."""
    bare = body.strip(BLANK)
    if not (bare.startswith("[") and bare.endswith(")")):
        return None
    raw_title, _, raw_target = bare[1:-1].rpartition("](")
    target = unescape(raw_target).strip(BLANK)
    if not (raw_title.endswith("\n") or _is_link(raw_title, target)):
        return None
    title = unescape(raw_title).strip(BLANK).removesuffix(CELL_END).strip(BLANK)
    if not target:
        return Entry(line, time, sender, source, Kind.FILE, title, Link(title, ""))
    next_cell = NEXT_CELL.match(target)
    address, account = ("", next_cell[1]) if next_cell else (target, "")
    anchor = ANCHOR.fullmatch(title)
    if anchor:
        address, title = anchor[1], anchor[2].strip(BLANK)
    elif not next_cell and target.startswith("<") and APP_TITLE.fullmatch(title):
        title = UNKNOWN_MEMBER
    return Entry(line, time, sender, source, Kind.LINK, title, Link(title, _web_address(address)), account=account)


def _is_link(title: str, target: str) -> bool:
    """Distinguish `[T](U)` from words that look like it: `[强](说得好)`."""
    if "\n" in title or title in EMOJI:
        return False
    return not target or target.startswith("<") or bool(SCHEME.match(target) or HOST.match(target))


def _note_count(fields: dict[str, str], found: int, problems: list[Problem]) -> None:
    """Report a different count. It is not an error, because older exporters counted only texts."""
    said = fields.get("lines", "").strip()
    if said.isascii() and said.isdigit() and int(said[:9]) != found:
        message = f"front matter counts {said[:9]} items, {found} found"
        problems.append(Problem(1, "count_differs", message))
