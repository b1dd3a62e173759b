"""E-mails about requests: reference and state only, never what anybody wrote."""

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

from chatlogs.models import RemovalRequest

logger = logging.getLogger(__name__)


def notify_moderators(removal_request: RemovalRequest, site: str) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        address = urljoin(site, reverse("admin:chatlogs_removalrequest_change", args=[removal_request.pk]))
        _send(removal_request, settings.MODERATORS_EMAIL, gettext("New request: %(reference)s"), "received", address)


def confirm(removal_request: RemovalRequest, site: str) -> None:
    """Confirm a request to the requester, in the language of the current page."""
    _send(
        removal_request,
        read_email(removal_request.contact),
        gettext("Your request %(reference)s"),
        "confirmation",
        _page(removal_request, site),
    )


def notify_requester(removal_request: RemovalRequest, site: str) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        _send(
            removal_request,
            read_email(removal_request.contact),
            gettext("Your request %(reference)s"),
            "outcome",
            _page(removal_request, site),
        )


def read_email(contact: str) -> str:
    """Return the contact if it is an e-mail address and nothing else, or ""."""
    try:
        validate_email(contact)
    except ValidationError:
        return ""
    return contact


def _page(removal_request: RemovalRequest, site: str) -> str:
    return urljoin(site, reverse("removal-done", args=[removal_request.reference]))


def _send(removal_request: RemovalRequest, to: str, subject: str, template: str, address: str) -> None:
    """Send an e-mail, if there is an address. Failures are logged, without the address, and never raised."""
    if not to:
        return
    subject = f"[{settings.SITE_TITLE}] {subject % {'reference': removal_request.reference}}"
    context = {"removal_request": removal_request, "address": address, "site_title": settings.SITE_TITLE}
    try:
        send_mail(subject, render_to_string(f"chatlogs/mail/{template}.txt", context), None, [to])
    except Exception as error:
        logger.error("Mail about request %s was not sent: %s", removal_request.reference, type(error).__name__)
