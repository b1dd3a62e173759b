"""Generates the bodies of messages: texts, images and links in the exporter's forms."""

from collections import deque
from dataclasses import dataclass, field
from datetime import date
from random import Random

from benchmarks.people import EXPORTER, Members, Person
from benchmarks.vocabulary import sentence

LONGEST_TEXT = 1_700

_REPLIES = """
嗯 [强] 好的 是的 对 [强][强][强] 可以 谢谢 哈哈 不是 有 好 没有 嗯嗯 [捂脸] 是 明白 ok +1 赞
[鼓掌][鼓掌][鼓掌] 对的 [呲牙] 收到 早 哈哈哈 不会 多谢 厉害 [抱拳] 学习了 为什么 怎么说 欢迎 [偷笑]
不知道 ?? 同问 也是 [OK] 确实 [玫瑰][玫瑰] 正解 [ThumbsUp] 稍等 不用 求分享 [奸笑] 下次 早上好
晚安 [握手] 一样 ！ ？？？ 233 666 [Salute]
""".split()
_REPLY_WEIGHTS = [1 / (rank + 3) for rank in range(len(_REPLIES))]
_EMOJI = "强 捂脸 鼓掌 呲牙 偷笑 抱拳 玫瑰 OK 奸笑 握手 微笑 机智 流泪 咖啡 Facepalm 耶 衰".split()
_OPENERS = ("", "", "请问", "帮忙看下", "这个", "哪位")
_ENDINGS = ("", "", "", "", "", "", "。", "？", "?", "！", "??", "…")
_DASHES = " ".join("-" * 15)

_ESCAPED_TIMES = ((date(2017, 7, 1), 0), (date(2017, 12, 1), 1), (date(2018, 3, 1), 3))
_IMAGE_FOLDERS = (
    (date(2017, 10, 1), "http://wechat.example.org/img/"),
    (date(2018, 1, 1), "http://static.example.org/img/{month}/"),
    (date(2018, 7, 1), "http://static.example.org/img/"),
    (date(2018, 12, 1), "http://img.example.net/img/"),
    (date.max, "https://static.example.com/img/"),
)
_CELL_END = "&lt;/td&gt;&lt;/tr&gt;"
_ROW = (
    "&lt;tr style='mso-height-source:userset;height:25.00pt'&gt;&lt;td class=xl24  "
    "style='border-bottom:.5pt solid black;border-top:none;' x:str&gt;"
)
_ADDRESSES = (
    "https://pay.example.org/doc?chapter={}&index=7",
    "https://api.example.com/notify?id={}&timestamp=1&sign=ok&lang=zh",
    "http://www.example.net/question/{}",
)
_SUFFIXES = ("pdf", "docx", "xlsx", "pptx", "zip", "vsd", "txt")


def escaped_times(day: date) -> int:
    """Return how many times the exporter of that day escaped a text."""
    return next((times for until, times in _ESCAPED_TIMES if day < until), 2)


def escape(text: str, times: int) -> str:
    """Escape a text as the exporter did: in the first pass, a no-break space becomes a reference."""
    for turn in range(times):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = text.replace('"', "&quot;")
        if turn == 0:
            text = text.replace("\xa0", "&#160;")
    return text


