"""Which of the offered choices a message makes, and other small decisions on its text."""

import pytest

from bots.choices import asked, chosen
from bots.claims import is_stop
from bots.policy import Ground, ReplyLanguage, reply_language, safety_languages
from bots.skills.language import is_named, named
from messaging.channel import Choice
from messaging.incoming import ChannelKind, Incoming, IncomingKind

OFFERED = asked("topic", [Choice("topic:passport", "Reispas"), Choice("neither", "Iets anders")])


def message(text: str = "", choice: str | None = None) -> Incoming:
    return Incoming("1", ChannelKind.SMS, "+32470123456", IncomingKind.TEXT, text, choice=choice)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1", "topic:passport"),
        (" 2. ", "neither"),
        ("1)", "topic:passport"),
        ("reispas", "topic:passport"),
        ("REISPAS!", "topic:passport"),
        ("0", None),
        ("3", None),
        ("-1", None),
        ("1 of 2", None),
        ("", None),
        ("²", None),
    ],
)
def test_a_choice_is_made_by_its_number_or_its_label(text: str, choice: str | None) -> None:
    assert chosen(OFFERED, message(text)) == choice


def test_a_button_counts_only_when_it_was_offered_last() -> None:
    assert chosen(OFFERED, message("x", "neither")) == "neither"
    assert chosen(OFFERED, message("1", "topic:waste_calendar")) is None
    assert chosen({}, message("1", "neither")) is None


@pytest.mark.parametrize("text", ["STOP", "stop", " Stop! ", "STOP.", "Arrêt", "stoppen"])
def test_stop_alone_stops(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize("text", ["", "stop de bus", "Waar stopt de bus?", "nonstop"])
def test_stop_in_a_sentence_does_not_stop(text: str) -> None:
    assert not is_stop(text)


def test_the_reply_is_in_dutch_unless_the_resident_asked_otherwise() -> None:
    assert reply_language(None, "nl", offered_before=False) == ReplyLanguage("nl", Ground.LANGUAGE_OF_GOVERNMENT)
    assert reply_language(None, "fr", offered_before=False).offer == "fr"
    assert reply_language(None, "fr", offered_before=True).offer is None
    asked_for = reply_language("fr", "nl", offered_before=False)
    assert (asked_for.language, asked_for.ground, asked_for.is_translation) == ("fr", Ground.REQUESTED, True)
    assert reply_language("xx", "nl", offered_before=False).language == "nl"
    assert not reply_language("nl", "fr", offered_before=False).is_translation


def test_in_danger_dutch_comes_first_and_the_writers_language_below() -> None:
    assert safety_languages("nl", None) == ("nl",)
    assert safety_languages("fr", None) == ("nl", "fr")
    assert safety_languages("nl", "en") == ("nl", "en")


@pytest.mark.parametrize(
    ("text", "code"), [("ENGLISH", "en"), ("Frans!", "fr"), (" deutsch ", "de"), ("Nederlands", "nl")]
)
def test_the_name_of_a_language_alone_asks_for_it(text: str, code: str) -> None:
    assert is_named(text) == code


def test_the_name_of_a_language_in_a_sentence_is_found_but_is_not_all_of_it() -> None:
    assert named("Kan het ook in het Frans?") == "fr"
    assert is_named("Kan het ook in het Frans?") is None
    assert named("papier") is None
