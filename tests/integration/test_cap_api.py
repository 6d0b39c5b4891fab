"""A dispatch room hands in CAP by a token of its organisation, and everybody reads the feed of what was sent."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from broadcast.alert import Content
from broadcast.cap.reading import read
from broadcast.event import EventKind, first
from broadcast.repository import alerts, events
from broadcast.selection import Selection
from broadcast.vocabulary import Scope, Severity, Status
from console import feeds
from people.repository import organisations, tokens
from people.roles import Role
from people.tables import api_token
from storage.clock import now
from tests.cap_documents import HOSTILE, alert, info
from tests.integration.console_setting import OfficerClient, Setting, console_at


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def token_of(setting: Setting, organisation_id: int) -> str:
    async with setting.database.write() as connection:
        return (await tokens.create(connection, organisation_id, "Meldkamer", now()))[1]


async def push(client: OfficerClient, document: str | bytes, token: str | None) -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": "application/cap+xml"} | ({"Authorization": f"Bearer {token}"} if token else {})
    content = document if isinstance(document, bytes) else document.encode()
    response = await client.http.post("/api/v1/cap", content=content, headers=headers)
    return response.status_code, response.json()


async def test_a_token_drafts_for_its_organisation_once(setting: Setting) -> None:
    token, client = await token_of(setting, setting.town.organisation_id), setting.somebody()
    status, answer = await push(client, alert(info("<web>/hier</web>")), token)
    assert status == 201
    (made,) = answer["messages"]
    assert (made["outcome"], made["signature"]) == ("drafted", "unsigned")
    assert answer["warnings"] == ["info 1: relative link"]
    assert await push(client, alert(info("<web>/hier</web>")), token) == (200, answer)
    viewer = await setting.officer(Role.VIEWER)
    assert (await viewer.get(f"/api/v1/alerts/{made['alert_id']}")).json()["state"] == "draft"
    other = await setting.officer(Role.ADMINISTRATOR, "elders")
    assert (await other.get(f"/api/v1/alerts/{made['alert_id']}")).status_code == 404


async def test_only_a_token_in_use_lets_anybody_in(setting: Setting) -> None:
    token, client = await token_of(setting, setting.town.organisation_id), setting.somebody()
    for given in (None, "", "wrong", token[:-1]):
        assert (await push(client, alert(info()), given))[0] == 401
    async with setting.database.write() as connection:
        (known,) = await tokens.every(connection)
        await tokens.revoke(connection, known.organisation_id, known.id, now())
    assert (await push(client, alert(info()), token))[0] == 401


async def test_the_database_holds_no_token(setting: Setting) -> None:
    token = await token_of(setting, setting.town.organisation_id)
    async with setting.database.read() as connection:
        (row,) = await connection.execute(select(api_token))
    assert token not in map(str, row)
    assert re.fullmatch(r"[0-9a-f]{64}", row.token_hash)


@pytest.mark.parametrize("name", ["a DOCTYPE", "too deep", "too large"])
async def test_what_is_hostile_is_refused_with_its_reason(setting: Setting, name: str) -> None:
    token = await token_of(setting, setting.town.organisation_id)
    document, reason = HOSTILE[name]
    status, answer = await push(setting.somebody(), document, token)
    assert status == (413 if name == "too large" else 422)
    assert reason in str(answer["detail"])


async def sent(setting: Setting, *, kind: EventKind = EventKind.ALERT, alert_id: int = 0, **changes: object) -> int:
    """Something that was sent; gives the event's id."""
    values: dict[str, object] = {
        "severity": Severity.SEVERE,
        "scope": Scope.PUBLIC,
        "title": "Gaslek & rook",
        "texts": {"nl": "Blijf binnen.", "fr": "Restez à l'intérieur."},
        "audience": Selection(post_codes=frozenset({"2860"})),
        "expires_at": now() + timedelta(hours=2),
    }
    content = Content(**(values | changes))  # type: ignore[arg-type]
    async with setting.database.write() as connection:
        town = await organisations.get(connection, setting.town.organisation_id)
        of = alert_id or await alerts.create(connection, town.id, content, None, now())
        assert of is not None
        officer = setting.town.officers[Role.EDITOR]
        new = replace(first(content, town, now()), alert_id=of, kind=kind, officer_id=officer)
        return await events.create(connection, new, f"{of}:{kind}:{now()}")


async def test_the_feed_holds_what_was_sent_and_is_read_as_it_was_meant(setting: Setting) -> None:
    event_id = await sent(setting)
    response = await setting.somebody().get("/feeds/cap/lindebeke")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/atom+xml")
    (message,) = read(response.content).messages
    assert (message.identifier, message.infos[0].headline) == (f"lindebeke-{event_id}", "Gaslek & rook")
    alone = await setting.somebody().get(f"/feeds/cap/lindebeke/{event_id}")
    assert read(alone.content).messages == (message,)
    assert (await setting.somebody().get("/feeds/cap/elders")).status_code == 200
    assert (await setting.somebody().get(f"/feeds/cap/elders/{event_id}")).status_code == 404
    assert (await setting.somebody().get("/feeds/cap/nergens")).status_code == 404


async def test_exercises_stand_in_the_feed_only_for_who_asks(setting: Setting) -> None:
    await sent(setting, status=Status.EXERCISE)
    await sent(setting, status=Status.TEST)
    feed = await setting.somebody().get("/feeds/cap/lindebeke")
    assert b"<entry" not in feed.content
    asked = await setting.somebody().get("/feeds/cap/lindebeke?exercises=true")
    assert {one.status for one in read(asked.content).messages} == {"Exercise", "Test"}


async def test_what_is_not_public_is_never_in_the_feed(setting: Setting) -> None:
    event_id = await sent(setting, scope=Scope.RESTRICTED)
    assert b"<entry" not in (await setting.somebody().get("/feeds/cap/lindebeke?exercises=true")).content
    assert (await setting.somebody().get(f"/feeds/cap/lindebeke/{event_id}")).status_code == 404


async def test_feedback_is_for_the_network_alone(setting: Setting) -> None:
    await sent(setting, kind=EventKind.FEEDBACK)
    assert b"<entry" not in (await setting.somebody().get("/feeds/cap/lindebeke")).content


async def test_whoever_has_the_feed_is_told_so(setting: Setting) -> None:
    await sent(setting)
    client = setting.somebody()
    whole = await client.get("/feeds/cap/lindebeke")
    for name, value in (
        ("If-None-Match", whole.headers["etag"]),
        ("If-Modified-Since", whole.headers["last-modified"]),
    ):
        again = await client.get("/feeds/cap/lindebeke", **{name: value})
        assert (again.status_code, again.content) == (304, b"")
    other = await client.get("/feeds/cap/lindebeke", **{"If-None-Match": '"another"'})
    assert other.status_code == 200


async def test_the_feed_is_made_anew_after_a_while_only(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    client = setting.somebody()
    before = await client.get("/feeds/cap/lindebeke")
    await sent(setting)
    assert (await client.get("/feeds/cap/lindebeke")).content == before.content
    monkeypatch.setattr(feeds, "FRESH", timedelta())
    assert b"<entry" in (await client.get("/feeds/cap/lindebeke")).content
