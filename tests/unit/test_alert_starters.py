"""The templates that a new organisation begins with can be sent as they are, in four languages, once filled in."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadcast.alert import LANGUAGES, Content
from broadcast.blanks import blanks, filled
from broadcast.event import check_content, check_length, first, in_full
from broadcast.preflight import parity
from broadcast.selection import Selection
from broadcast.starters import starters
from broadcast.template import Template
from broadcast.vocabulary import Status
from messaging.sms import Encoding, segments
from samenspraak.demo.town import GAS_TEMPLATE_TEXT
from tests.unit.test_alert_preflight import TOWN

AT = datetime(2026, 11, 26, 2, tzinfo=UTC)
VALUES = {"straat": "de Molenstraat", "uur": "14 uur", "naam": "Jan Peeters", "wie": "de waterleiding"}


def _values(one: Template) -> dict[str, str]:
    names = blanks([one.title, *one.texts.values(), *one.instructions.values()])
    return {name: VALUES.get(name, "de Dorpskern") for name in names}


def _content(one: Template) -> Content:
    """The alert that somebody makes of it."""
    values, usual = _values(one), one.kind.suggestion
    return Content(
        severity=usual.severity,
        title=filled(one.title, values),
        texts={language: filled(text, values) for language, text in one.texts.items()},
        instructions={language: filled(text, values) for language, text in one.instructions.items()},
        audience=Selection(networks=frozenset({1})),
        expires_at=AT + timedelta(hours=2),
        kind=one.kind,
    )


@pytest.mark.parametrize("one", starters(), ids=lambda one: one.name)
def test_it_can_be_sent_and_no_translation_says_more_than_the_dutch(one: Template) -> None:
    content = _content(one)
    check_content(content, AT)
    check_length(first(content, TOWN, AT))
    assert [found.code for found in parity.check(content)] == []
    assert set(one.texts) == set(LANGUAGES)


@pytest.mark.parametrize("one", starters(), ids=lambda one: one.name)
def test_the_same_blanks_stand_in_every_language(one: Template) -> None:
    for texts in (one.texts, one.instructions):
        assert len({frozenset(blanks([text])) for text in texts.values()}) <= 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("one", starters(), ids=lambda one: one.name)
def test_no_sign_makes_its_sms_dear(one: Template, language: str) -> None:
    found = segments(in_full(first(_content(one), TOWN, AT), language, sms=True))
    assert (found.encoding, found.costly) == (Encoding.GSM7, ())


def test_each_has_a_name_of_its_own_and_none_claims_to_be_approved() -> None:
    names = [one.name for one in starters()]
    assert len(set(names)) == len(names) >= 10
    assert {one.template_sid for one in starters()} == {""}


def test_the_text_that_is_approved_in_the_demonstration_is_that_of_the_template() -> None:
    (gas,) = (one for one in starters() if one.name == "Gaslek")
    approved = replace(gas, template_sid="HX1")
    sid, values = approved.bound(_content(gas).texts["nl"], _values(gas), Status.ACTUAL)
    assert (sid, values) == ("HX1", ("de Molenstraat",))
    said = re.sub(r"{{(\d)}}", lambda match: values[int(match[1]) - 1], GAS_TEMPLATE_TEXT)
    assert said == _content(gas).texts["nl"]
