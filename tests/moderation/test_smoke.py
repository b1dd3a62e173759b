import pytest
from chatlogs import moderation
from chatlogs.models import *
from tests.identity.people import import_day, write_day, member, alias, days_later
from tests.importing.archives import import_tree
from tests.moderation.deciding import why, said, shown
from chatlogs import indexing

pytestmark = pytest.mark.django_db


def test_hide(tree, moderator):
    import_day(tree, ("陈江月", "金丝雀来了"), ("石榴", "你好"))
    m = said("金丝雀")
    a = moderation.hide([m], **why(moderator))
    assert shown() == ["你好"]
    assert not indexing.check()
    import_tree(tree)
    assert shown() == ["你好"]
    b = moderation.undo(a, **why(moderator))
    assert shown() == ["金丝雀来了", "你好"]
    assert not indexing.check()
    m.refresh_from_db()
    assert m.alias_id
    moderation.undo(b, **why(moderator))
    assert shown() == ["你好"]


def test_author(tree, moderator):
    import_day(tree, ("陈江月", "金丝雀来了"), ("石榴", "你好"))
    m = said("金丝雀")
    a = moderation.hide([m], moderation.Part.AUTHOR, **why(moderator))
    m.refresh_from_db()
    assert m.alias_id is None
    assert alias("陈江月").message_count == 0
    write_day(tree, days_later(0), ("陈江月", "金丝雀来了"), ("石榴", "你好"), ("石榴", "又来"))
    import_tree(tree)
    m.refresh_from_db()
    assert m.alias_id is None and alias("陈江月").message_count == 0 and not m.is_withdrawn
    moderation.undo(a, **why())
    m.refresh_from_db()
    assert m.alias_id
    assert alias("陈江月").message_count == 1
    assert not indexing.check()


def test_redact(tree, moderator):
    import_day(tree, ("陈江月", "金丝雀来了@石榴"), ("石榴", "你好"))
    m = said("金丝雀")
    a = moderation.redact(m, [(0, 3)], **why(moderator))
    assert shown() == ["███来了@石榴", "你好"]
    assert not indexing.check()
    import_tree(tree, reparse=True) if False else None
    write_day(tree, days_later(0), ("陈江月", "金丝雀来了@石榴"), ("石榴", "你好"), ("石榴", "又来"))
    import_tree(tree)
    assert shown() == ["███来了@石榴", "你好", "又来"]
    write_day(tree, days_later(0), ("陈江月", "xx金丝雀来了@石榴"), ("石榴", "你好"), ("石榴", "又来"))
    import_tree(tree)
    assert shown() == ["███", "你好", "又来"]
    moderation.redact(m, [(2, 5)], **why(moderator))
    assert shown()[0] == "xx███来了@石榴"
    assert not indexing.check()


def test_erase(tree, moderator):
    import_day(tree, ("陈江月", "金丝雀来了@某人甲"), ("石榴", "你好"))
    m = said("金丝雀")
    moderation.erase([m], **why(moderator))
    assert shown() == ["你好"] and not indexing.check()
    import_tree(tree)
    assert shown() == ["你好"]
    write_day(tree, days_later(0), ("陈江月", "金丝雀来了@某人甲"), ("石榴", "你好"), ("石榴", "又来"))
    import_tree(tree)
    assert shown() == ["你好", "又来"]
    write_day(tree, days_later(0), ("陈江月", "金丝雀改来了@某人甲"), ("石榴", "你好"), ("石榴", "又来"))
    import_tree(tree)
    assert shown() == ["你好", "又来"]
    assert Tombstone.objects.get().is_holding
    write_day(tree, days_later(0), ("陈江月2", "金丝雀改来了@某人甲"), ("石榴", "你好"), ("石榴", "又来"))
    import_tree(tree)
    assert shown() == ["你好", "又来"]
    assert not indexing.check()


def test_purge(tree, moderator):
    from django.utils import timezone

    import_day(tree, ("陈江月", "金丝雀来了@石榴"), ("石榴", "你好"))
    m = said("金丝雀")
    a = moderation.redact(m, [(0, 3)], **why(moderator))
    p = moderation.purge(timezone.now())
    assert shown() == ["███来了@石榴", "你好"] and not Sealed.objects.exists()
    assert "金丝雀" not in bytes(Segment.objects.order_by("number")[0].source).decode()
    write_day(tree, days_later(0), ("陈江月", "金丝雀来了@石榴"), ("石榴", "你好"), ("石榴", "又来"))
    import_tree(tree)
    assert shown() == ["███来了@石榴", "你好", "又来"]
    assert not any("金丝雀" in bytes(s.source).decode() for s in Segment.objects.all())
    assert not indexing.check()


def test_optout(tree, moderator):
    import_day(
        tree,
        ("陈江月", "大家好"),
        ("石榴", "@陈江月 你好，陈江月是谁"),
        ("石榴", "「 陈江月：大家好 」\n- - - - - - - - - - - - - - -\n是的"),
    )
    a = moderation.opt_out(member("陈江月"), "name", **why(moderator))
    print(shown())
    p = OptOut.objects.get().pseudonym
    assert shown()[1] == f"@{p} 你好，陈江月是谁" and Finding.objects.get().kind == "name"
    assert "陈江月" not in shown()[2]
    write_day(tree, days_later(1), ("陈江月", "我又来"), ("石榴", "@陈江月 嗨"))
    import_tree(tree)
    print(shown())
    assert shown()[-1] == f"@{p} 嗨"
    assert Alias.objects.get(is_opted_out=True).message_count == 2
    b = moderation.opt_out(member(p), "messages", **why(moderator))
    assert len(shown()) == 3
    write_day(tree, days_later(2), ("陈江月", "我还来"))
    import_tree(tree)
    assert len(shown()) == 3
    moderation.undo(b, **why())
    assert len(shown()) == 6
    moderation.undo(a, **why())
    assert shown()[1].startswith("@陈江月") and alias("陈江月").message_count == 3
    assert member("陈江月").name == "陈江月" and not indexing.check() and not Sealed.objects.exists()


def test_block(tree, moderator):
    import_day(tree, ("陈江月", "大家好"), ("石榴", "你好"))
    moderation.opt_out(member("陈江月"), "imports", **why(moderator))
    write_day(tree, days_later(0), ("陈江月", "大家好"), ("石榴", "你好"), ("陈江月", "金丝雀"))
    import_tree(tree)
    assert shown() == ["你好"] and not Message.objects.filter(text__contains="金丝雀").exists()
    assert not any("金丝雀" in bytes(s.source).decode() for s in Segment.objects.all())


def test_phone(tree, moderator):
    import_day(tree, ("陈江月", "电话13800138000哦"), ("石榴", "你好"))
    assert shown() == ["电话███哦", "你好"]
    f = Finding.objects.get()
    a = moderation.decide_on_findings([f], "released", **why())
    assert shown()[0] == "电话13800138000哦"
    write_day(tree, days_later(0), ("陈江月", "新电话13800138000哦"), ("石榴", "你好"))
    import_tree(tree)
    assert shown()[0] == "新电话13800138000哦"
    assert not indexing.check()
