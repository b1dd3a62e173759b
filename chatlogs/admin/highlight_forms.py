"""What curators paste to say which messages a highlight quotes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatlogs import editorial
from chatlogs.audit import ActionRefused
from chatlogs.models import HighlightPart, Message
from chatlogs.text.message_keys import find_message_keys


class PartForm(forms.ModelForm):  # type: ignore[type-arg]
    place = forms.IntegerField(
        label=HighlightPart._meta.get_field("order").verbose_name,
        required=False,
        min_value=1,
        max_value=1000,
        widget=forms.NumberInput(attrs={"size": 3}),
    )
    quoted = forms.CharField(
        label=_("Quoted messages"),
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3, "cols": 40}),
        help_text=format_lazy(
            _(
                "One message: its address or key. Several: those of the first and the last, or the address of a range."
                " Of one day, at most {most}."
            ),
            most=editorial.MOST_MESSAGES,
        ),
    )

    class Meta:
        model = HighlightPart
        fields = ("comment",)
        widgets = {"comment": AdminTextareaWidget(attrs={"rows": 3, "cols": 40})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.update(place=self.instance.order, quoted=_write(self.instance))

    def clean_quoted(self) -> str:
        """What stays as it was may meanwhile be hidden, or of a room that this curator may not enter."""
        typed: str = self.cleaned_data["quoted"]
        if self.instance.pk and "quoted" not in self.changed_data:
            return typed
        keys = find_message_keys(typed)
        if not 1 <= len(keys) <= 2:
            raise ValidationError(gettext("Please give the address or key of a message, or of the first and the last."))
        first, last = _find(keys[0]), _find(keys[-1])
        try:
            editorial.check_passage(first, last)
        except ActionRefused as refused:
            raise ValidationError(str(refused)) from None
        self.instance.first, self.instance.last, self.instance.awaited = first, last, {}
        return typed


class PartFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        try:
            editorial.check_parts(self.parts)
        except ActionRefused as refused:
            raise ValidationError(str(refused)) from None

    @property
    def parts(self) -> list[HighlightPart]:
        """In the order of their numbers; those without one come last, as they were written."""
        kept = [form for form in self.forms if form.cleaned_data.get("quoted") and form not in self.deleted_forms]
        kept.sort(key=lambda form: form.cleaned_data["place"] or 1 << 31)
        return [form.instance for form in kept]


def _write(part: HighlightPart) -> str:
    ends = [end.key for end in (part.first, part.last) if end] or [end["key"] for end in part.awaited.values()]
    return " ".join(dict.fromkeys(ends))


def _find(key: str) -> Message:
    message = Message.objects.visible().filter(key=key).select_related("day", "room").first()
    if message is None:
        raise ValidationError(gettext("There is no message to be read at %(key)s.") % {"key": key})
    return message
