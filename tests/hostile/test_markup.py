"""What people wrote or ask for is no markup: no page has an element or attribute that its template did not write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import cycle, product
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from chatlogs.models import Day, Member, Message, RemovalRequest, Room
from tests.exposure.surfaces import SITE, WORD
from tests.hostile.payloads import read_payloads, some_payloads
from tests.importing.archives import ROOM
from tests.linked_data import read_linked_data
from tests.markup import elements_of
from tests.transcripts.making import DAY, image, link_a, link_f, message, write_transcript
from tests.web.feeds.reading import read_feed
from tests.worlds import import_once

pytestmark = pytest.mark.django_db

# Messages a day.
BATCH = 700

# Query parameters are tried with so many of the collection.
TRIED = 200

# What leaves each context that a word may be written in: asked of every address. The others are dealt out.
ESSENTIAL = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    '" autofocus onfocus=alert(1) x="',
    "' autofocus onfocus=alert(1) x='",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "javascript:alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&quot; onmouseover=alert(1)",
    "]]><script>alert(1)</script>",
)

ROOMS = (ROOM, "links", "web", "files")

# What a page may have of its own, by the tag: any other attribute came from what was written or asked for.
ATTRIBUTES_OF_OURS = {
    "class", "id", "href", "rel", "title", "datetime", "lang", "role", "name", "value", "type", "for", "method",
    "action", "src", "alt", "width", "height", "loading", "content", "charset", "media", "maxlength", "placeholder",
    "open", "checked", "selected", "disabled", "required", "scope", "colspan", "rowspan", "tabindex", "hidden",
    "autocomplete", "enterkeyhint", "inputmode", "cols", "rows", "min", "max", "step", "size", "sizes", "start", "dir",
    "viewbox", "d", "x", "y", "x1", "y1", "x2", "y2", "r", "cx", "cy", "rx", "ry", "fill", "transform", "xmlns",
    "text-anchor", "focusable", "preserveaspectratio", "accept-charset", "novalidate", "defer", "referrerpolicy",
    "decoding", "property", "multiple", "style-nonce", "autocapitalize", "spellcheck", "pattern", "async", "target",
    "headers", "nonce", "crossorigin", "enctype", "srcset", "download", "itemprop", "autofocus", "stroke", "cite",
    "points", "formaction", "xlink:href", "summary", "label", "list", "ping",
}  # fmt: skip

WEB = ("http://", "https://", "/", "#", "?", "mailto:", "data:image/svg+xml", "")


def find_foreign(markup: str) -> Iterator[tuple[str, str, str]]:
    """Attributes, and elements, that no template of ours has."""
    for tag, attributes in elements_of(markup):
        if tag in ("iframe", "object", "embed", "base", "style", "frame", "applet", "math", "animate", "set"):
            yield tag, "", ""
        is_data = attributes == {"type": "application/ld+json"}
        if tag == "script" and not is_data and not attributes.get("src", "").startswith(("/static/", "/admin/jsi18n/")):
            yield tag, "src", attributes.get("src", "")
        for name, value in attributes.items():
            is_ours = name in ATTRIBUTES_OF_OURS or name.startswith(("aria-", "data-"))
            if not is_ours or name.startswith("on"):
                yield tag, name, value
            if name in ("href", "src", "action", "formaction") and not value.strip().lower().startswith(WEB[:-1]):
                yield from [(tag, name, value)] if value else []


def in_batches(payloads: tuple[str, ...]) -> Iterator[tuple[dt.date, tuple[str, ...]]]:
    for number, start in enumerate(range(0, len(payloads), BATCH)):
        yield DAY + dt.timedelta(days=number), payloads[start : start + BATCH]


def at(number: int) -> str:
    return f"{9 + number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}"


def searched(is_thorough: bool) -> tuple[str, ...]:
    return some_payloads(TRIED if is_thorough else 40)


def one_line(payload: str) -> str:
    return " ".join(payload.split())


@pytest.fixture
def hostile(tmp_path: Path) -> Iterable[Day]:
    """Every payload as name and text, as a link's title and address, as a file's name and a picture's address."""
    for date, payloads in in_batches(read_payloads()):
        lines = [one_line(payload) for payload in payloads]
        said = enumerate(zip(lines, payloads, strict=True))
        write_transcript(tmp_path, ROOM, date, *(message(at(n), line[:200], text) for n, (line, text) in said))
        write_transcript(
            tmp_path, "links", date, *(message(at(n), "石榴", link_a(line, line)) for n, line in enumerate(lines))
        )
        write_transcript(
            tmp_path, "web", date,
            *(message(at(n), "石榴", link_a(line, f"https://example.org/{line}")) for n, line in enumerate(lines)),
        )  # fmt: skip
        write_transcript(
            tmp_path, "files", date,
            *(message(at(n), "石榴", link_f(line)) for n, line in enumerate(lines)),
            *(image(at(n + 1000), "石榴", line.replace(" ", "")) for n, line in enumerate(lines)),
        )  # fmt: skip
    import_once(tmp_path)
    assert Message.objects.count() > 4 * len(read_payloads())
    Room.objects.update(title=read_payloads()[0], description="\n\n".join(some_payloads(500)), is_indexable=True)
    return Day.objects.select_related("room")


