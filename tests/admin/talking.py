"""The messages of the `talk` fixture, and their states."""

from __future__ import annotations

from chatlogs.models import Message, PersonalDataMatch

CHEN, PEAR = "陈江月", "石榴"
SAID = "请把对账文件发给金丝雀先生"
WORD = "金丝雀"
NUMBER = "13800138000"
PHONE = f"电话{NUMBER}哦"
REPLY = f"「 {CHEN}：{SAID} 」\n- - - - - - - - - - - - - - -\n好的"
NIGHT = "大家晚安"

State = Message.State


def by_order(place: int) -> Message:
    return Message.objects.order_by("position")[place]


def said() -> Message:
    return by_order(0)


def reply() -> Message:
    return by_order(1)


def night() -> Message:
    return by_order(3)


def match() -> PersonalDataMatch:
    return PersonalDataMatch.objects.get()


def states() -> list[str]:
    return list(Message.objects.order_by("position").values_list("state", flat=True))


def texts() -> list[str]:
    return list(Message.objects.order_by("position").values_list("text", flat=True))
