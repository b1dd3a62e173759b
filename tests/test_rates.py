from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework.throttling import SimpleRateThrottle

from archive.rates import read_rate


@pytest.mark.parametrize(
    ("written", "seconds"), [("120/min", 60), ("5/sec", 1), ("1000/hour", 3600), ("10/day", 86400)]
)
def test_a_rate_is_understood(written: str, seconds: int) -> None:
    rate = read_rate(written)
    assert SimpleRateThrottle.parse_rate(SimpleRateThrottle.__new__(SimpleRateThrottle), rate)[1] == seconds


def test_off_is_no_rate() -> None:
    assert read_rate("off") is None


@pytest.mark.parametrize("written", ["", "120", "120/", "0/min", "-1/min", "120/month", "x/min", "120 / min", "on"])
def test_what_is_no_rate_is_refused(written: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="is no rate"):
        read_rate(written)
