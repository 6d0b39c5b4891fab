"""What we write is valid, in meaning too, and reads as it was meant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.cap.model import (
    Area,
    Circle,
    Info,
    Message,
    MessageStatus,
    MessageType,
    Named,
    Point,
    Reference,
    Resource,
)
from broadcast.cap.reading import read
from broadcast.cap.writing import write
from broadcast.vocabulary import Category, Certainty, ResponseType, Scope, Severity, Urgency
from storage.errors import InvalidInput

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="<>&\r", exclude_categories=["Cc", "Cs"])).map(str.strip)
WORD = st.from_regex(r"\A[A-Za-z0-9@.-]{1,20}\Z")
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.builds(datetime.fromtimestamp, st.integers(0, 4_000_000_000), OFFSETS)
POINTS = st.tuples(
    st.floats(-90, 90, allow_nan=False).map(lambda one: round(one, 5) + 0.0),
    st.floats(-180, 180, allow_nan=False).map(lambda one: round(one, 5) + 0.0),
)
NAMED = st.builds(Named, TEXT, TEXT)


def closed(points: list[Point]) -> tuple[Point, ...]:
    return (*points, points[0])


AREAS = st.builds(
    Area,
    description=TEXT,
    polygons=st.lists(st.lists(POINTS, min_size=3, max_size=6).map(closed), max_size=2).map(tuple),
    circles=st.lists(st.builds(Circle, POINTS, st.integers(0, 500).map(float)), max_size=2).map(tuple),
    geocodes=st.lists(NAMED, max_size=2).map(tuple),
    altitude=st.sampled_from(["", "0", "12.5"]),
)
RESOURCES = st.builds(
    Resource, description=TEXT, mime_type=TEXT, uri=st.sampled_from(["", "https://example.be/kaart.png"])
)


@st.composite
def infos(draw: st.DrawFn, sent: datetime) -> Info:
    return draw(
        st.builds(
            Info,
            language=st.sampled_from(["nl", "nl-BE", "fr", "de-DE", "en-US", "uk"]),
            categories=st.lists(st.sampled_from(Category), min_size=1, max_size=3).map(tuple),
            event=TEXT,
            response_types=st.lists(st.sampled_from(ResponseType), max_size=3).map(tuple),
            urgency=st.sampled_from(Urgency),
            severity=st.sampled_from(Severity),
            certainty=st.sampled_from(Certainty),
            event_codes=st.lists(NAMED, max_size=2).map(tuple),
            onset=st.none() | st.timedeltas(timedelta(days=-9), timedelta()).map(lambda by: whole(sent + by)),
            expires=st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=9)).map(lambda by: whole(sent + by)),
            headline=TEXT,
            description=TEXT,
            web=st.sampled_from(["", "https://example.be/a?b=c&d=e"]),
            parameters=st.lists(NAMED, max_size=2).map(tuple),
            resources=st.lists(RESOURCES, max_size=2).map(tuple),
            areas=st.lists(AREAS, max_size=2).map(tuple),
        )
    )


def whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    sent = draw(MOMENTS)
    return draw(
        st.builds(
            Message,
            identifier=WORD,
            sender=WORD,
            sent=st.just(sent),
            status=st.sampled_from(MessageStatus),
            type=st.sampled_from(MessageType),
            scope=st.just(Scope.PUBLIC),
            codes=st.lists(TEXT.filter(bool), max_size=2).map(tuple),
            note=TEXT,
            references=st.lists(st.builds(Reference, WORD, WORD, MOMENTS), min_size=1, max_size=3).map(tuple),
            infos=st.lists(infos(sent), max_size=3).map(tuple),
        )
    )


@given(messages())
def test_what_is_written_reads_as_the_same(message: Message) -> None:
    document = read(write(message))
    assert document.messages == (message,)
    assert document.warnings == ()


def plain(**changes: object) -> Message:
    told = Info(
        categories=(Category.FIRE,),
        event="Brand",
        urgency=Urgency.IMMEDIATE,
        severity=Severity.SEVERE,
        certainty=Certainty.OBSERVED,
    )
    message = Message(
        identifier="a",
        sender="b",
        sent=datetime(2026, 11, 26, 7, tzinfo=UTC),
        status=MessageStatus.ACTUAL,
        type=MessageType.ALERT,
        scope=Scope.PUBLIC,
    )
    return replace(message, infos=(replace(told, **changes),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"headline": "<b>Brand</b>"}, "HTML in a text"),
        ({"web": "/brand"}, "relative link"),
        ({"expires": datetime(2026, 11, 26, 6, tzinfo=UTC)}, "impossible dates"),
        ({"areas": (Area(description="a", polygons=(((51.0, 4.0), (52.0, 4.0), (52.0, 5.0)),)),)}, "open polygon"),
        ({"categories": ()}, "not CAP 1.2"),
    ],
)
def test_what_we_would_warn_of_we_do_not_write(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        write(plain(**changes))


def test_utc_is_written_as_the_standard_wants_it() -> None:
    assert b"<sent>2026-11-26T07:00:00-00:00</sent>" in write(plain())


def test_characters_that_no_document_may_hold_are_left_out() -> None:
    assert b"<headline>Brand</headline>" in write(plain(headline="Br\x0band\x00"))