def test_the_collection_is_there() -> None:
    assert len(read_payloads()) > 4_000


def test_no_page_has_markup_of_a_transcripts(hostile: Iterable[Day], is_thorough: bool) -> None:
    client = Client()
    addresses = [day.get_absolute_url() for day in hostile]
    addresses += [reverse("home"), reverse("messages"), *(reverse("room", args=[slug]) for slug in (ROOM, "links"))]
    addresses += [f"{reverse('members')}?page={page}" for page in range(1, Member.objects.count() // 100 + 2)]
    addresses += [member.get_absolute_url() for member in Member.objects.order_by("pk")[:: 60 if is_thorough else 300]]
    addresses += [f"{reverse('messages')}?{urlencode({'q': one[:100]})}" for one in searched(is_thorough)]
    found = {address: [*find_foreign(client.get(address).content.decode())][:3] for address in addresses}
    assert {address: foreign for address, foreign in found.items() if foreign} == {}


def test_no_feed_is_broken_by_a_transcripts(hostile: Iterable[Day], is_thorough: bool) -> None:
    client = Client()
    addresses = [reverse("feed"), reverse("messages-feed"), *(reverse("room-feed", args=[slug]) for slug in ROOMS)]
    addresses += [f"{reverse('messages-feed')}?{urlencode({'q': one[:100]})}" for one in searched(is_thorough)]
    for address in addresses:
        response = client.get(address)
        if response.status_code == 200:
            assert not [one for entry in read_feed(response).entries for one in find_foreign(entry.content)], address


def test_no_data_for_search_engines_is_broken_by_a_transcripts(hostile: Iterable[Day]) -> None:
    client = Client()
    for day in hostile:
        assert read_linked_data(client.get(day.get_absolute_url()).content.decode())["comment"]


def test_no_page_of_the_admin_has_markup_of_a_transcripts(hostile: Iterable[Day]) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("she"))
    models = ("message", "member", "alias", "link", "image", "day", "room")
    addresses = [reverse(f"admin:chatlogs_{model}_changelist") for model in models]
    messages = Message.objects.order_by("pk").values_list("pk", flat=True)[::200]
    addresses += [reverse("admin:chatlogs_message_change", args=[pk]) for pk in messages]
    addresses += [
        reverse("admin:chatlogs_member_change", args=[one.pk]) for one in Member.objects.order_by("pk")[::200]
    ]
    found = {address: [*find_foreign(client.get(address).content.decode())][:3] for address in addresses}
    assert {address: foreign for address, foreign in found.items() if foreign} == {}


def asking_addresses() -> Iterator[str]:
    """Of pages that answer with what they were asked for."""
    more = {"messages": (), "members": (), "login": ("next",), "removal": ("message",), "home": ("q",)}
    for surface in SITE:
        if surface.name in more:
            yield from (address for address in surface.asking() if "%3A" not in address)
            yield from (f"{reverse(surface.name)}?{parameter}={WORD}" for parameter in more[surface.name])


@pytest.fixture
def one_word(tmp_path: Path, db: None) -> None:
    write_transcript(tmp_path, ROOM, DAY, message("09:00:00", "石榴", "早上好"))
    import_once(tmp_path)


def find_markup_of(asked: Iterable[tuple[str, str]]) -> list[tuple[str, str, tuple[str, str, str]]]:
    """Addresses, payloads asked for there, and what came of it."""
    client, found = Client(), []
    for address, payload in asked:
        response = client.get(address.replace(WORD, urlencode({"": payload})[1:]))
        if "html" in response.headers["Content-Type"]:
            found += [(address, payload, foreign) for foreign in find_foreign(response.content.decode())]
    return found


def test_what_is_asked_for_is_never_markup(one_word: None) -> None:
    addresses = [*asking_addresses()]
    dealt = zip(cycle(addresses), some_payloads(TRIED), strict=False)
    assert find_markup_of([*product(addresses, ESSENTIAL), *dealt]) == []


@pytest.mark.thorough
def test_no_payload_asked_for_anywhere_is_markup(one_word: None) -> None:
    assert find_markup_of(product(asking_addresses(), some_payloads(TRIED))) == []


def test_a_request_from_outside_is_never_markup(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("she"))
    for payload in some_payloads(50):
        removal_request = RemovalRequest.objects.create(
            wish="other", subject=payload, explanation=payload, contact=payload[:200], outcome=payload,
            due_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
        )  # fmt: skip
        markup = client.get(reverse("admin:chatlogs_removalrequest_change", args=[removal_request.pk])).content.decode()
        assert [*find_foreign(markup)] == [], payload
