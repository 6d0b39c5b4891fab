"""Each person is told once, where they prefer it and agreed to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadcast.audience import (
    AlertSender,
    Candidate,
    ConsentState,
    Recipient,
    Suppressed,
    choose,
    choose_again,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TELEGRAM, WHATSAPP, SMS = (
    AlertSender(number, name, 30, None) for number, name in enumerate(["telegram", "whatsapp", "sms"], 1)
)
VOICE = AlertSender(4, "voice", 1, None)
SENDERS = {one.channel: one for one in (TELEGRAM, WHATSAPP, SMS)}
WITH_TEMPLATE = SENDERS | {"whatsapp": AlertSender(2, "whatsapp", 80, "HX1")}
JUST_NOW, LONG_AGO = NOW - timedelta(minutes=5), NOW - timedelta(days=2)


def at(
    id: int,  # noqa: A002 - reads best so
    channel: str,
    consent: ConsentState = ConsentState.GIVEN,
    *,
    wrote: datetime | None = None,
    active: bool = True,
) -> Candidate:
    return Candidate(id, channel, active, wrote, consent)


def test_telegram_comes_before_whatsapp_and_whatsapp_before_sms() -> None:
    everything = [at(1, "sms"), at(2, "whatsapp", wrote=JUST_NOW), at(3, "telegram")]
    assert choose(7, everything, SENDERS, NOW) == Recipient(7, 3, TELEGRAM.id)
    assert choose(7, everything[:2], SENDERS, NOW) == Recipient(7, 2, WHATSAPP.id)


def test_on_telegram_somebody_is_told_by_the_bot_whose_chat_they_opened() -> None:
    second = AlertSender(9, "telegram", 30, None)
    senders = SENDERS | {"telegram": replace(TELEGRAM, others=(second,))}
    opened, other = replace(at(1, "telegram"), account=9), replace(at(1, "telegram"), account=8)
    assert choose(7, [opened], senders, NOW) == Recipient(7, 1, second.id)
    assert choose(7, [at(1, "telegram")], senders, NOW) == Recipient(7, 1, TELEGRAM.id)
    assert choose(7, [other, at(2, "sms")], senders, NOW) == Recipient(7, 2, SMS.id)


def test_only_an_address_with_consent_is_used() -> None:
    found = choose(7, [at(1, "telegram", ConsentState.WITHDRAWN), at(2, "sms")], SENDERS, NOW)
    assert found == Recipient(7, 2, SMS.id)


@pytest.mark.parametrize("consent", [ConsentState.NEVER, ConsentState.WITHDRAWN])
def test_who_did_not_agree_or_sent_stop_is_told_nothing(consent: ConsentState) -> None:
    found = choose(7, [at(1, "telegram", consent)], SENDERS, NOW)
    assert found == Recipient(7, 1, None, Suppressed.NO_CONSENT)


def test_an_address_that_does_not_work_is_passed_over() -> None:
    assert choose(7, [at(1, "telegram", active=False), at(2, "sms")], SENDERS, NOW) == Recipient(7, 2, SMS.id)
    assert choose(7, [at(1, "telegram", active=False)], SENDERS, NOW) == Recipient(7, 1, None, Suppressed.UNREACHABLE)


def test_a_channel_without_a_sender_of_ours_is_passed_over() -> None:
    assert choose(7, [at(1, "telegram"), at(2, "sms")], {"sms": SMS}, NOW) == Recipient(7, 2, SMS.id)


@pytest.mark.parametrize("wrote", [None, LONG_AGO])
def test_a_closed_whatsapp_window_is_opened_by_the_template(wrote: datetime | None) -> None:
    assert choose(7, [at(1, "whatsapp", wrote=wrote)], WITH_TEMPLATE, NOW) == Recipient(7, 1, WHATSAPP.id)


def test_without_a_template_their_own_sms_address_is_used() -> None:
    found = choose(7, [at(1, "whatsapp", wrote=LONG_AGO), at(2, "sms")], SENDERS, NOW)
    assert found == Recipient(7, 2, SMS.id)


def test_without_template_and_sms_address_the_same_number_gets_an_sms() -> None:
    found = choose(7, [at(1, "whatsapp", wrote=LONG_AGO)], SENDERS, NOW)
    assert found == Recipient(7, 1, SMS.id, by_sms_instead=True)


@pytest.mark.parametrize("refused", [at(2, "sms", ConsentState.WITHDRAWN), at(2, "sms", active=False)])
def test_the_same_number_gets_no_sms_when_sms_was_refused_or_does_not_work(refused: Candidate) -> None:
    found = choose(7, [at(1, "whatsapp", wrote=LONG_AGO), refused], SENDERS, NOW)
    assert found == Recipient(7, 1, None, Suppressed.WINDOW_CLOSED)


def test_without_an_sms_sender_a_closed_window_stays_closed() -> None:
    found = choose(7, [at(1, "whatsapp", wrote=LONG_AGO)], {"whatsapp": WHATSAPP}, NOW)
    assert found == Recipient(7, 1, None, Suppressed.WINDOW_CLOSED)


def test_a_window_that_closes_while_we_queue_counts_as_closed() -> None:
    nearly_over = NOW - timedelta(hours=23, minutes=45)
    assert choose(7, [at(1, "whatsapp", wrote=nearly_over)], SENDERS, NOW) == Recipient(
        7, 1, SMS.id, by_sms_instead=True
    )


def test_only_what_is_grave_calls_somebody_who_can_only_be_called() -> None:
    landline, senders = [at(1, "voice")], SENDERS | {"voice": VOICE}
    assert choose(7, landline, senders, NOW, calls=True) == Recipient(7, 1, VOICE.id)
    assert choose(7, landline, senders, NOW) == Recipient(7, 1, None, Suppressed.NOT_CALLED)
    assert choose(7, landline, SENDERS, NOW) == Recipient(7, 1, None, Suppressed.UNREACHABLE)
    assert choose(7, [at(2, "sms"), *landline], senders, NOW) == Recipient(7, 2, SMS.id)


def test_who_was_called_is_not_called_for_what_is_routine() -> None:
    senders = SENDERS | {"voice": VOICE}
    assert choose_again(7, at(1, "voice"), VOICE.id, senders, NOW, calls=True) == Recipient(7, 1, VOICE.id)
    again = choose_again(7, at(1, "voice"), VOICE.id, senders, NOW)
    assert again == Recipient(7, 1, None, Suppressed.NOT_CALLED)


def test_who_has_no_address_at_all_has_no_line() -> None:
    assert choose(7, [], SENDERS, NOW) is None


def test_what_follows_takes_the_way_that_the_alert_took() -> None:
    assert choose_again(7, at(1, "telegram"), TELEGRAM.id, SENDERS, NOW) == Recipient(7, 1, TELEGRAM.id)
    by_sms = choose_again(7, at(1, "whatsapp", wrote=LONG_AGO), SMS.id, SENDERS, NOW)
    assert by_sms == Recipient(7, 1, SMS.id, by_sms_instead=True)


def test_what_follows_takes_the_other_way_by_which_the_alert_came_though_the_first_does_not_work() -> None:
    gone = replace(at(1, "whatsapp"), active=False)
    assert choose_again(7, gone, SMS.id, SENDERS, NOW) == Recipient(7, 1, SMS.id, by_sms_instead=True)
    assert choose_again(7, gone, WHATSAPP.id, SENDERS, NOW).suppressed is Suppressed.UNREACHABLE


def test_what_follows_respects_a_stop_in_between() -> None:
    stopped = choose_again(7, at(1, "sms", ConsentState.WITHDRAWN), SMS.id, SENDERS, NOW)
    assert stopped == Recipient(7, 1, None, Suppressed.NO_CONSENT)