@dataclass(slots=True)
class Pen:
    """Writes the bodies of one day, and remembers the last speakers and what they said.

    `mentioned` has the mentions in order: the name after the `@`, and whom it means (None: everybody).
    """

    rng: Random
    members: Members
    times: int
    recent: deque[tuple[Person, str]] = field(default_factory=lambda: deque(maxlen=15))
    mentioned: list[tuple[str, Person | None]] = field(default_factory=list)

    def text(self, speaker: Person) -> str:
        roll = self.rng.random()
        if roll < 0.012 and self.recent:
            return self._finished(self._quotation())
        if roll < 0.108:
            return self._finished(self._mention(speaker))
        plain = self._plain()
        if plain:
            self.recent.append((speaker, plain))
        return self._finished(plain)

    def news(self) -> str:
        """Return a morning newsletter: one very long line."""
        items = [f"{n}、{sentence(self.rng, self.rng.randint(30, 90))}；" for n in range(1, 31)]
        body = f"【每日早报】 {self.members.day:%Y年%m月%d日}  {'—' * 12}  " + " ".join(items)
        length = self.rng.randint(700, LONGEST_TEXT)
        return body.replace("&", "和").replace('"', "")[:length].rstrip()

    def image(self, second: int) -> str:
        """Return an image; two of the same second share an address."""
        day, clock = self.members.day, hms(second)
        folder = next(folder for until, folder in _IMAGE_FOLDERS if day < until)
        folder = folder.format(month=f"{day:%Y%m}")
        return f"![{day} {clock}]({folder}{day:%Y%m%d}_{clock.replace(':', '')}.png)"

    def link(self, following: Person | None) -> str:
        """Return a link of form A, F, C or B; the last two end with the account of the following message."""
        roll = self.rng.random()
        title = sentence(self.rng, self.rng.randint(4, 30))
        if roll < 0.12:
            return f"[{title.replace(' ', '')}.{self.rng.choice(_SUFFIXES)}\r\n]()"
        if roll < 0.65 or following is None:
            parted = self.rng.choices(("", "\n", "\r\n"), (8, 1, 1))[0]
            return f"[{escape(title, self.times)}{parted}]({escape(self._article(), self.times)})"
        if roll < 0.78:
            return f"[{escape(title, 1)}{_CELL_END}\r\n]({_ROW}{following.account})"
        anchor = f'<a href="{escape(self._article(), 1)}" target="_blank">{title}</a>'
        return f"[{escape(anchor, 2)}{_CELL_END}\n]({_ROW}{following.account})"

    def _finished(self, text: str) -> str:
        """Return a text escaped as by that day's exporter, except for a few raw ones."""
        raw = self.rng.random() < 0.03
        return escape(text[:LONGEST_TEXT], 0 if raw else self.times)

    def _plain(self) -> str:
        roll = self.rng.random()
        if roll < 0.17:
            return self.rng.choices(_REPLIES, _REPLY_WEIGHTS)[0]
        if roll < 0.95:
            return self._sentence()
        if roll < 0.98:
            return self._sentence() + self._emoji()
        return self._oddity() if roll < 0.9998 else ""

    def _sentence(self) -> str:
        length = min(LONGEST_TEXT, max(2, round(self.rng.lognormvariate(2.64, 0.91))))
        return sentence(self.rng, length) + self.rng.choice(_ENDINGS)

    def _emoji(self) -> str:
        return f"[{self.rng.choice(_EMOJI)}]" * self.rng.choice((1, 1, 2, 3))

    def _oddity(self) -> str:
        """Return a rare form: an address, raw symbols, a long number, or characters other than letters."""
        words = sentence(self.rng, self.rng.randint(2, 12))
        number = self.rng.randrange(10**9, 10**14)
        forms = (
            self._address(),
            f"{words} {self._address()}",
            f"{words} {self._address()} {sentence(self.rng, 8)}",
            f"单笔<{number % 90}W，{words}",
            f"{words}&{sentence(self.rng, 4)}",
            f"{words}->{sentence(self.rng, 6)}",
            f'<amount currency="CNY">{number % 999}</amount>',
            f"订单号{number}{words}",
            f"1.\xa0\xa0{words} 2.\xa0\xa0{sentence(self.rng, 9)}",
            f"{words}\t{number % 100}\u3000{words[::-1]}".rstrip(),
            f"{words}\x10{sentence(self.rng, 5)}",
        )
        return self.rng.choice(forms)

    def _mention(self, speaker: Person) -> str:
        """Return a mention without its terminator, mostly of somebody else who has just spoken."""
        if self.rng.random() < 0.03:
            name, who = self.rng.choice(("所有人", "all")), None
        else:
            who = self._recent_speaker()
            for _ in range(9):
                who = self._recent_speaker() if who is speaker else who
            name = self.members.called(self.rng, who)
        self.mentioned.append((name, who))
        rest = self._sentence() if self.rng.random() < 0.85 else ""
        front = self.rng.choice(_OPENERS) if self.rng.random() < 0.3 else ""
        return f"{front}@{name}{self.rng.choice('??  ')}{rest}"

    def _quotation(self) -> str:
        who, text = self.rng.choice(self.recent)
        name = EXPORTER if self.rng.random() < 0.1 else self.members.called(self.rng, who)
        quoted = f"{name}{self.rng.choice((': ', '：'))}{text}"
        opened, closed = self.rng.choice((("「 ", " 」"), ("「", "」"), ("? ", " ?")))
        return f"{opened}{quoted}{closed} {_DASHES} {self._sentence()}"

    def _recent_speaker(self) -> Person:
        if self.recent and self.rng.random() < 0.95:
            return self.rng.choice(self.recent)[0]
        return self.members.draw(self.rng, 1)[0]

    def _address(self) -> str:
        return self.rng.choice(_ADDRESSES).format(self.rng.randrange(10**6))

    def _article(self) -> str:
        key = self.rng.getrandbits(128)
        return (
            f"http://mp.example.org/s?__biz={key % 10**8}==&mid={key % 10**10}&idx=1"
            f"&sn={key:032x}&chksm={key % 10**20:020x}&mpshare=1&scene=1#rd"
        )


def hms(second: int) -> str:
    """Return a second of the day in the format of the headers."""
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
