from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext


def site(request: HttpRequest) -> dict[str, Any]:
    """Provide the site's title and the links of the navigation bar."""
    navigation = [
        (reverse("home"), gettext("Rooms")),
        (reverse("messages"), gettext("Search")),
        (reverse("members"), gettext("Members")),
        (reverse("highlights"), gettext("Highlights")),
        (reverse("links"), gettext("Links")),
        (reverse("images"), gettext("Pictures")),
        (reverse("stats"), gettext("Statistics")),
    ]
    return {"site_title": settings.SITE_TITLE, "navigation": navigation}
