"""The next way to somebody: by the provider's code, never without consent, never twice the same without end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.audience import AlertSender, Candidate, ConsentState, Senders
from broadcast.failover import TOO_SOON, Course, Tried, Way, course, next_way, policy, waits
from broadcast.vocabulary import Severity
from messaging.incoming import ChannelKind

TELEGRAM, WHATSAPP, SMS, VOICE = ChannelKind.TELEGRAM, ChannelKind.WHATSAPP, ChannelKind.SMS, ChannelKind.VOICE
SENDERS: Senders = {
    channel: AlertSender(number, channel, 10.0, None) for number, channel in enumerate((TELEGRAM, WHATSAPP, SMS, VOICE))
}
EXTREME, MINOR = policy(Severity.EXTREME), policy(Severity.MINOR)
CODES = (
    TOO_SOON,
    "20429",
    "21211",
    "21610",
    "21614",
    "21635",
    "30001",
    "30003",
    "30004",
    "30005",
    "30006",
    "30007",
    "30008",
    "30036",
    "63003",
    "63014",
    "63016",
    "63024",
    "403",
    "busy",
    "no-answer",
    "unheard of",
)


def address(
    number: int, channel: ChannelKind, consent: ConsentState = ConsentState.GIVEN, *, active: bool = True
) -> Candidate:
    return Candidate(number, channel, active, None, consent)


def way(candidate: Candidate, channel: ChannelKind) -> Way:
    return Way(candidate.id, channel, SENDERS[channel].id)


PHONE, CHAT, APP = address(1, SMS), address(2, TELEGRAM), address(3, WHATSAPP)


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        ("30003", Course.AGAIN, Course.NEXT),
        ("30008", Course.AGAIN, Course.NEXT),
        ("30001", Course.AGAIN, Course.NEXT),
        ("21611", Course.AGAIN, Course.NEXT),
        ("busy", Course.AGAIN, Course.NEXT),
        ("no-answer", Course.AGAIN, Course.NEXT),
        ("21610", Course.NEXT, Course.NEXT),
        ("63014", Course.NEXT, Course.NEXT),
        ("21211", Course.CALL, Course.CALL),
        ("21614", Course.CALL, Course.CALL),
        ("30005", Course.CALL, Course.CALL),
        ("30006", Course.CALL, Course.CALL),
        ("21635", Course.CALL, Course.CALL),
        ("30004", Course.NEXT, Course.NEXT),
        ("30007", Course.NEXT, Course.NEXT),
        ("63003", Course.NEXT, Course.NEXT),
        ("63024", Course.NEXT, Course.NEXT),
        ("30036", Course.END, Course.END),
        (TOO_SOON, Course.NEXT, Course.NEXT),
        (None, Course.NEXT, Course.NEXT),
    ],
)
def test_the_code_decides_what_follows(code: str | None, first: Course, second: Course) -> None:
    assert (course(code, 1), course(code, 2)) == (first, second)


def test_a_phone_that_is_off_is_given_a_minute_and_one_that_nobody_takes_three() -> None:
    assert [waits(code).total_seconds() for code in ("30003", "no-answer", "30007")] == [60, 180, 0]


def test_whatsapp_then_sms_then_a_call() -> None:
    tried = [Tried(way(APP, WHATSAPP), TOO_SOON)]
    assert next_way(tried, [PHONE, APP], SENDERS, EXTREME) == way(PHONE, SMS)
    tried.append(Tried(way(PHONE, SMS), "30007"))
    assert next_way(tried, [PHONE, APP], SENDERS, EXTREME) == way(APP, SMS)
    tried.append(Tried(way(APP, SMS), "30007"))
    assert next_way(tried, [PHONE, APP], SENDERS, EXTREME) == way(PHONE, VOICE)
    tried.append(Tried(way(PHONE, VOICE), "failed"))
    assert next_way(tried, [PHONE, APP], SENDERS, EXTREME) is None


def test_a_landline_is_called_where_the_alert_allows_it() -> None:
    tried = [Tried(way(PHONE, SMS), "21614")]
    landline = address(1, SMS, active=False)
    assert next_way(tried, [landline], SENDERS, EXTREME) == way(PHONE, VOICE)
    assert next_way(tried, [landline], SENDERS, MINOR) is None


def test_who_stopped_us_at_a_number_is_not_called_there() -> None:
    tried = [Tried(way(PHONE, SMS), "21610")]
    assert next_way(tried, [address(1, SMS, active=False)], SENDERS, EXTREME) is None


def test_who_is_no_whatsapp_user_gets_an_sms_unless_they_refused_those() -> None:
    tried = [Tried(way(APP, WHATSAPP), "63024")]
    gone = address(3, WHATSAPP, active=False)
    assert next_way(tried, [gone], SENDERS, MINOR) == way(APP, SMS)
    assert next_way(tried, [gone, address(1, SMS, ConsentState.WITHDRAWN)], SENDERS, MINOR) is None


def test_a_closed_window_is_opened_by_a_template_where_there_is_one() -> None:
    tried = [Tried(way(APP, WHATSAPP), "63016")]
    with_template = SENDERS | {WHATSAPP: AlertSender(SENDERS[WHATSAPP].id, WHATSAPP, 10.0, "HX1")}
    assert next_way(tried, [APP, PHONE], with_template, MINOR) == way(APP, WHATSAPP)
    assert next_way(tried * 2, [APP, PHONE], with_template, MINOR) == way(PHONE, SMS)
    assert next_way(tried, [APP, PHONE], SENDERS, MINOR) == way(PHONE, SMS)


def test_what_is_routine_neither_waits_for_news_nor_calls() -> None:
    assert (MINOR.deadlines, MINOR.calls) == ({}, False)
    assert TELEGRAM not in EXTREME.deadlines


addresses = st.lists(
    st.builds(
        Candidate,
        st.integers(1, 6),
        st.sampled_from(ChannelKind),
        st.booleans(),
        st.none(),
        st.sampled_from(ConsentState),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one.id,
)


@given(addresses, st.data(), st.sampled_from(Severity))
def test_every_person_is_tried_to_an_end_and_only_where_they_agreed(
    candidates: list[Candidate], data: st.DataObject, severity: Severity
) -> None:
    first = candidates[0]
    tried = [Tried(way(first, ChannelKind(first.channel)), data.draw(st.sampled_from(CODES)))]
    agreed = {one.id for one in candidates if one.consent is ConsentState.GIVEN}
    stopped = {tried[0].way.address_id} if tried[0].code in {"21610", "63014"} else set()
    while found := next_way(tried, candidates, SENDERS, policy(severity)):
        assert found.address_id in agreed - stopped
        assert found.channel != VOICE or policy(severity).calls or found == tried[-1].way
        assert tried[-1].code != "30036"
        tried.append(Tried(found, data.draw(st.sampled_from(CODES))))
        stopped |= {tried[-1].way.address_id} if tried[-1].code in {"21610", "63014"} else set()
        assert len(tried) <= 2 * (3 * len(candidates) + 1)
