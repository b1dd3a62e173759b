"""Forms of the public site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chatlogs.models import RemovalRequest

LONGEST_TEXT = 4000


class LinesField(forms.CharField):
    """A multi-line text in which a line break counts as one character for `max_length`, as in browsers."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: object | None) -> str | None:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class RemovalForm(forms.Form):
    """A request for removal. `homepage` is a honeypot, invisible to people."""

    wish = forms.ChoiceField(
        label=_("What would you like us to do?"), choices=RemovalRequest.Wish.choices, widget=forms.RadioSelect
    )
    subject = LinesField(
        label=_("What is it about?"),
        rows=4,
        help_text=_(
            "Paste the addresses of the messages: the time beside a message is a link to it. Or write in which room, "
            "on which day and by whom they are."
        ),
    )
    explanation = LinesField(
        label=_("Why? (optional)"),
        rows=4,
        required=False,
        help_text=_("Helps us decide. Please do not include more about yourself or others than necessary."),
    )
    contact = forms.CharField(
        label=_("How can we reach you? (optional)"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
        help_text=_(
            "An email address or another contact. Only moderators read it. Without it, use the reference you get next "
            "to check the status."
        ),
    )
    homepage = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    @property
    def is_spam(self) -> bool:
        return bool(self.cleaned_data["homepage"])

    @property
    def request_fields(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("wish", "subject", "explanation", "contact")}
