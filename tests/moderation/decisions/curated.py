"""An archive in which moderators decided everything that they can decide."""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth.models import Group, User
from django.utils import timezone

from chatlogs import editorial, mentions, moderation, people
from chatlogs.models import (
    Day,
    Highlight,
    HighlightPart,
    Mention,
    MentionedName,
    Message,
    OptOut,
    PersonalDataMatch,
    RemovalRequest,
    Room,
    Suggestion,
)
from chatlogs.moderation.requests import submit_request
from chatlogs.people import display_names, merging, suggestions
from tests.importing.archives import ROOM, import_tree
from tests.moderation.deciding import said, why
from tests.people.people import alias, days_later, member, write_day
from tests.transcripts.making import DAY, image, link_a, message, write_transcript
from tests.worlds import build_once

OTHER = "garden"

# What must never come into a database that is built anew.
CANARIES = ("金丝雀一号", "金丝雀二号", "金丝雀三号", "金丝雀四号", "金丝雀五号")


def write_tree(tree: Path) -> None:
    write_transcript(
        tree,
        ROOM,
        DAY,
        message("09:00:00", "陈江月", "早上好"),
        message("09:00:05", "石榴", "藏起来的话"),
        message("09:00:06", "石榴", "谁说的不告诉你"),
        message("09:00:07", "石榴", "遮住三个字在这里"),
        message("09:00:08", "石榴", "整个都遮住"),
        message("09:00:09", "石榴", "清除里有金丝雀五号"),
        image("09:00:10", "石榴"),
        message("09:01:00", "陈江月", "金丝雀一号"),
        message("09:01:00", "陈江月", "同一秒的另一句"),
        message("09:02:00", "乔木", "电话13800138000"),
        message("09:02:01", "乔木", "邮箱someone@example.org"),
        message("09:02:02", "乔木", "微信号：weixin_abc123"),
        message("09:03:00", "乔木", "@小满 早"),
        message("09:03:01", "乔木", "@小满 又早"),
        message("09:03:02", "乔木", "@阿宝 好"),
        message("09:03:03", "乔木", link_a("一篇文章", "https://example.org/x")),
        message("09:04:00", "汤圆", "只是不想留名"),
        message("09:04:01", "石榴", "@汤圆 你好，汤圆说得对"),
        message("09:05:00", "豆沙", "都藏起来"),
        message("09:06:00", "芝麻", "金丝雀二号"),
        message("09:07:00", "石榴", "再说一句"),
    )
    write_day(tree, days_later(1), "陈江月", "石榴", "乔木", ("豆沙", "第二天"), ("芝麻", "金丝雀三号"))
    write_day(tree, days_later(2), ("陈江月", "整天都藏"), ("石榴", "单独放出来"))
    write_day(tree, days_later(3), "江月-云杉支付", "Lily", "Lily2", "我", "小满-青禾银行", "阿宝")
    write_day(tree, days_later(1), "陈江月", ("汤圆", "这里的汤圆是别人"), ("豆沙", "花园里的"), room=OTHER)


def curate(by: User) -> None:
    """Of the tree, imported."""
    because = why(by)
    _write(by)
    _curate_people(by)
    _curate_mentions()
    removal_request = submit_request(
        wish=RemovalRequest.Wish.ERASE,
        subject=said("再说一句").key,
        explanation="请删",
        contact="a@example.org",
        site="http://x/",
    )
    RemovalRequest.objects.filter(pk=removal_request.pk).update(assignee=by, member=member("乔木"), outcome="好")
    moderation.hide([said("藏起来的话")], **because)
    moderation.hide([said("谁说的不告诉你")], moderation.Part.AUTHOR, **because)
    moderation.undo(moderation.hide([said("早上好")], **because), **because)
    moderation.redact(said("金丝雀五号"), [(3, 8)], **because)
    moderation.redact_all([Message.objects.get(kind="image")], **because)
    moderation.purge(timezone.now())
    moderation.redact(said("遮住三个字"), [(0, 5)], **because)
    moderation.redact(said("整个都遮住"), **because)
    moderation.erase([said("金丝雀一号")], by=by, category="request", reason="请求", removal_request=removal_request)
    moderation.hide_day(Day.objects.get(room__slug=ROOM, date=days_later(2)), **because)
    moderation.restore([said("单独放出来")], **because)
    moderation.set_visibility(Room.objects.get(slug=OTHER), "unlisted", **because)
    group, _ = Group.objects.get_or_create(name="朋友们")
    Room.objects.filter(slug=ROOM).update(title="茶室", description="*喝茶*", is_indexable=True, reader_group=group)
    moderation.set_masked_kinds(Room.objects.get(slug=ROOM), ["phone", "wechat"], **because)
    moderation.decide_on_matches(PersonalDataMatch.objects.filter(kind="email"), "masked", **because)
    moderation.decide_on_matches(PersonalDataMatch.objects.filter(kind="phone"), "released", **because)
    for name, extent in (("汤圆", "name"), ("豆沙", "messages"), ("芝麻", "imports")):
        moderation.opt_out(alias(name).member, extent, **because)
    _exempt(by)


def _write(by: User) -> None:
    """Of what will be hidden, purged and erased, too."""
    editorial.write_note(Day.objects.get(room__slug=ROOM, date=DAY), "那天*很长*", by=by)
    editorial.write_note(Day.objects.get(room__slug=OTHER, date=days_later(1)), "花园一日", by=None)
    highlight = Highlight(title="怎样喝茶", notes="## 三种说法", slug="喝茶")
    parts = [
        HighlightPart(first=said("藏起来的话"), last=said("清除里有"), comment="先看这里"),
        HighlightPart(first=said("金丝雀一号"), last=said("同一秒"), comment="再看这里"),
        HighlightPart(first=said("花园里的"), last=said("花园里的")),
    ]
    editorial.save_highlight(highlight, parts, ["茶", "新手 必读"], by=by)
    editorial.publish([highlight], by=by)
    part = HighlightPart(first=said("再说一句"), last=said("再说一句"))
    editorial.save_highlight(Highlight(title="草稿"), [part], [], by=by)


def _exempt(by: User) -> None:
    covered = OptOut.objects.get(extent="name").pseudonym
    moderation.exempt(alias(covered, room=OTHER), **why(by))


def _curate_people(by: User) -> None:
    merging.merge(member("江月-云杉支付"), member("陈江月"), by=by, reason="同一个人")
    merging.merge(member("Lily"), member("Lily2"), by=by, reason="像")
    merging.split([alias("Lily")], by=by, reason="不是")
    display_names.rename(member("陈江月"), "江月")
    display_names.describe(member("陈江月"), company="云杉支付", role="产品", city="杭州")
    merging.set_exporter(Room.objects.get(slug=ROOM), member("乔木"), by=by, reason="他的手机")
    for one in Suggestion.objects.filter(state="open")[:1]:
        suggestions.refuse(one, by=by)
    people.suggest()


def _curate_mentions() -> None:
    mentions.override_name(MentionedName.objects.get(text="小满"), alias("石榴"))
    mentions.override_name(MentionedName.objects.get(text="阿宝"), None)
    single = Mention.objects.get(message__text="@小满 又早")
    mentions.override_mention(single, alias("小满-青禾银行"))


def make(tree: Path, by: User) -> None:
    """Import and curate; in one process but once for the same user."""

    def build() -> None:
        import_tree(tree)
        curate(by)

    write_tree(tree)
    build_once(f"curated by {by.pk}", build, tree)
