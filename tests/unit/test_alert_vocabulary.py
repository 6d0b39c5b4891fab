"""The words of CAP 1.2, and what each kind of message suggests."""

import pytest

from broadcast.vocabulary import Kind, ResponseType, Severity, Urgency


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_suggests_how_it_usually_is(kind: Kind) -> None:
    suggested = kind.suggestion
    assert suggested.categories
    assert suggested.lasts.total_seconds() >= 3600


def test_a_gas_leak_is_for_now_and_a_newsletter_is_not() -> None:
    leak, letter = Kind.GAS_LEAK.suggestion, Kind.NEWSLETTER.suggestion
    assert (leak.severity, leak.urgency) == (Severity.EXTREME, Urgency.IMMEDIATE)
    assert (letter.severity, letter.response_types) == (Severity.MINOR, (ResponseType.NONE,))


def test_life_safety_is_what_is_extreme_or_severe() -> None:
    assert [severity for severity in Severity if severity.is_life_safety] == [Severity.EXTREME, Severity.SEVERE]
