"""What a reader sees of who is mentioned."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from chatlogs.models import Alias, Member, MentionedName, Message
from chatlogs.search.sync import reindexed
from tests.importing.archives import hide_key, import_tree
from tests.markup import elements_of
from tests.transcripts.making import link_b, message, write_transcript
from tests.worlds import import_once

DAY = "/rooms/tea-room/2018/03/27/"
JIANG = "江月-云杉支付-产品-杭州"
LU = "陆一鸣"
HOSTILE = '"><img src=x>'

MESSAGES = [
    message("09:00:00", JIANG, "对账文件到了"),
    message("09:01:00", LU, f"@{JIANG}?在哪里"),
    message("09:02:00", "汤圆", "@江月 早，@所有人 看这里，@谁也不是?"),
    message("09:03:00", "汤圆", f"@{LU} &lt;b&gt;同问"),
    message("11:00:00", LU, f"@{JIANG} 还在吗"),
    message("11:01:00", "汤圆", f"「 {LU}: @江月 在吗 」 - - - - - - - - - - - - - - - @{LU}?在的"),
]


@pytest.fixture
def room(db: None, tmp_path: Path) -> Path:
    write_transcript(tmp_path, "tea-room", "2018-03-27", *MESSAGES)
    import_once(tmp_path)
    return tmp_path


def links(client: Client, css_class: str, path: str = DAY) -> list[dict[str, str]]:
    page = client.get(path).content.decode()
    return [attributes for tag, attributes in elements_of(page) if css_class in attributes.get("class", "").split()]


def member(name: str) -> Member:
    return Member.objects.get(aliases__name=name)


def texts(client: Client, **parameters: str) -> list[str]:
    return [hit.text for hit in client.get("/messages/", parameters).context["page"].messages]


def test_a_mention_leads_to_the_member(room: Path, client: Client) -> None:
    assert links(client, "mention")[0]["href"] == member(JIANG).get_absolute_url()


def test_a_probable_mention_says_so(room: Path, client: Client) -> None:
    (probable, *_) = links(client, "probable")
    assert probable["href"] == member(JIANG).get_absolute_url()
    assert JIANG in probable["title"]


def test_everybody_and_nobody_known_lead_nowhere(room: Path, client: Client) -> None:
    leading = [link for link in links(client, "mention") if "href" in link]
    assert len(links(client, "mention")) - len(leading) == 2


def test_a_mention_leads_to_the_message_that_it_answers(room: Path, client: Client) -> None:
    answered = Message.objects.get(text="对账文件到了")
    assert links(client, "answered")[0]["href"] == f"#m-{answered.key}"


def test_what_was_said_over_an_hour_before_is_not_answered(room: Path, client: Client) -> None:
    asked_late = Message.objects.get(text__contains="还在吗")
    page = client.get(DAY).content.decode()
    article = page.split(f'id="m-{asked_late.key}"')[1].split("</article>")[0]
    assert "answered" not in article


def test_mentions_within_a_quotation_and_behind_it_are_links(room: Path, client: Client) -> None:
    reply = Message.objects.get(text__startswith="「")
    article = client.get(DAY).content.decode().split(f'id="m-{reply.key}"')[1].split("</article>")[0]
    assert article.count('class="mention') == 2


def test_what_stands_beside_a_mention_is_still_escaped(room: Path, client: Client) -> None:
    assert "&lt;b&gt;同问" in client.get(DAY).content.decode()


def test_a_hostile_name_stays_text(db: None, tmp_path: Path, client: Client) -> None:
    write_transcript(
        tmp_path, "tea-room", "2018-03-27", message("09:00:00", HOSTILE), message("09:01:00", LU, f"@{HOSTILE}?")
    )
    import_tree(tmp_path)
    elements = elements_of(client.get(DAY).content.decode())
    assert not [attributes for tag, attributes in elements if tag == "img" and attributes.get("src") == "x"]


def test_who_is_mentioned_on_the_day_is_listed(room: Path, client: Client) -> None:
    mentioned = client.get(DAY).context["mentioned"]
    assert [(one.member, one.count) for one in mentioned] == [(member(JIANG), 4), (member(LU), 2)]


def test_a_count_leads_to_as_many_messages(room: Path, client: Client) -> None:
    counts = [link["href"] for link in links(client, "count") if "mentions=" in link.get("href", "")]
    assert [len(client.get(address).context["page"].messages) for address in counts] == [4, 2]


def test_nothing_leads_to_a_member_whose_messages_are_hidden(room: Path, client: Client) -> None:
    hide_key(Message.objects.get(text="对账文件到了").key)
    assert member(JIANG).get_absolute_url() not in client.get(DAY).content.decode()


def test_a_name_tells_its_parts(room: Path, client: Client) -> None:
    (parts,) = links(client, "name-parts")
    page = client.get(DAY).content.decode()
    assert f'aria-describedby="{parts["id"]}"' in page
    assert all(part in page for part in ("云杉支付</span>", "产品</span>", "杭州</span>"))


# The filter


def test_the_filter_takes_a_members_key(room: Path, client: Client) -> None:
    assert len(texts(client, mentions=member(JIANG).key)) == 4


def test_the_filter_takes_a_part_of_a_name(room: Path, client: Client) -> None:
    assert texts(client, mentions="江月") == texts(client, mentions=member(JIANG).key)


def test_the_filter_finds_by_any_name_of_who_is_meant(room: Path, client: Client) -> None:
    assert texts(client, q="mentions:云杉") == texts(client, mentions=member(JIANG).key)


def test_the_filter_finds_a_name_that_is_nobodys(room: Path, client: Client) -> None:
    assert len(texts(client, mentions="谁也不是")) == 1


def test_of_several_names_each_must_be_mentioned(room: Path, client: Client) -> None:
    assert len(texts(client, q="mentions:江月 mentions:谁也不是")) == 1
    assert len(texts(client, q="mentions:陆一鸣 mentions:谁也不是")) == 0
    assert len(texts(client, q="mentions:江月 提到:云杉")) == 4


def test_the_filter_says_the_members_name_and_not_the_key(room: Path, client: Client) -> None:
    filters = client.get("/messages/", {"mentions": member(JIANG).key}).context["filters"]
    assert [chip.value for chip in filters.chips] == [JIANG]
    assert "mentions" in filters.hidden_fields


def test_a_key_that_is_nobodys_is_a_part_of_a_name(room: Path, client: Client) -> None:
    assert texts(client, mentions="0" * 16) == []


def test_all_names_of_a_member_are_found(room: Path, client: Client) -> None:
    Alias.objects.filter(name="汤圆").update(member=member(JIANG))
    assert len(texts(client, member=member(JIANG).key)) == 4


def test_thousands_of_names_can_be_asked_for_at_once(room: Path, client: Client) -> None:
    tea_room = Message.objects.all()[0].room
    MentionedName.objects.bulk_create(
        MentionedName(room=tea_room, text=f"江月{number}", normalised_text=f"江月{number}") for number in range(5_000)
    )
    assert len(texts(client, mentions="江月")) == 4


def test_what_is_hidden_is_not_found_by_who_it_mentions(room: Path, client: Client) -> None:
    hidden = Message.objects.get(text__contains="在哪里")
    with transaction.atomic(), reindexed([hidden.pk]):
        Message.objects.filter(pk=hidden.pk).update(state=Message.State.HIDDEN)
    assert len(texts(client, mentions=member(JIANG).key)) == 3


def test_no_account_of_a_links_tail_is_in_the_page_of_who_follows(db: None, tmp_path: Path, client: Client) -> None:
    following = [
        message("09:00:00", LU, link_b("文章", "https://a.example/", "wxid_tail000")),
        message("09:00:09", JIANG),
    ]
    write_transcript(tmp_path, "tea-room", "2018-03-27", *following)
    import_tree(tmp_path)
    assert "wxid_tail000" not in client.get(member(JIANG).get_absolute_url()).content.decode()
