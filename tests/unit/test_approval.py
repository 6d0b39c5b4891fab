"""Four eyes: who may approve what."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from broadcast.alert import Alert, AlertState, Content, Severity
from broadcast.approval import check, digest
from broadcast.selection import Selection
from broadcast.vocabulary import Category, Certainty, Kind, ResponseType, Scope, Status, Urgency
from storage.errors import Conflict, Forbidden, InvalidInput

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AUTHOR, HELPER, SUBMITTER, APPROVER = 1, 2, 3, 4
CONTENT = Content(
    severity=Severity.EXTREME,
    title="Gaslek",
    texts={"nl": "Sluit ramen en deuren.", "fr": "Fermez tout."},
    audience=Selection(networks=frozenset({1, 2})),
    expires_at=NOW + timedelta(hours=1),
)
ALERT = Alert(
    id=1,
    organisation_id=1,
    state=AlertState.SUBMITTED,
    content=CONTENT,
    author_ids=(AUTHOR, HELPER),
    digest=digest(CONTENT),
    submitted_by=SUBMITTER,
    submitted_at=NOW,
    approved_by=None,
    approved_at=None,
    created_at=NOW,
    changed_at=NOW,
    closed_at=None,
)
SEEN = digest(CONTENT)


def test_somebody_else_may_approve() -> None:
    assert check(ALERT, APPROVER, SEEN, NOW) is False


@pytest.mark.parametrize("officer", [AUTHOR, HELPER, SUBMITTER])
def test_nobody_approves_what_they_wrote_changed_or_submitted(officer: int) -> None:
    with pytest.raises(Forbidden):
        check(ALERT, officer, SEEN, NOW)


CHANGES: list[dict[str, object]] = [
    {"ask_if_safe": False},
    {"title": "Gaslek!"},
    {"texts": {"nl": "Sluit ramen.", "fr": "Fermez tout."}},
    {"texts": {"nl": "Sluit ramen en deuren."}},
    {"texts": {"nl": "Sluit ramen en deuren.", "de": "Fermez tout."}},
    {"audience": Selection(networks=frozenset({1, 3}))},
    {"audience": Selection(networks=frozenset({1, 2}), languages=frozenset({"fr"}))},
    {"severity": Severity.SEVERE},
    {"expires_at": NOW + timedelta(hours=1, seconds=1)},
    {"kind": Kind.GAS_LEAK},
    {"status": Status.EXERCISE},
    {"scope": Scope.PUBLIC},
    {"categories": (Category.CBRNE,)},
    {"urgency": Urgency.IMMEDIATE},
    {"certainty": Certainty.OBSERVED},
    {"response_types": (ResponseType.EVACUATE,)},
    {"area": "Molenveld"},
    {"instructions": {"nl": "Ga weg."}},
    {"short_texts": {"nl": "Gaslek: ga weg."}},
    {"contact": "101"},
    {"web": "https://pz.example"},
    {"template_sid": "HX1"},
    {"template_values": ("Kerkstraat",)},
    {"effective_at": NOW},
    {"onset_at": NOW},
]


@pytest.mark.parametrize("change", CHANGES, ids=",".join)
def test_an_approval_holds_only_for_what_the_approver_saw(change: dict[str, object]) -> None:
    changed = replace(ALERT, content=replace(CONTENT, **change))  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        check(changed, APPROVER, SEEN, NOW)


def test_no_field_of_an_alert_is_left_out_of_what_is_approved() -> None:
    assert {name for change in CHANGES for name in change} == {field.name for field in fields(Content)}


def test_the_digest_does_not_depend_on_order_line_ends_or_the_form_of_accents() -> None:
    text = "caf\u00e9\ngesloten"
    one = replace(CONTENT, texts={"nl": text, "fr": "x"})
    other = replace(
        CONTENT, texts={"fr": "x", "nl": "cafe\u0301\r\ngesloten "}, audience=Selection(networks=frozenset({2, 1}))
    )
    assert digest(one) == digest(other)


def test_what_ended_meanwhile_is_not_approved() -> None:
    with pytest.raises(Conflict):
        check(ALERT, APPROVER, SEEN, CONTENT.expires_at)


def test_in_an_emergency_an_author_may_approve_alone_with_a_reason() -> None:
    assert check(ALERT, AUTHOR, SEEN, NOW, "de permanentie antwoordt niet") is True


def test_an_override_needs_a_reason() -> None:
    with pytest.raises(InvalidInput):
        check(ALERT, AUTHOR, SEEN, NOW, " ")


def test_an_override_ends_fifteen_minutes_after_submitting() -> None:
    with pytest.raises(Conflict):
        check(ALERT, AUTHOR, SEEN, NOW + timedelta(minutes=15, seconds=1), "niemand bereikbaar")


def test_an_alert_approved_alone_lasts_two_hours_at_most() -> None:
    content = replace(CONTENT, expires_at=NOW + timedelta(hours=2, seconds=1))
    with pytest.raises(Forbidden):
        check(replace(ALERT, content=content), AUTHOR, digest(content), NOW, "niemand bereikbaar")


def test_only_what_lives_may_depend_on_can_be_approved_alone() -> None:
    content = replace(CONTENT, severity=Severity.MODERATE)
    with pytest.raises(Forbidden):
        check(replace(ALERT, content=content), AUTHOR, digest(content), NOW, "niemand bereikbaar")
