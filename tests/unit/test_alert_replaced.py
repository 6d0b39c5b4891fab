"""An earlier message of an alert says in its first line that something newer followed."""

from dataclasses import replace

import pytest

from broadcast.event import EventKind, render
from broadcast.replaced import REPLACING, replaced
from messaging.telegram.channel import TelegramChannel
from tests.unit.test_alert_event import EVENT


@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        (EventKind.UPDATE, "VERVANGEN: lees het nieuwere bericht hieronder"),
        (EventKind.CANCEL, "INGETROKKEN: dit geldt niet meer"),
        (EventKind.ALL_CLEAR, "VOORBIJ: deze waarschuwing is afgelopen"),
    ],
)
def test_the_mark_says_how_it_stands_and_the_text_stays_below_it(kind: EventKind, mark: str) -> None:
    said = replaced(EVENT, kind, None)
    assert said.text == f"{mark}\n\n{render(EVENT, None, sms=False)}"


def test_it_is_marked_in_every_language_in_which_the_person_was_told() -> None:
    lines = replaced(EVENT, EventKind.ALL_CLEAR, "en").text.splitlines()
    assert lines[:2] == ["VOORBIJ: deze waarschuwing is afgelopen", "OVER: this alert has ended"]


def test_there_is_nothing_to_press_any_more() -> None:
    assert replaced(EVENT, EventKind.UPDATE, None).choices == ()


def test_feedback_replaces_nothing() -> None:
    assert EventKind.FEEDBACK not in REPLACING


def test_the_longest_alert_stays_within_what_telegram_takes() -> None:
    longest = replace(EVENT, texts={"nl": "x" * 1_500})
    assert len(replaced(longest, EventKind.UPDATE, None).text) < TelegramChannel.capabilities.max_length
