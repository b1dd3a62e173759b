from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.html import strip_tags

from chatlogs.models import Alias, Day, Member, Mention, MentionedName, Message, Room
from chatlogs.people import merging
from chatlogs.queries.member_directory import MOST_SHOWN
from tests.markup import elements_of
from tests.small_archive import LU, SPRING, TANG, ZHOU, import_tree
from tests.transcripts.making import message, write_transcript
from tests.web.views.test_every_page import count_queries

MOST_QUERIES = 15
EVERY_FILTER = (
    "room=tea-room&company=云杉支付&role=产品&city=杭州&q=周&first_since=2018-01-01&first_until=2019-01-01"
    "&last_since=2018-01-01&last_until=2019-01-01&messages=1&silent=1&sort=name"
)


def member_named(name: str, room: str) -> Member:
    return Member.objects.get(aliases__name=name, aliases__room__slug=room)


def get(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def found(client: Client, query: str) -> list[str]:
    return [member.name for member in client.get(f"/members/?{query}").context["page"]]


def hrefs(page: str) -> list[str]:
    return [attributes["href"] for name, attributes in elements_of(page) if name == "a"]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(page))


# The directory


def test_the_most_active_member_comes_first(archive: Path, client: Client) -> None:
    members = list(client.get("/members/").context["page"])
    assert members[0] == member_named(TANG, "wine-room")
    assert members[0].message_count == 120


def test_a_line_tells_company_role_and_city(archive: Path, client: Client) -> None:
    line = next(line for line in get(client, "/members/").split("<li") if f">{ZHOU}<" in line)
    assert "云杉支付 产品 杭州 2" in words(line)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("company=云杉支付", [ZHOU]),
        ("role=产品&city=杭州", [ZHOU]),
        ("q=老陆＿", [LU, LU]),
        ("q=周&room=wine-room", []),
        ("messages=100", [TANG]),
        ("first_since=2018-03-28", [TANG]),
        ("last_since=2019-01-01", [LU]),
        ("room=tea-room&q=汤&messages=5", []),
    ],
)
def test_filters_find_who_fits(query: str, names: list[str], archive: Path, client: Client) -> None:
    assert found(client, query) == names


def test_names_are_in_the_order_of_pinyin_when_asked_for(archive: Path, client: Client) -> None:
    assert found(client, "sort=name") == [LU, LU, TANG, TANG, ZHOU, ""]


def test_the_order_in_use_is_marked(archive: Path, client: Client) -> None:
    current = [one for _, one in elements_of(get(client, "/members/?sort=name")) if one.get("aria-current") == "true"]
    assert [one["href"] for one in current] == ["?sort=name"]


def test_a_filter_stays_in_the_form(archive: Path, client: Client) -> None:
    page = get(client, f"/members/?{EVERY_FILTER}")
    fields = {
        one["name"]: one.get("value")
        for name, one in elements_of(page)
        if name == "input" and {"id", "name"} <= one.keys()
    }
    given = {name: values[0] for name, values in parse_qs(EVERY_FILTER).items() if name not in ("room", "sort")}
    assert fields == given
    assert 'value="tea-room" selected' in page


def test_each_condition_is_a_chip_that_takes_it_away(archive: Path, client: Client) -> None:
    page = get(client, f"/members/?{EVERY_FILTER}")
    chips = re.search(r'<ul class="chips".*?</ul>', page, re.DOTALL)
    assert chips
    rest = [parse_qs(urlsplit(href.replace("&amp;", "&")).query) for href in hrefs(chips[0])]
    everything = parse_qs(EVERY_FILTER)
    expected = [{name: value for name, value in everything.items() if name != gone} for gone in everything]
    assert sorted(map(str, rest[:-1])) == sorted(map(str, (one for one in expected if "sort" in one)))
    assert rest[-1] == {}


def test_each_narrowing_link_finds_as_many_as_it_says(archive: Path, client: Client) -> None:
    facets = re.search(r"<aside.*</aside>", get(client, "/members/?messages=2&silent=1"), re.DOTALL)
    assert facets
    links = re.findall(r'<a href="([^"]+)">(?:(?!</a>).)*<small>([\d,]+)</small>', facets[0], re.DOTALL)
    assert len(links) == 4
    for href, count in links:
        narrowed = client.get("/members/" + href.replace("&amp;", "&"))
        assert narrowed.context["page"].paginator.count == int(count)


def test_all_but_the_largest_choices_are_folded_away(archive: Path, client: Client) -> None:
    cities = ["上海", "北京", "广州", "深圳", "成都", "武汉", "南京", "西安", "苏州", "厦门", "青岛", "重庆", "长沙"]
    names = (message(f"09:00:{n:02}", f"客人{n}-青禾支付-产品-{city}", "早") for n, city in enumerate(cities))
    write_transcript(archive, "porch", SPRING, *names)
    import_tree(archive)
    section = re.search(r'<section aria-labelledby="by-city">.*?</section>', get(client, "/members/"), re.DOTALL)
    assert section
    shown, folded = section[0].split("<details")
    assert (len(hrefs(shown)), len(hrefs(folded))) == (MOST_SHOWN, len(cities) + 1 - MOST_SHOWN)


