"""What sending would mean: whom it reaches, how long it takes, what it costs, what must be seen first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadcast.alert import Content, Severity
from broadcast.audience import AlertSender, Candidate, ConsentState, Suppressed
from broadcast.event import first
from broadcast.preflight.cautions import cautions
from broadcast.preflight.estimate import Group, Preflight, preflight
from broadcast.selection import Selection
from messaging.sms import Encoding
from people.organisation import OfficeHours, Organisation, OrganisationKind

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOWN = Organisation(
    id=1,
    kind=OrganisationKind.POLICE_ZONE,
    name="PZ Lindebeke",
    slug="pz",
    nis_code=None,
    inhabitants=21_032,
    address_form="u",
    office_hours=OfficeHours.read([[]] * 7),
    demonstration=False,
)
CONTENT = Content(
    severity=Severity.SEVERE,
    title="Gaslek",
    texts={"nl": "Blijf binnen."},
    audience=Selection(networks=frozenset({1})),
    expires_at=NOW + timedelta(hours=2),
)
TELEGRAM = AlertSender(1, "telegram", 30, None)
SMS = AlertSender(2, "sms", 10, None, price=0.08)
WHATSAPP = AlertSender(3, "whatsapp", 80, "HX1", daily_limit=250)
EVERY = {one.channel: one for one in (TELEGRAM, SMS, WHATSAPP)}


def person(number: int, channel: str, language: str | None = None, *, consent: bool = True) -> Group:
    """So many people with one address, on WhatsApp long silent."""
    said = ConsentState.GIVEN if consent else ConsentState.NEVER
    return Group(number, language, (Candidate(0, channel, True, None, said),))


def counted(*groups: Group, content: Content = CONTENT, senders: dict[str, AlertSender] = EVERY) -> Preflight:
    return preflight(first(content, TOWN, NOW), groups, senders, NOW)


def codes(found: Preflight, content: Content = CONTENT, town: Organisation = TOWN) -> list[str]:
    return [one.code for one in cautions(content, first(content, town, NOW), found, NOW)]


def test_people_are_counted_by_channel_and_who_is_missed_by_reason() -> None:
    found = counted(person(60, "telegram"), person(20, "sms"), person(5, "sms", consent=False), Group(3, None, ()))
    assert found.by_channel == {"telegram": 60, "sms": 20}
    assert (found.people, found.reachable, found.without_consent, found.unreachable) == (88, 80, 5, 3)


def test_the_time_is_that_of_the_slowest_sender() -> None:
    assert counted(person(60, "telegram"), person(600, "sms")).seconds == 60


def test_an_sms_costs_its_parts() -> None:
    found = counted(person(100, "sms"))
    assert found.sms[0].segments.parts == 1
    assert found.price == pytest.approx(8.0)


def test_a_costly_sign_is_named_with_what_it_costs_in_each_language() -> None:
    content = replace(CONTENT, texts={"nl": "Blijf binnen. " * 8, "fr": "Restez à l'intérieur, fenêtres closes. " * 4})
    dutch, french = counted(person(10, "sms"), person(5, "sms", "fr"), content=content).sms
    assert (dutch.language, dutch.segments.encoding) == (None, Encoding.GSM7)
    assert (french.language, french.segments.costly) == ("fr", ("ê",))
    assert "dear:fr:ê" in codes(counted(person(5, "sms", "fr"), content=content), content)


def test_a_language_without_a_text_is_counted_as_dutch_and_said() -> None:
    found = counted(person(10, "sms"), person(4, "sms", "de"))
    assert [(one.language, one.people) for one in found.sms] == [(None, 14)]
    assert codes(found) == ["no text:de"]


def test_a_new_whatsapp_number_may_not_write_to_more_people_than_its_limit() -> None:
    found = counted(person(300, "whatsapp"))
    assert found.ways[0].templates == 300
    assert codes(found) == ["daily limit"]
    assert codes(counted(person(250, "whatsapp"))) == []


def test_without_a_template_who_is_silent_is_told_by_sms_or_not_at_all() -> None:
    without = {**EVERY, "whatsapp": replace(WHATSAPP, template=None)}
    assert codes(counted(person(5, "whatsapp"), senders=without)) == ["sms instead"]
    del without["sms"]
    found = counted(person(5, "whatsapp"), senders=without)
    assert found.missed == {Suppressed.WINDOW_CLOSED: 5}
    assert codes(found) == ["window closed", "few"]


def test_who_can_only_be_called_is_told_what_is_grave_and_nothing_else() -> None:
    senders = {**EVERY, "voice": AlertSender(4, "voice", 1, None)}
    assert counted(person(5, "voice"), senders=senders).by_channel == {"voice": 5}
    routine = replace(CONTENT, severity=Severity.MODERATE)
    found = counted(person(5, "voice"), content=routine, senders=senders)
    assert (found.reachable, found.not_called, found.unreachable) == (0, 5, 0)
    assert codes(found, routine) == ["not called", "few"]


def test_an_alert_that_ends_before_the_last_message_left_says_so() -> None:
    content = replace(CONTENT, expires_at=NOW + timedelta(minutes=5))
    assert codes(counted(person(4_000, "sms"), content=content), content) == ["ends early"]
    assert codes(counted(person(2_000, "sms"), content=content), content) == []


def test_where_notices_go_out_in_french_too_it_is_missed() -> None:
    assert codes(counted(person(1, "sms")), town=replace(TOWN, nis_code="23103")) == ["no text:facilities"]


def test_whom_a_whatsapp_number_wrote_to_today_is_taken_off_its_limit() -> None:
    groups, event = [person(100, "whatsapp")], first(CONTENT, TOWN, NOW)
    for used, over in ((150, 0), (200, 50), (240, 90), (900, 100)):
        found = preflight(event, groups, EVERY, NOW, {WHATSAPP.id: used})
        assert found.ways[0].over_limit == over
        (*_, last) = (None, *cautions(CONTENT, event, found, NOW))
        assert (last and (last.code, dict(last.values))) == (
            ("daily limit", {"number": over, "used": used}) if over else None
        )


def test_the_other_ways_are_counted_at_most_as_far_as_the_alert_is_grave() -> None:
    both = (
        Candidate(0, "whatsapp", True, None, ConsentState.GIVEN),
        Candidate(0, "sms", True, None, ConsentState.GIVEN),
    )
    groups = [Group(100, None, both), person(20, "sms"), person(5, "telegram"), person(7, "sms", consent=False)]
    senders = {**EVERY, "voice": AlertSender(4, "voice", 1, None, price=0.2)}
    found = counted(*groups, senders=senders)
    assert {one.sender.channel: one.people for one in found.further} == {"sms": 100, "voice": 120}
    assert found.further_price == pytest.approx(100 * 0.08 + 120 * 0.2)
    routine = counted(*groups, content=replace(CONTENT, severity=Severity.MODERATE), senders=senders)
    assert {one.sender.channel: one.people for one in routine.further} == {"sms": 100}


def test_another_way_by_sms_is_paid_by_its_parts() -> None:
    content = replace(CONTENT, texts={"nl": "Blijf binnen. " * 20})
    found = counted(person(10, "whatsapp"), content=content)
    (sms,) = found.further
    assert (sms.people, sms.units) == (10, 30)
