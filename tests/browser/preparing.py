"""Fills the site that VAR_DIR names, and prints as JSON what its addresses need: python -m tests.browser.preparing"""

from __future__ import annotations

import io
import json
import os
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from chatlogs import moderation  # noqa: E402
from chatlogs.cases import open_case  # noqa: E402
from chatlogs.models import Case, Member, Message, ModerationAction  # noqa: E402
from tests.browser.archive import CROWD, write_for_browsers  # noqa: E402
from tests.small_archive import HOSTILE, TANG  # noqa: E402


def prepare() -> dict[str, str]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        write_for_browsers(Path(folder))
        call_command("import_transcripts", settings.TRANSCRIPTS, folder, no_progress=True, stdout=io.StringIO())
    removed = Message.objects.get(text=HOSTILE)
    moderation.hide([removed], by=None, ground=ModerationAction.Ground.OTHER, reason="")
    case = open_case(wish=Case.Wish.REMOVE, subject="那天的一句话", explanation="", contact="", site="http://localhost/")
    return {
        "case": case.reference,
        "late": Message.objects.get(text__startswith=f"第{CROWD - 1}句").key,
        "member": Member.objects.get(aliases__name=TANG, aliases__room__slug="wine-room").key,
        "message": Message.objects.get(text="新年好").key,
        "removed": removed.key,
    }


if __name__ == "__main__":
    print(json.dumps(prepare()))