def test_where_nobody_is_found_it_says_what_could_go(archive: Path, client: Client) -> None:
    page = re.sub(r"\s+", " ", get(client, "/members/?q=周可&room=wine-room&messages=2"))
    counts = re.findall(r'<a href="/members/\?([^"]*)">[^<]*<small>(\d+)</small>', page)
    assert [(sorted(parse_qs(query.replace("&amp;", "&"))), count) for query, count in counts] == [
        (["messages", "room"], "1"),
        (["messages", "q"], "1"),
    ]


def test_an_empty_archive_says_how_to_fill_it(db: None, client: Client) -> None:
    assert "import_transcripts" in get(client, "/members/")


@pytest.mark.parametrize(
    "query",
    ["room=nowhere", "messages=0", "messages=1.5", "silent=-1", "silent=9999999999", "last_since=morgen", "sort=key",
     f"q={'长' * 101}", "q=%00", "first_until=0"],
)  # fmt: skip
def test_what_makes_no_sense_is_told_at_its_field(query: str, archive: Path, client: Client) -> None:
    response = client.get(f"/members/?{query}")
    assert response.status_code == 400
    assert "errorlist" in response.content.decode()


@pytest.mark.parametrize("query", ["order_by=key", "key=x", "aliases__account_hash=x", "page=zz", "company=%27%22"])
def test_what_is_no_filter_is_passed_over(query: str, archive: Path, client: Client) -> None:
    assert client.get(f"/members/?{query}").status_code == 200


def test_a_hostile_name_is_written_as_text(archive: Path, client: Client) -> None:
    Member.objects.update(company='"><script>alert(1)</script>')
    assert "<script>alert" not in get(client, "/members/")


@pytest.mark.parametrize("query", ["", EVERY_FILTER, "company=没有&" + EVERY_FILTER.replace("company", "x")])
def test_the_directory_makes_few_queries(query: str, archive: Path, client: Client) -> None:
    assert count_queries(client, f"/members/?{query}") <= MOST_QUERIES


# A member


def test_a_member_has_a_page_with_names_and_messages(archive: Path, client: Client) -> None:
    member = member_named(LU, "tea-room")
    response = client.get(member.get_absolute_url())
    assert [name.name for name in response.context["names"]] == [LU]
    assert response.context["page"].messages[0].text == "新年好"


def test_an_unknown_member_is_named_as_such(archive: Path, client: Client) -> None:
    member = Member.objects.get(name="")
    assert "未知成员" in get(client, member.get_absolute_url())


def test_a_members_messages_come_page_by_page(archive: Path, client: Client) -> None:
    member = member_named(TANG, "wine-room")
    first = client.get(member.get_absolute_url()).context["page"]
    second = client.get(member.get_absolute_url(), {"older": first.older}).context["page"]
    assert first.messages[-1].position > second.messages[0].position


def test_an_unknown_key_is_not_found(archive: Path, client: Client) -> None:
    assert client.get("/members/0000000000000000/").status_code == 404


def test_a_member_without_visible_messages_is_not_found(archive: Path, client: Client) -> None:
    member = member_named(LU, "tea-room")
    member.aliases.update(message_count=0)
    assert client.get(member.get_absolute_url()).status_code == 404


def test_the_address_of_a_merged_member_leads_to_the_other_for_good(archive: Path, client: Client) -> None:
    gone, other = member_named(ZHOU, "tea-room"), member_named(TANG, "wine-room")
    merging.merge(gone, other, by=None, reason="同一人")
    response = client.get(gone.get_absolute_url())
    assert (response.status_code, response.headers["Location"]) == (301, other.get_absolute_url())


def test_that_address_is_asked_again_for_a_merge_can_be_undone(archive: Path, client: Client) -> None:
    gone, other = member_named(ZHOU, "tea-room"), member_named(TANG, "wine-room")
    action = merging.merge(gone, other, by=None, reason="同一人")
    assert client.get(gone.get_absolute_url()).headers["Cache-Control"] == "no-cache"
    merging.undo(action, by=None, reason="两个人")
    assert client.get(gone.get_absolute_url()).status_code == 200


def test_each_name_has_a_bar_and_its_dates_beside_it(archive: Path, client: Client) -> None:
    member = member_named(LU, "tea-room")
    merging.merge(member_named(LU, "wine-room"), member, by=None, reason="同一人")
    page = get(client, member.get_absolute_url())
    names = re.search(r'<section aria-labelledby="names">.*?</section>', page, re.DOTALL)
    assert names
    lines = names[0].split("<li")[1:]
    assert len(lines) == 2
    assert all(line.count('<svg class="bar"') == 1 and "2018-03-27" in strip_tags(line) for line in lines)


