"""Invented transcripts, byte for byte as the exporter would have written them.

make_file(message("09:00:00", "江月", "早上好"), message("09:00:05", "陆一鸣"), date="2018-03-27")
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

from chatlogs.transcripts import Entry, Transcript, read

DAY = dt.date(2018, 3, 27)

CELL_END = "&lt;/td&gt;&lt;/tr&gt;"
NEXT_CELL = (
    "&lt;tr style='mso-height-source:userset;height:25.00pt'&gt;"
    "&lt;td class=xl24  style='border-bottom:.5pt solid black;border-top:none;' x:str&gt;"
)


def make_front(date: object = DAY, **fields: object) -> bytes:
    """Front matter as the exporter wrote it; a field of None is left out."""
    values = {"layout": "source", "title": f'"{date}-WeChat"', "date": f"{date} 12:00:00", "author": "None"}
    named = {key.replace("_", "-"): value for key, value in fields.items()}
    lines = [f"{key + ':':<12}{value}\n" for key, value in {**values, **named}.items() if value is not None]
    return f"---\n{''.join(lines)}---\n".encode()


def message(time: str, sender: str, body: str | None = None) -> bytes:
    """`body` is written as it is, so escaping is the caller's; None is a header without a body."""
    end = "" if body is None else f"{body}  \n   \n"
    return f"> {time}  {sender}  \n   \n{end}".encode()


def image(time: str, sender: str, url: str = "", date: object = DAY) -> bytes:
    """An image message, whose line ends in one space; the exporter made its address from the second."""
    url = url or f"https://img.example.org/{str(date).replace('-', '')}_{time.replace(':', '')}.png"
    return f"> {time}  {sender}  \n   \n![{date} {time}]({url}) \n   \n".encode()


def link_a(title: str, url: str, parted: str = "") -> str:
    """The body of a link of form A; `parted` by a line break between title and address."""
    return f"[{title}{parted}]({url})"


def link_b(title: str, url: str, account: str, parted: str = "\r\n") -> str:
    """The body of a link of form B, `account` being the next sender's."""
    anchor = (
        f"&amp;lt;a href=&amp;quot;{url}&amp;quot; target=&amp;quot;_blank&amp;quot;&amp;gt;{title}&amp;lt;/a&amp;gt;"
    )
    return link_c(anchor, account, parted)


def link_c(title: str, account: str, parted: str = "\r\n") -> str:
    """The body of a link of form C, `account` being the next sender's."""
    return f"[{title}{CELL_END}{parted}]({NEXT_CELL}{account})"


def link_f(name: str, parted: str = "\r\n") -> str:
    """The body of a file, of which the export names only the name."""
    return f"[{name}{parted}]()"


def make_file(*messages: bytes, front: bytes | None = None, date: object = DAY, **fields: object) -> bytes:
    """A whole file; date and `fields` go to `make_front` where no `front` is given."""
    return (make_front(date, **fields) if front is None else front) + b"".join(messages)


def write_transcript(
    folder: Path, room: str, date: object, *messages: bytes, name: str | None = None, **fields: object
) -> Path:
    """Writes `<folder>/<room>/<date>-chat.markdown`, or another `name`, and returns its path."""
    path = folder / room / (name or f"{date}-chat.markdown")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(make_front(date, **fields) + b"".join(messages))
    return path


def with_crlf(data: bytes) -> bytes:
    """The file as an editor on Windows saves it."""
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def read_bytes(data: bytes, date: dt.date | None = None, encoding: str = "utf-8") -> Transcript:
    return read(BytesIO(data), "tea-room", date, encoding=encoding)


def read_message(data: bytes) -> Entry:
    """The only message of a file made of these bytes."""
    (entry,) = read_bytes(make_file(data)).entries
    return entry


def codes(transcript: Transcript) -> list[str]:
    """The codes of its problems, errors and notes alike, in their order."""
    return [problem.code for problem in transcript.problems]
