"""Path converters: rooms, slugs, and dates such as `2019/03/15` and `2019/03`, always zero-padded."""

from __future__ import annotations

import datetime as dt

from django.urls import register_converter
from django.urls.converters import StringConverter


class DayConverter:
    regex = "[0-9]{4}/[0-9]{2}/[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        """Raise ValueError for a date that does not exist: Django then answers 404."""
        return dt.date.fromisoformat(value.replace("/", "-"))

    def to_url(self, value: dt.date) -> str:
        return value.isoformat().replace("-", "/")


class MonthConverter:
    """Converts to the first day of the month."""

    regex = "[0-9]{4}/[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(f"{value.replace('/', '-')}-01")

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()[:7].replace("-", "/")


class YearConverter:
    regex = "[1-9][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class RoomConverter(StringConverter):
    """A room's slug; excludes strings that PostgreSQL refuses, such as those with NUL."""

    regex = r"[-\w]{1,100}"


class DayFormatConverter(StringConverter):
    regex = "md|json|txt"


class UnicodeSlugConverter(StringConverter):
    """The slug of a highlight or a tag."""

    regex = r"[-\w]{1,100}"


register_converter(RoomConverter, "room")
register_converter(UnicodeSlugConverter, "unicode_slug")
register_converter(DayConverter, "date")
register_converter(MonthConverter, "year_and_month")
register_converter(YearConverter, "year")
register_converter(DayFormatConverter, "day_format")