def test_names_beyond_the_newest_ten_are_folded_away(archive: Path, client: Client) -> None:
    member = member_named(ZHOU, "tea-room")
    names = [f"换名{number}" for number in range(12)]
    write_transcript(archive, "porch", SPRING, *(message(f"09:00:{n:02}", name, "早") for n, name in enumerate(names)))
    import_tree(archive)
    Alias.objects.filter(name__in=names).update(member=member)
    page = get(client, member.get_absolute_url())
    names_section = re.search(r'<section aria-labelledby="names">.*?</section>', page, re.DOTALL)
    assert names_section
    shown, folded = names_section[0].split("<details")
    assert (shown.count("<svg"), folded.count("<svg")) == (10, 3)


def test_company_role_and_city_lead_to_whoever_has_the_same(archive: Path, client: Client) -> None:
    page = get(client, member_named(ZHOU, "tea-room").get_absolute_url())
    parts = re.search(r'<dl class="parts">.*?</dl>', page, re.DOTALL)
    assert parts
    assert "周可" in strip_tags(parts[0])
    assert [found(client, urlsplit(href).query) for href in hrefs(parts[0])] == [[ZHOU]] * 3


def test_each_room_has_its_count_and_leads_to_the_messages_in_it(archive: Path, client: Client) -> None:
    member = member_named(LU, "tea-room")
    page = get(client, member.get_absolute_url())
    assert f"/messages/?member={member.key}&room=tea-room" in hrefs(page)


def test_years_lead_to_the_members_messages_in_them(archive: Path, client: Client) -> None:
    member = member_named(LU, "tea-room")
    years = [href for href in hrefs(get(client, member.get_absolute_url())) if "-12-31" in href]
    assert years == [f"/messages/?member={member.key}&since={year}-01-01&until={year}-12-31" for year in (2019, 2018)]


def test_a_heatmap_tells_each_days_count(archive: Path, client: Client) -> None:
    page = get(client, member_named(LU, "tea-room").get_absolute_url())
    assert re.search(r'<rect class="l\d"[^>]*><title>2018-03-28: 1</title>', page)


def test_years_before_the_last_two_are_folded_away(archive: Path, client: Client) -> None:
    for year in (2015, 2016):
        write_transcript(archive, "tea-room", f"{year}-05-01", message("09:00:00", LU, "早"))
    import_tree(archive)
    page = get(client, member_named(LU, "tea-room").get_absolute_url())
    activity = re.search(r'<section aria-labelledby="activity">.*?</details>', page, re.DOTALL)
    assert activity
    shown, folded = activity[0].split("<details")
    assert (shown.count('class="heatmap"'), folded.count('class="heatmap"')) == (2, 2)


def test_it_leads_to_all_messages_and_to_where_the_member_is_addressed(archive: Path, client: Client) -> None:
    member = member_named(LU, "tea-room")
    links = hrefs(get(client, member.get_absolute_url()))
    assert {f"/messages/?member={member.key}", f"/messages/?mentions={member.key}"} <= {*links}


def mention(text: str, name: str) -> None:
    where, alias = Message.objects.get(text=text), Alias.objects.filter(name=name)[0]
    meant = MentionedName.objects.create(room=where.room, text=name, normalised_text=name, alias=alias)
    Mention.objects.create(message=where, start=0, stop=1, name=meant)


def test_it_tells_with_whom_the_member_is_mentioned_most(archive: Path, client: Client) -> None:
    mention("第二天", ZHOU)
    member, other = member_named(LU, "tea-room"), member_named(ZHOU, "tea-room")
    page = get(client, member.get_absolute_url())
    assert f"/messages/?member={member.key}&mentions={other.key}" in hrefs(page)


def test_it_names_the_talks_and_their_number(archive: Path, client: Client) -> None:
    response = client.get(member_named(LU, "tea-room").get_absolute_url())
    assert response.context["talk_count"] == 1
    assert "/rooms/tea-room/2018/03/27/" in hrefs(response.content.decode())


def test_of_many_talks_the_newest_are_shown(archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatlogs.queries.member_activity.NEWEST_TALKS", 1)
    Day.objects.update(speaker=Alias.objects.get(name=LU, room__slug="tea-room"))
    context = client.get(member_named(LU, "tea-room").get_absolute_url()).context
    assert ([day.date.year for day in context["talks"]], context["talk_count"]) == ([2019], Day.objects.count())


def test_a_page_with_everything_on_it_makes_few_queries(archive: Path, client: Client) -> None:
    mention("第二天", ZHOU)
    mention("早上好[强]", LU)
    older = Message.objects.get(text="新年好").key
    path = member_named(LU, "tea-room").get_absolute_url()
    assert count_queries(client, f"{path}?older={older}") <= MOST_QUERIES


def test_a_room_without_messages_leads_nowhere(archive: Path, client: Client) -> None:
    Room.objects.create(slug="porch")
    assert found(client, "room=porch&silent=1") == []
