"""Fills the site of VAR_DIR, and prints as JSON what is known of it: python -m tests.browser.preparing {samples,all}"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from chatlogs import editorial, moderation  # noqa: E402
from chatlogs.models import Member, Message, ModerationAction, RemovalRequest  # noqa: E402
from chatlogs.moderation.requests import submit_request  # noqa: E402
from tests.browser.archive import CROWD, write_for_browsers  # noqa: E402
from tests.editorial.writing import part, publish  # noqa: E402
from tests.small_archive import HOSTILE, TANG  # noqa: E402

# Who has several names in the samples.
SPEAKER = "陆知远-云杉支付-CTO打杂-杭州"


def load_decisions() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def import_(*trees: Path) -> None:
    call_command("import_transcripts", *trees, no_progress=True, stdout=io.StringIO(), stderr=io.StringIO())


def prepare_samples() -> dict[str, str]:
    import_(settings.TRANSCRIPTS)
    return {"member": Member.objects.get(aliases__name=SPEAKER).key}


def prepare_all() -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        write_for_browsers(Path(folder))
        import_(settings.TRANSCRIPTS, Path(folder))
    removed = Message.objects.get(text=HOSTILE)
    moderation.hide([removed], by=None, category=ModerationAction.Category.OTHER, reason="")
    removal_request = submit_request(
        wish=RemovalRequest.Wish.REMOVE, subject="那天的一句话", explanation="", contact="", site="http://localhost/"
    )
    of_sample = Message.objects.filter(day__date="2018-11-21", room__slug="payment-architects").order_by("position")
    return {
        "removal_request": removal_request.reference,
        "first": of_sample[1].key,
        "last": of_sample[11].key,
        "highlight": publish_highlight(of_sample[1], of_sample[11]),
        "link": Message.objects.filter(link__url__contains="very-long-path").earliest("position").key,
        "late": Message.objects.get(text__startswith=f"第{CROWD - 1}句").key,
        "member": Member.objects.get(aliases__name=TANG, aliases__room__slug="wine-room").key,
        "message": Message.objects.get(text="新年好").key,
        "removed": removed.key,
    }


def publish_highlight(first: Message, last: Message) -> str:
    """And a note of a day; the highlight's slug."""
    day = Message.objects.get(text="第0句").day
    editorial.write_note(day, "一百二十句话，**一句**接一句。", by=None)
    return publish(
        "怎样对账", part(first, last, comment="从这里说起。"), notes="值得*留下*的一段。", tags=("茶", "对账")
    ).slug


if __name__ == "__main__":
    load_decisions()
    print(json.dumps({"samples": prepare_samples, "all": prepare_all}[sys.argv[1]]()))
