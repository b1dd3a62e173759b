"""Mail about a case: its reference and its state, and nothing that anybody wrote."""

from __future__ import annotations

import logging
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from chatlogs.models import Case

logger = logging.getLogger(__name__)


def tell_moderators(case: Case, site: str) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        address = urljoin(site, reverse("admin:chatlogs_case_change", args=[case.pk]))
        _send(case, settings.MODERATORS_EMAIL, gettext("New request: %(reference)s"), "received", address)


def confirm(case: Case, site: str) -> None:
    """In the language in which the request was made."""
    _send(case, read_email(case.contact), gettext("Your request %(reference)s"), "confirmation", _page(case, site))


def tell_outcome(case: Case, site: str) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        _send(case, read_email(case.contact), gettext("Your request %(reference)s"), "outcome", _page(case, site))


def read_email(contact: str) -> str:
    """The address, if that is all that it is, or else nothing."""
    try:
        validate_email(contact)
    except ValidationError:
        return ""
    return contact


def _page(case: Case, site: str) -> str:
    return urljoin(site, reverse("removal-done", args=[case.reference]))


def _send(case: Case, to: str, subject: str, template: str, address: str) -> None:
    """To nobody, nothing. A server that takes no mail must not take the request away; the log knows no addressee."""
    if not to:
        return
    subject = f"[{settings.SITE_TITLE}] {subject % {'reference': case.reference}}"
    context = {"case": case, "address": address, "site_title": settings.SITE_TITLE}
    try:
        send_mail(subject, render_to_string(f"chatlogs/mail/{template}.txt", context), None, [to])
    except Exception as error:
        logger.error("Mail about request %s was not sent: %s", case.reference, type(error).__name__)
