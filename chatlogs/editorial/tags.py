from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.text import slugify
from django.utils.translation import gettext

from chatlogs.audit import ActionRefused
from chatlogs.models import Highlight, Tag

SEPARATORS = re.compile(r"[,，、;；\n]")
LONGEST = 50


def read_tag_names(typed: str) -> list[str]:
    """Return the distinct tags in order. Raise ActionRefused for one that cannot have a slug."""
    names: dict[str, str] = {}
    for name in filter(None, (" ".join(piece.split()) for piece in SEPARATORS.split(typed))):
        slug = slugify(name, allow_unicode=True)
        if not slug or max(len(slug), len(name)) > LONGEST:
            raise ActionRefused(
                gettext("A tag must contain letters or digits and be at most 50 characters long: %(name)s")
                % {"name": name}
            )
        names.setdefault(slug, name)
    return list(names.values())


def set_tags(highlight: Highlight, names: Iterable[str]) -> None:
    """Set the tags of a highlight and delete unused ones. Called within a transaction."""
    tags = [
        Tag.objects.get_or_create(slug=slugify(name, allow_unicode=True), defaults={"name": name})[0] for name in names
    ]
    highlight.tags.set(tags)
    Tag.objects.filter(highlights=None).delete()
