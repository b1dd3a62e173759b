"""An archive in which everything that nobody may see says a word of its own, to be looked for everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.utils import timezone

from chatlogs import editorial, moderation
from chatlogs.audit import Justification
from chatlogs.models import Day, Highlight, HighlightPart, Member, Message, Room
from chatlogs.moderation import Part
from tests.importing.archives import ROOM, import_tree
from tests.transcripts.making import DAY, image, link_a, message, write_transcript
from tests.worlds import build_once

LATER, LAST = DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=2)

# Found nowhere: what a search for it answers is what a search for something removed must answer.
DECOY = "无此鸟语"

RULE = " ".join("-" * 15)

# By what was done: the words that it took away.
HIDDEN, HIDDEN_AUTHOR, HIDDEN_DAY, OUT_OF_ROOM, HELD = "藏起雀言", "隐名雀氏", "隐日雀言", "隐室雀言", "扣留雀言"
REDACTED, REDACTED_LINK, REDACTED_URL, PURGED = "涂黑雀言", "涂链雀题", "tulianurl", "清洗雀言"
ERASED, ERASED_LINK, ERASED_URL, ERASED_IMAGE, ERASED_MENTION = "抹去雀言", "抹链雀题", "molianurl", "mopic", "抹提雀氏"
OPTED_NAME, OPTED_AUTHOR, OPTED_WORDS, BLOCKED = "化名雀氏", "全隐雀氏", "全隐雀言", "拦下雀言"
QUOTED, PERSONAL, PRIVATE, PRIVATE_AUTHOR, UNLISTED = "引用雀言", "13800138777", "私室雀言", "私室雀氏", "不列雀言"

# What curators wrote, by where: of what may be read by fewer, or by nobody.
NOTE_OF_HIDDEN_DAY, NOTE_OUT_OF_ROOM, NOTE_IN_PRIVATE, NOTE_UNLISTED = "隐日雀注", "隐室雀注", "私室雀注", "不列雀注"
TITLE_OUT_OF_ROOM, TITLE_IN_PRIVATE, TITLE_UNLISTED = "隐室雀题", "私室雀选", "不列雀选"
DRAFT, COMMENT, TAG_OF_DRAFT, TAG_IN_PRIVATE = "草稿雀题", "评语雀言", "草稿雀签", "私室雀签"

# Whoever may not even look into the database for it.
GONE = (ERASED, ERASED_LINK, ERASED_IMAGE, ERASED_MENTION, ERASED_URL, PURGED, BLOCKED)
# What is sealed: for superusers alone.
SEALED = (REDACTED, REDACTED_LINK, REDACTED_URL, OPTED_NAME, OPTED_AUTHOR, HIDDEN_AUTHOR, PERSONAL)
# What moderators see in the admin.
WRITTEN = (NOTE_OF_HIDDEN_DAY, NOTE_OUT_OF_ROOM, TITLE_OUT_OF_ROOM, DRAFT, COMMENT, TAG_OF_DRAFT)
OUT_OF_SIGHT = (HIDDEN, QUOTED, HIDDEN_DAY, OUT_OF_ROOM, HELD, OPTED_WORDS, *WRITTEN)
IN_PRIVATE = (PRIVATE, PRIVATE_AUTHOR, NOTE_IN_PRIVATE, TITLE_IN_PRIVATE, TAG_IN_PRIVATE)
# What one must know the address of.
IN_UNLISTED = (UNLISTED, NOTE_UNLISTED, TITLE_UNLISTED)

CANARIES = (*GONE, *SEALED, *OUT_OF_SIGHT, *IN_PRIVATE, *IN_UNLISTED)

ROOMS = (ROOM, "porch", "study", "attic")


@dataclass
class World:
    """`roles` by name: None is nobody signed in."""

    tree: Path
    roles: dict[str, User | None] = field(default_factory=dict)

    def write(self, *, edited: bool = False) -> None:
        """The transcripts; `edited` as somebody changed them afterwards, with all that was taken away still in them."""
        _write_main(self.tree, edited)
        write_transcript(self.tree, ROOM, LATER, *_numbered(("石榴", "次日早"), ("陈江月", f"今天{HIDDEN_DAY}")))
        write_transcript(self.tree, "porch", DAY, *_numbered(("石榴", "门廊"), ("陈江月", UNLISTED)))
        write_transcript(self.tree, "study", DAY, *_numbered(("石榴", "书房"), (PRIVATE_AUTHOR, PRIVATE)))
        write_transcript(self.tree, "attic", DAY, *_numbered(("石榴", "阁楼"), ("陈江月", OUT_OF_ROOM)))
        held = [("石榴", "第三天"), ("石榴", "别人的话" if not edited else f"{HELD}，别人的话改了")]
        write_transcript(self.tree, ROOM, LAST, *_numbered(*held))

    def import_all(self) -> None:
        import_tree(self.tree)


def _numbered(*said: tuple[str, str]) -> list[bytes]:
    return [message(f"10:{number:02}:00", name, text) for number, (name, text) in enumerate(said)]


def _write_main(tree: Path, edited: bool) -> None:
    more = [message("12:00:00", OPTED_AUTHOR, BLOCKED), message("12:01:00", "石榴", "又来了")] if edited else []
    sign = "！" if edited else ""
    write_transcript(
        tree,
        ROOM,
        DAY,
        message("09:00:00", "石榴", f"早上好{sign}"),
        message("09:01:00", "陈江月", f"我说{HIDDEN}"),
        message("09:02:00", HIDDEN_AUTHOR, "作者之言"),
        message("09:03:00", "陈江月", f"先说{REDACTED}再说"),
        message("09:04:00", "陈江月", link_a(REDACTED_LINK, f"https://{REDACTED_URL}.example/a")),
        message("09:05:00", "陈江月", f"{ERASED} @{ERASED_MENTION} 在吗{sign}"),
        message("09:06:00", "陈江月", link_a(ERASED_LINK, f"https://{ERASED_URL}.example/b")),
        image("09:07:00", "陈江月", f"https://img.example.org/{ERASED_IMAGE}.png"),
        message("09:08:00", OPTED_NAME, "我在这里"),
        message("09:09:00", "石榴", f"@{OPTED_NAME} 你好"),
        message("09:10:00", "石榴", f"「 {OPTED_NAME}：我在这里 」\n{RULE}\n是的"),
        message("09:11:00", OPTED_AUTHOR, OPTED_WORDS),
        message("09:12:00", "陈江月", f"电话 {PERSONAL} 哦"),
        message("09:13:00", "石榴", f"「 陈江月：我说{HIDDEN} 」\n{RULE}\n{QUOTED}"),
        message("09:14:00", "陈江月", f"先{PURGED}后"),
        *more,
    )


def why() -> Justification:
    return {"by": None, "category": "request", "reason": "她不想再看到"}


def build(tree: Path) -> World:
    """Everything is there to be read."""
    return _load("world", World(tree), _build)


def build_taken(tree: Path) -> World:
    """Everything was taken away."""
    return _load("taken", World(tree), _build, lambda world: take_away())


def build_imported_again(tree: Path) -> World:
    """And the changed transcripts, with all of it still in them, were imported again."""
    return _load("imported again", World(tree), _build, lambda world: take_away(), _import_edited)


def _load(name: str, world: World, *steps: Callable[[World], None]) -> World:
    build_once(name, lambda: [step(world) for step in steps], world.tree)
    users = {user.username: user for user in User.objects.all()}
    world.roles = {"nobody": None, **{name: users[name] for name in ("reader", "moderator", "superuser")}}
    return world


def _build(world: World) -> None:
    world.write()
    world.import_all()
    write_notes_and_highlights()
    Room.objects.update(is_indexable=True)  # While a room is public, search engines are told more of it.
    readers = Group.objects.create(name="readers")
    User.objects.create_user("reader").groups.add(readers)
    User.objects.create_user("moderator", is_staff=True).groups.add(Group.objects.get(name="moderator"))
    User.objects.create_superuser("superuser")


def _import_edited(world: World) -> None:
    world.write(edited=True)
    world.import_all()


def write_notes_and_highlights() -> None:
    """The first highlight quotes a whole day, with all that will be taken away of it."""
    for room, date, note in (
        (ROOM, DAY, "这一天"),
        (ROOM, LATER, NOTE_OF_HIDDEN_DAY),
        ("porch", DAY, NOTE_UNLISTED),
        ("study", DAY, NOTE_IN_PRIVATE),
        ("attic", DAY, NOTE_OUT_OF_ROOM),
    ):
        editorial.write_note(Day.objects.get(room__slug=room, date=date), note, by=None)
    write_highlight("整天", whole_day(ROOM), whole_day(ROOM, LATER, COMMENT), whole_day(ROOM, LAST))
    write_highlight(TITLE_UNLISTED, whole_day("porch"), tag="门廊")
    write_highlight(TITLE_IN_PRIVATE, whole_day("study"), tag=TAG_IN_PRIVATE)
    write_highlight(TITLE_OUT_OF_ROOM, whole_day("attic"), tag="阁楼")
    write_highlight(DRAFT, whole_day(ROOM), tag=TAG_OF_DRAFT, is_published=False)


def whole_day(room: str, date: dt.date = DAY, comment: str = "") -> HighlightPart:
    messages = Message.objects.filter(room__slug=room, day__date=date).order_by("position")
    return HighlightPart(first=messages[0], last=messages.reverse()[0], comment=comment)


def write_highlight(title: str, *parts: HighlightPart, tag: str = "茶", is_published: bool = True) -> None:
    highlight = Highlight(title=title)
    editorial.save_highlight(highlight, parts, [tag], by=None)
    if is_published:
        editorial.publish([highlight], by=None)


def said(text: str) -> Message:
    return Message.objects.get(text__contains=text, room__slug=ROOM)


def take_away() -> None:
    """Every deed, each on something of its own. What is purged goes first, as a purge takes all that is redacted."""
    moderation.redact(said(PURGED), [(1, 1 + len(PURGED))], **why())
    moderation.purge(timezone.now())
    hidden = Message.objects.get(text=f"我说{HIDDEN}")
    moderation.hide([hidden, *moderation.find_quoting([hidden])], **why())
    moderation.hide([said("作者之言")], Part.AUTHOR, **why())
    moderation.redact(said(REDACTED), [(2, 2 + len(REDACTED))], **why())
    moderation.redact_all([said(REDACTED_LINK)], **why())
    picture = Message.objects.get(image__url__contains=ERASED_IMAGE)
    moderation.erase([said(ERASED), said(ERASED_LINK), picture], **why())
    moderation.opt_out(Member.objects.get(name=OPTED_NAME), "name", **why())
    moderation.opt_out(Member.objects.get(name=OPTED_AUTHOR), "imports", **why())
    moderation.hide_day(Day.objects.get(room__slug=ROOM, date=LATER), **why())
    moderation.hide([said("别人的话")], **why())
    for slug, visibility in (("porch", "unlisted"), ("study", "private"), ("attic", "hidden")):
        moderation.set_visibility(Room.objects.get(slug=slug), visibility, **why())
    Room.objects.filter(slug="study").update(reader_group=Group.objects.get(name="readers"))
