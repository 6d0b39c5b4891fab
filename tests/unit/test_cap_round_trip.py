"""Whatever alert of ours is given out as CAP, whoever takes it in again means the same by it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from broadcast.alert import Content
from broadcast.cap import drafting, exporting
from broadcast.cap.model import Message
from broadcast.cap.reading import read
from broadcast.cap.writing import write
from broadcast.event import Event, EventKind, check_content, first, following
from broadcast.places import area as surface
from broadcast.selection import Selection
from broadcast.vocabulary import Category, Certainty, Kind, ResponseType, Scope, Severity, Status, Urgency
from people.organisation import OfficeHours, Organisation, OrganisationKind

AT = datetime(2026, 11, 26, 6, tzinfo=UTC)
SENDER = "lindebeke@alerts.example.be"
TOWN = Organisation(
    id=1,
    kind=OrganisationKind.MUNICIPALITY,
    name="Gemeente Lindebeke",
    slug="lindebeke",
    nis_code=None,
    inhabitants=21_032,
    address_form="u",
    office_hours=OfficeHours(((),) * 7),
    demonstration=False,
)
LETTERS = st.characters(codec="utf-8", exclude_characters="<>&\r", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"])
TEXT = st.text(LETTERS | st.just("\n"), min_size=1, max_size=60).map(str.strip).filter(bool)
MOMENTS = st.timedeltas(timedelta(minutes=1), timedelta(days=9)).map(lambda by: (AT + by).replace(microsecond=0))
AREAS = st.sampled_from(
    [
        None,
        surface.Area.of([[(4.48, 51.03), (4.5, 51.03), (4.5, 51.05)]])[0],
        surface.Area.of([], [surface.Circle((4.48, 51.03), 2500)])[0],
        surface.Area.of([[(4, 51), (4.1, 51), (4.1, 51.1), (4, 51.1)]], [surface.Circle((-3.2, 50.5), 120.5)])[0],
    ]
)
AUDIENCES = st.builds(
    Selection,
    post_codes=st.frozensets(st.sampled_from(["2860", "9000", "1000"])),
    municipalities=st.frozensets(st.sampled_from(["12025", "11002"])),
    area=AREAS,
)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """Content that the composer would take."""
    texts = {"nl": draw(TEXT), **draw(st.dictionaries(st.sampled_from(["fr", "de", "en"]), TEXT))}
    some = st.dictionaries(st.sampled_from(sorted(texts)), TEXT)
    expires_at = draw(MOMENTS.filter(lambda one: one > AT + timedelta(hours=1)))
    return Content(
        severity=draw(st.sampled_from(Severity)),
        title=draw(TEXT),
        texts=texts,
        audience=draw(AUDIENCES),
        expires_at=expires_at,
        kind=draw(st.sampled_from(Kind)),
        status=draw(st.sampled_from(Status)),
        scope=draw(st.sampled_from([Scope.PUBLIC, Scope.RESTRICTED])),
        categories=draw(st.lists(st.sampled_from(Category), min_size=1, max_size=3, unique=True).map(tuple)),
        urgency=draw(st.sampled_from(Urgency)),
        certainty=draw(st.sampled_from(Certainty)),
        response_types=draw(st.lists(st.sampled_from(ResponseType), max_size=3, unique=True).map(tuple)),
        area=draw(TEXT | st.just("")),
        instructions=draw(some),
        short_texts=draw(some),
        contact=draw(TEXT | st.just("")),
        web=draw(st.sampled_from(["", "https://lindebeke.example/gas?a=1&b=2"])),
        effective_at=draw(st.none() | st.just(expires_at - timedelta(minutes=30))),
        onset_at=draw(st.none() | st.timedeltas(timedelta(), timedelta(hours=1)).map(lambda by: _whole(AT + by))),
    )


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _again(event: Event, content: Content, earlier: Sequence[Event] = ()) -> Message:
    """The event as somebody reads it who was handed what we wrote, without a single doubt."""
    document = read(write(exporting.message_of(event, content, earlier, TOWN, SENDER)))
    assert document.warnings == ()
    (message,) = document.messages
    return message


@given(contents())
def test_an_alert_that_comes_back_would_be_drafted_as_it_was(content: Content) -> None:
    check_content(content, AT)
    drafted = drafting.draft(_again(first(content, TOWN, AT), content), AT)
    assert drafted is not None
    assert drafted.notes == ()
    assert drafted.content == replace(content, area=content.area or TOWN.name)


@given(
    contents(), st.lists(st.tuples(st.sampled_from(["update", "cancel", "all_clear"]), TEXT), min_size=1, max_size=4)
)
def test_what_follows_names_all_that_was_told_before_and_says_the_same(
    content: Content, told: list[tuple[str, str]]
) -> None:
    sent = [replace(first(content, TOWN, AT), id=1)]
    for number, (kind, text) in enumerate(told, start=2):
        at = AT + timedelta(minutes=number)
        follows = following(sent[0], EventKind(kind), {"nl": text, "en": text}, at + timedelta(hours=12))
        event = replace(follows, id=number, created_at=at)
        message = _again(event, content, sent)
        assert [(one.sender, one.identifier, one.sent) for one in message.references] == [
            (SENDER, f"lindebeke-{one.id}", one.created_at) for one in sent
        ]
        assert drafting.follow_up(message, at) == (kind, {"nl": text, "en": text})
        sent.append(event)
