"""Generates members: their names in each room, renames, and how much they talk."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random

from benchmarks.vocabulary import WORDS

ROOMS_A_COMMUNITY = 3
FIRST_DAY = date(2017, 5, 1)
REMARKS_END = date(2018, 6, 15)
EXPORTER = "我"

_AT_ONCE = 500
_NEWCOMERS_A_DAY = 1.4

_SURNAMES = "安柏岑池褚淳丛狄东端房丰符甘郜耿古谷管桂杭郝衡宏怀姬嵇稽简江焦靳荆景鞠阚柯寇匡"
_GIVEN = "澄岚沐霁昀朔砚笙霖棠序淮洲禾屿栩渺阑樵苇漪筠岫泓衍珂玥晞翊"
_SYLLABLES = "ba do fen gi ha jo ki lo mi nu pe qua ri so ta vi wen yu zo".split()
_COMPANIES = """
青禾支付 海棠科技 远山银行 木星金服 白鹭钱包 晨星清算 纸船网络 松果信息 北辰消金 石榴电商 云杉数据
银杏通 南枝保险 拾光 蓝鲸付 竹里软件 长庚证券 橘猫科技 稻田小贷 Lumo Pago9 Tandem 沙洲物流 百川聚合
""".split()
_ROLES = "产品 架构 研发 测试 运营 商务 风控 清结算 财务 PM 技术经理 后端 咨询 产品&运营".split()
_CITIES = "北京 上海 深圳 广州 杭州 成都 武汉 西安 长沙 南京 厦门 苏州 重庆 青岛".split()
_SEPARATORS = ("-", "-", "-", "-", "-", "—", "_", "～", "·", " ", "@", " -", "|", "?")
_ID_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Person:
    account: str
    remark: str
    titles: tuple[str, ...]  # the display names in the group, in order
    renamed: tuple[date, ...]  # when each title but the first was adopted
    remarked: bool  # appeared under the remark until mid-2018
    elsewhere: str  # the display name in a second room, or ""
    home: int
    liveliness: float

    def title(self, room: int, day: date) -> str:
        """Return the display name in the group, whatever the exporter wrote."""
        if self.elsewhere and room != self.home:
            return self.elsewhere
        return self.titles[bisect_right(self.renamed, day)]

    def spoken(self, room: int, day: date) -> str:
        """Return the name above a message: a contact remark before mid-2018, the title afterwards.

        The exporter is always 我.
        """
        if self.remark == EXPORTER or (self.remarked and day < REMARKS_END):
            return self.remark
        return self.title(room, day)

    def other(self, room: int, day: date) -> str:
        """Return a name other than the one above that day's messages."""
        title = self.title(room, day)
        return self.remark if self.spoken(room, day) == title else title


def _latin(rng: Random) -> str:
    name = "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))
    return name.capitalize() if rng.random() < 0.6 else name


def _given_name(rng: Random) -> str:
    """Return a full name, a Latin name or a nickname; some end in a lost emoji."""
    roll = rng.random()
    if roll < 0.60:
        name = rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))
    elif roll < 0.78:
        name = _latin(rng)
    else:
        name = rng.choice(WORDS[1_200:])
    return name + "??" if rng.random() < 0.03 else name


def _title(rng: Random, name: str) -> str:
    """Return name, company, role and city with a separator, mostly in this order and rarely all of them."""
    parts = [name, rng.choice(_COMPANIES), rng.choice(_ROLES), rng.choice(_CITIES)]
    if rng.random() < 0.25:
        del parts[rng.randint(1, 3)]
    if rng.random() < 0.15:
        rng.shuffle(parts)
    title = rng.choice(_SEPARATORS).join(parts)
    return title + " " if rng.random() < 0.01 else title


def _titles(rng: Random, name: str) -> tuple[str, ...]:
    """Return one or more titles; half of the later ones share no word with the one before."""
    titles = [_title(rng, name)]
    while rng.random() < 0.08:
        titles.append(_title(rng, name if rng.random() < 0.5 else _given_name(rng)))
    return tuple(titles)


def _account(rng: Random) -> str:
    if rng.random() < 0.7:
        return "wxid_" + "".join(rng.choices(_ID_CHARACTERS, k=14))
    return f"{_latin(rng).lower()}{rng.randrange(10_000)}"


@lru_cache(maxsize=8_192)
def person(seed: int, community: int, number: int) -> Person:
    """Return a person, always the same for the same numbers; people join their community in this order."""
    rng = Random(f"{seed}/person/{community}/{number}")
    name = _given_name(rng)
    joined = FIRST_DAY + timedelta(days=max(0, number - _AT_ONCE) / _NEWCOMERS_A_DAY)
    titles = _titles(rng, name)
    return Person(
        account=_account(rng),
        remark=name if rng.random() < 0.5 else _given_name(rng),
        titles=titles,
        renamed=tuple(joined + timedelta(days=150 * turn) for turn in range(1, len(titles))),
        remarked=rng.random() < 0.36,
        elsewhere=_title(rng, name) if rng.random() < 0.1 else "",
        home=number % ROOMS_A_COMMUNITY,
        liveliness=min((1 - rng.random()) ** -0.9, 60.0),
    )


def exporter(seed: int, community: int) -> Person:
    """Return the exporter: 我 above their messages, their title in everyone's mentions."""
    rng = Random(f"{seed}/exporter/{community}")
    title = _title(rng, _given_name(rng))
    return Person(_account(rng), EXPORTER, (title,), (), True, "", 0, 40.0)


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a room on a day, and how likely each was to speak."""

    room: int
    day: date
    people: list[Person]
    cumulative: list[float]

    def draw(self, rng: Random, count: int) -> list[Person]:
        return rng.choices(self.people, cum_weights=self.cumulative, k=count)

    def spoken(self, who: Person) -> str:
        return who.spoken(self.room, self.day)

    def other(self, who: Person) -> str:
        return who.other(self.room, self.day)

    def called(self, rng: Random, who: Person) -> str:
        """Return the name in a mention: mostly not the one above the messages."""
        as_spoken = rng.random() < 0.16 and who.remark != EXPORTER
        return self.spoken(who) if as_spoken else self.other(who)


def members(seed: int, room: int, day: date) -> Members:
    """Return a sliding window of the community: newcomers join, the oldest leave.

    A fifth of a community is in all its rooms, everybody else only in their own.
    """
    community, home = divmod(room, ROOMS_A_COMMUNITY)
    first = int((day - FIRST_DAY).days * _NEWCOMERS_A_DAY)
    people = [exporter(seed, community)]
    for number in range(first, first + _AT_ONCE):
        if number % ROOMS_A_COMMUNITY == home or number % 5 == 0:
            people.append(person(seed, community, number))
    return Members(home, day, people, list(accumulate(who.liveliness for who in people)))
