"""What people answer to an alert: page by page, the newest first, marked by officers once each."""

from collections.abc import AsyncIterator

import pytest

from bots.repository import alert_answers, conversations, messages
from bots.repository.alert_answers import Which
from broadcast.repository import events
from console.routes import replies
from people.repository import residents
from people.roles import Role
from storage.clock import now
from tests.integration.console_setting import OfficerClient, Setting, console_at


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def answered(setting: Setting, number: int) -> tuple[OfficerClient, int, list[int]]:
    """An alert with so many answers; gives its approver, its id, and the ids of the answers in order."""
    approver, alert = await setting.sent()
    async with setting.database.write() as connection:
        (event,) = await events.of_alert(connection, setting.town.organisation_id, alert)
        talk = await conversations.get(connection, setting.town.organisation_id, setting.town.conversation_ids[0])
        person = await residents.get(connection, talk.organisation_id, talk.resident_id)
        key, author = setting.vault.person(person.wrapped_key), messages.Author.RESIDENT
        made = [
            await messages.add(
                connection, key, talk, author=author, text=f"Antwoord nummer {one}.", at=now(), event_id=event.id
            )
            for one in range(number)
        ]
    return approver, alert, made


async def counts(setting: Setting, alert: int) -> dict[Which, int]:
    async with setting.database.read() as connection:
        sent = await events.of_alert(connection, setting.town.organisation_id, alert)
        return await alert_answers.counts(connection, setting.town.organisation_id, [one.id for one in sent])


async def test_the_newest_come_first_and_the_rest_page_by_page(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "_PAGE", 2)
    approver, alert, made = await answered(setting, 5)
    seen = []
    path = f"/alerts/{alert}/replies/all"
    for _ in range(3):
        page = (await approver.get(path)).text
        seen += [one for one in range(5) if f"nummer {one}." in page][::-1]
        path = f"/alerts/{alert}/replies/all?which=all&before={made[seen[-1]]}"
    assert seen == [4, 3, 2, 1, 0]
    assert "Eerdere antwoorden" not in page


async def test_an_answer_is_handled_once_and_can_be_opened_again(setting: Setting) -> None:
    approver, alert, (first, _) = await answered(setting, 2)
    for _ in range(2):
        answer = await approver.post(f"/alerts/{alert}/replies/{first}?noted=handled&which=open")
        assert answer.headers["location"] == f"/alerts/{alert}/replies/all?which=open#reply-{first}"
    assert await counts(setting, alert) == {Which.ALL: 2, Which.OPEN: 1, Which.SIGHTINGS: 0}
    assert [line.action for line in await setting.audit()].count("alert_reply_handled") == 1
    await approver.post(f"/alerts/{alert}/replies/{first}?noted=open")
    assert (await counts(setting, alert))[Which.OPEN] == 2


async def test_a_sighting_is_found_among_the_sightings(setting: Setting) -> None:
    approver, alert, (_, second) = await answered(setting, 2)
    await approver.post(f"/alerts/{alert}/replies/{second}?noted=sighting")
    page = (await approver.get(f"/alerts/{alert}/replies/all?which=sightings")).text
    assert "nummer 1." in page
    assert "nummer 0." not in page


async def test_who_may_not_read_conversations_sees_none_and_marks_none(setting: Setting) -> None:
    _, alert, (first,) = await answered(setting, 1)
    viewer = await setting.officer(Role.VIEWER)
    assert (await viewer.get(f"/alerts/{alert}/replies/all")).status_code == 403
    assert (await viewer.post(f"/alerts/{alert}/replies/{first}?noted=handled")).status_code == 403
    assert (await counts(setting, alert))[Which.OPEN] == 1


async def test_an_answer_to_another_alert_or_elsewhere_is_not_touched(setting: Setting) -> None:
    approver, alert, (first,) = await answered(setting, 1)
    other = await setting.alert(approver)
    await approver.post(f"/alerts/{other}/replies/{first}?noted=handled")
    stranger = await setting.officer(Role.ADMINISTRATOR, "elders")
    assert (await stranger.post(f"/alerts/{alert}/replies/{first}?noted=handled")).status_code == 404
    assert (await counts(setting, alert))[Which.OPEN] == 1
