"""People say whether they are safe, by button, by number or in words."""

from dataclasses import replace

import pytest

from broadcast.acknowledgement import Answer, Given, read
from broadcast.alert import Severity
from broadcast.event import EventKind, choices, in_full, template_variables
from broadcast.vocabulary import Status
from console.readings import readings
from messaging.sms import segments
from tests.unit.test_alert_event import EVENT


def test_who_is_warned_of_danger_can_say_how_they_are_in_the_languages_they_are_told_in() -> None:
    assert [one.label for one in choices(EVENT, None)] == ["Ik ben veilig", "Ik heb hulp nodig"]
    assert choices(EVENT, "fr")[0].label == "Ik ben veilig / Je suis en sécurité"


def test_where_there_are_no_buttons_the_answers_are_numbered_below_the_text() -> None:
    assert in_full(EVENT, None, sms=True).endswith("\n1. Ik ben veilig\n2. Ik heb hulp nodig")
    assert template_variables(EVENT, None)["2"].endswith("1 = Ik ben veilig. 2 = Ik heb hulp nodig.")


@pytest.mark.parametrize(
    ("event", "asks"),
    [
        (EVENT, True),
        (replace(EVENT, kind=EventKind.UPDATE), True),
        (replace(EVENT, status=Status.EXERCISE), True),
        (replace(EVENT, severity=Severity.MODERATE), False),
        (replace(EVENT, kind=EventKind.ALL_CLEAR), False),
        (replace(EVENT, kind=EventKind.FEEDBACK), False),
        (replace(EVENT, ask_if_safe=False), False),
        (replace(EVENT, severity=Severity.MINOR, ask_if_safe=True), True),
        (replace(EVENT, kind=EventKind.ALL_CLEAR, ask_if_safe=True), False),
    ],
)
def test_alerts_and_updates_on_which_lives_may_depend_ask_or_as_their_author_says(event: object, asks: bool) -> None:
    assert bool(choices(event, None)) is asks  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("choice", "text", "given"),
    [
        ("safe:12", "Ik ben veilig", Given(Answer.SAFE, event_id=12)),
        ("need_help:12", "", Given(Answer.NEED_HELP, event_id=12)),
        (None, "1", Given(Answer.SAFE, by_number=True)),
        (None, " 2. ", Given(Answer.NEED_HELP, by_number=True)),
        (None, "Ik ben  VEILIG!", Given(Answer.SAFE)),
        (None, "ik heb hulp nodig / I need help", Given(Answer.NEED_HELP)),
        (None, "J'ai besoin d'aide", Given(Answer.NEED_HELP)),
        (None, "3", None),
        (None, "", None),
        (None, "ik heb hulp nodig met mijn aanvraag", None),
        ("topic:waste", "1", None),
        ("safe:", "1", None),
        ("safe:x", "1", None),
    ],
)
def test_an_answer_is_a_button_a_number_or_exactly_its_words(
    choice: str | None, text: str, given: Given | None
) -> None:
    assert read(choice, text) == given


def test_whoever_approves_sees_the_numbers_and_the_parts_that_they_cost() -> None:
    shown = next(readings(EVENT))
    assert shown.message.endswith("2. Ik heb hulp nodig")
    assert shown.parts == segments(in_full(EVENT, None, sms=True))
