"""CAP messages that come in: drafted or proposed once, never sent, and kept to the byte."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from broadcast import alerts as steps
from broadcast.alert import AlertState
from broadcast.cap import repository
from broadcast.cap.importing import open_document, take_in
from broadcast.cap.repository import Outcome, Received
from broadcast.event import EventKind
from broadcast.repository import alerts, events
from broadcast.vocabulary import Kind, Scope, Severity, Status
from people.repository import organisations
from storage.clock import now
from storage.errors import InvalidInput
from storage.repository import broken_audit_line
from tests.cap_documents import SQUARE, alert, area, atom, info, reference
from tests.integration.broadcast_setting import Zone, police_zone

URL = "https://alerts.example.be"
LATER = "<expires>2999-01-01T00:00:00+01:00</expires>"


@pytest.fixture
async def zone(database_url: str) -> AsyncIterator[Zone]:
    async with police_zone(database_url) as made:
        yield made


async def take(zone: Zone, document: str, encoding: str = "utf-8") -> list[Received]:
    incoming = open_document(document.encode(encoding))
    async with zone.database.write() as connection:
        organisation = await organisations.get(connection, zone.id)
        return await take_in(connection, organisation, incoming, "Meldkamer", now(), URL)


async def test_an_alert_becomes_a_draft_in_the_languages_that_we_send(zone: Zone) -> None:
    document = alert(
        info(
            "<headline>Brand in de kerk</headline><description>Blijf binnen.</description>",
            area(
                f"<polygon>{SQUARE}</polygon><circle>51.5,4.5 2</circle>"
                "<geocode><valueName>NIS</valueName><value>12025</value></geocode>"
            ),
        ),
        info("<description>Restez à l'intérieur.</description>", language="fr-BE"),
        info("<description>Залишайтеся вдома.</description>", language="uk"),
    )
    (came,) = await take(zone, document)
    assert (came.outcome, came.trust, came.way) == (Outcome.DRAFTED, "unsigned", "Meldkamer")
    assert came.alert_id is not None
    drafted = await zone.alert(came.alert_id)
    content = drafted.content
    assert (drafted.state, drafted.author_ids) == (AlertState.DRAFT, ())
    assert (content.title, content.kind, content.severity) == ("Brand in de kerk", Kind.FIRE, Severity.SEVERE)
    assert content.texts == {"nl": "Blijf binnen.", "fr": "Restez à l'intérieur."}
    assert content.audience.municipalities == {"12025"}
    assert content.audience.area is not None
    assert content.audience.area.circles[0].radius == 2000
    assert content.audience.area.polygons[0][0] in {(4.0, 51.0), (4.0, 51.1), (4.1, 51.1)}
    assert any("more blocks" in note for note in came.notes)


async def test_the_same_message_again_changes_nothing(zone: Zone) -> None:
    first = await take(zone, alert(info()))
    assert await take(zone, alert(info(event="Iets anders"))) == first
    async with zone.database.read() as connection:
        assert len(await alerts.recent(connection, zone.id)) == 1


async def test_two_at_once_make_one_draft(zone: Zone) -> None:
    found = await asyncio.gather(*(take(zone, alert(info())) for _ in range(4)))
    assert len({one[0].alert_id for one in found}) == 1
    async with zone.database.read() as connection:
        assert len(await alerts.recent(connection, zone.id)) == 1


async def test_an_update_is_proposed_under_its_alert_and_sends_nothing(zone: Zone) -> None:
    (first,) = await take(zone, alert(info()))
    update = alert(
        info("<description>De brand is onder controle.</description>"),
        kind="Update",
        identifier="LB-2",
        more=reference(),
    )
    (second,) = await take(zone, update)
    assert (second.outcome, second.kind, second.alert_id) == (Outcome.PROPOSED, EventKind.UPDATE, first.alert_id)
    assert second.texts == {"nl": "De brand is onder controle."}
    cancel = alert(kind="Cancel", identifier="LB-3", more=reference("LB-2"))
    (third,) = await take(zone, cancel)
    assert (third.outcome, third.kind, third.alert_id) == (Outcome.PROPOSED, EventKind.CANCEL, first.alert_id)
    assert first.alert_id is not None
    assert (await zone.alert(first.alert_id)).state is AlertState.DRAFT
    async with zone.database.read() as connection:
        assert await events.of_alert(connection, zone.id, first.alert_id) == []
        assert len(await repository.of_alert(connection, zone.id, first.alert_id)) == 3
        assert await broken_audit_line(connection, zone.id) is None


async def test_an_update_whose_response_is_all_clear_is_proposed_as_one(zone: Zone) -> None:
    await take(zone, alert(info()))
    told = info("<description>Voorbij.</description>").replace(
        "<urgency>", "<responseType>AllClear</responseType><urgency>"
    )
    (over,) = await take(zone, alert(told, kind="Update", identifier="LB-2", more=reference()))
    assert (over.kind, over.texts) == (EventKind.ALL_CLEAR, {"nl": "Voorbij."})


async def test_references_to_what_we_sent_ourselves_are_ours(zone: Zone) -> None:
    await zone.sender("telegram")  # type: ignore[arg-type]
    await zone.members(1)
    alert_id, event_id = await zone.sent()
    refers = reference(f"pz-{event_id}", "pz@alerts.example.be")
    (came,) = await take(zone, alert(info(), kind="Update", identifier="X", more=refers))
    assert (came.outcome, came.alert_id) == (Outcome.PROPOSED, alert_id)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (alert(kind="Ack", more=reference()), "Ack asks for nothing"),
        (alert(kind="Error", more=reference()), "Error asks for nothing"),
        (alert(status="System"), "its status is System"),
        (alert(info(), status="Draft"), "its status is Draft"),
        (
            alert(info("<expires>2026-11-26T08:00:00+01:00</expires>"), sent="2020-01-01T00:00:00+01:00"),
            "time has passed",
        ),
        (alert(kind="Cancel", more=reference("nobody")), "no alert that we have"),
        (alert(), "tells nothing"),
    ],
)
async def test_what_asks_for_nothing_is_kept(zone: Zone, document: str, reason: str) -> None:
    (came,) = await take(zone, document)
    assert (came.outcome, came.alert_id) == (Outcome.KEPT, None)
    assert reason in came.reason
    async with zone.database.read() as connection:
        assert await repository.document(connection, zone.id, came.document_id) == document.encode()
        assert await alerts.recent(connection, zone.id) == []


@pytest.mark.parametrize(("status", "expected"), [("Exercise", Status.EXERCISE), ("Test", Status.TEST)])
async def test_an_exercise_stays_one(zone: Zone, status: str, expected: Status) -> None:
    (came,) = await take(zone, alert(info(), status=status))
    assert came.alert_id is not None
    assert (await zone.alert(came.alert_id)).content.status is expected


async def test_what_is_restricted_stays_so(zone: Zone) -> None:
    scope = "<scope>Restricted</scope><restriction>Politie</restriction>"
    (came,) = await take(zone, alert(info(), scope=scope))
    assert came.alert_id is not None
    assert (await zone.alert(came.alert_id)).content.scope is Scope.RESTRICTED


async def test_a_draft_without_dutch_says_so(zone: Zone) -> None:
    (came,) = await take(zone, alert(info("<description>Stay inside.</description>", language="en-GB")))
    assert came.alert_id is not None
    texts = (await zone.alert(came.alert_id)).content.texts
    assert texts == {"nl": "NOG TE VERTALEN UIT Engels: Stay inside.", "en": "Stay inside."}


async def test_a_draft_that_names_nobody_cannot_be_offered_for_approval(zone: Zone) -> None:
    (came,) = await take(zone, alert(info("<description>Blijf binnen.</description>")))
    assert came.alert_id is not None
    async with zone.database.write() as connection:
        with pytest.raises(InvalidInput, match="at least one network"):
            await steps.submit(connection, zone.editor, came.alert_id, now())


async def test_the_gravest_block_of_a_language_is_drafted_without_its_html(zone: Zone) -> None:
    (came,) = await take(
        zone,
        alert(
            info("<description>Licht.</description>", severity="Minor"),
            info("<description>&lt;b&gt;Zwaar&lt;/b&gt; &amp;amp; lang.</description>", severity="Extreme"),
        ),
    )
    assert came.alert_id is not None
    content = (await zone.alert(came.alert_id)).content
    assert (content.severity, content.texts["nl"]) == (Severity.EXTREME, "Zwaar & lang.")


async def test_a_feed_is_taken_in_by_the_order_in_which_it_was_sent(zone: Zone) -> None:
    later = alert(info(), kind="Update", identifier="LB-2", sent="2026-11-26T08:00:00+01:00", more=reference())
    first, second = await take(zone, atom([later, alert(info())]))
    assert (first.outcome, second.outcome) == (Outcome.DRAFTED, Outcome.PROPOSED)
    assert first.alert_id == second.alert_id


async def test_a_document_is_kept_to_the_byte_in_its_own_alphabet(zone: Zone) -> None:
    document = '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + alert(info("<headline>Évacuation</headline>"))
    (came,) = await take(zone, document, "iso-8859-1")
    async with zone.database.read() as connection:
        assert await repository.document(connection, zone.id, came.document_id) == document.encode("iso-8859-1")


async def test_no_more_than_a_hundred_messages_come_in_at_once() -> None:
    feed = atom(alert(info(), identifier=f"LB-{number}") for number in range(101))
    with pytest.raises(InvalidInput, match="more than 100 messages"):
        open_document(feed.encode())
