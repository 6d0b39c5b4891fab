"""An alert that has left: paused, resumed, cancelled, followed by news, by the all-clear and by feedback, closed.

Nothing here commits. Each function checks the officer's role and raises Forbidden, NotFound, InvalidInput or Conflict.
What follows an approved alert goes to exactly those whom the alert reached, needs no second approval, and is audited.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import sending
from broadcast.alert import TRANSITIONS, Step
from broadcast.alerts import note, note_by_itself, unsent
from broadcast.cap import repository as proposals
from broadcast.event import EventKind, EventState
from broadcast.repository import alerts, events
from people.officer import Officer
from people.roles import Action, require
from storage.encryption import Vault
from storage.errors import Conflict
from storage.repository import mark_changed

FOLLOW_UP_LASTS = timedelta(hours=12)
"""For so long what follows an alert may still be delivered: whoever was warned should hear it, if not next week."""

_STEP = {
    EventKind.UPDATE: Step.UPDATE,
    EventKind.CANCEL: Step.CANCEL,
    EventKind.ALL_CLEAR: Step.ALL_CLEAR,
    EventKind.FEEDBACK: Step.FEEDBACK,
}
_ENDS = {EventKind.CANCEL, EventKind.ALL_CLEAR}


async def pause(connection: AsyncConnection, officer: Officer, alert_id: int, at: datetime) -> None:
    """Let nothing more leave for now; what is just leaving arrives."""
    await _steer(connection, officer, alert_id, Step.PAUSE, at)
    await events.move(connection, alert_id, EventState.SENDING, EventState.PAUSED)


async def resume(connection: AsyncConnection, officer: Officer, alert_id: int, at: datetime) -> None:
    """Go on where it was paused."""
    await _steer(connection, officer, alert_id, Step.RESUME, at)
    for event_id in await events.move(connection, alert_id, EventState.PAUSED, EventState.SENDING):
        await sending.resume(connection, await events.get(connection, event_id))


async def cancel(connection: AsyncConnection, officer: Officer, alert_id: int, at: datetime) -> None:
    """Withdraw an alert: what waits never leaves. Those whom it reached are told by `follow_up`."""
    await _steer(connection, officer, alert_id, Step.CANCEL, at)
    await _stop_sending(connection, alert_id, at)
    await proposals.handle(connection, officer.organisation_id, at, alert_id=alert_id, kind=EventKind.CANCEL)


async def follow_up(
    connection: AsyncConnection,
    vault: Vault,
    officer: Officer,
    alert_id: int,
    kind: EventKind,
    texts: dict[str, str],
    at: datetime,
) -> int:
    """Tell those whom the alert reached what followed; gives the event's id, the same for the same text again.

    An all-clear, or a cancellation with a text, also ends what still waits of the alert.
    """
    require(officer.role, Action.STEER_ALERT)
    if kind is EventKind.ALERT:
        raise Conflict("An alert is sent by its approval")
    alert = await alerts.get(connection, officer.organisation_id, alert_id, lock=True)
    key = f"{alert_id}:{kind}:{_digest(texts)}"
    sent = await events.with_key(connection, officer.organisation_id, key)
    if sent is not None:
        return sent
    new = await unsent(connection, alert, kind, texts, officer, at + FOLLOW_UP_LASTS, at)
    await alerts.take_step(connection, alert, [_STEP[kind]], at)
    if kind in _ENDS:
        await _stop_sending(connection, alert_id, at)
    event = await sending.start(connection, vault, new, key)
    await proposals.handle(connection, alert.organisation_id, at, alert_id=alert_id, kind=kind)
    await note(connection, officer, f"alert_{kind}", alert_id, at, event=event.id)
    return event.id


async def close(
    connection: AsyncConnection, officer: Officer, alert_id: int, at: datetime, reason: str | None = None
) -> None:
    """The alert is dealt with. Raises Conflict when the network got no feedback and no reason is given for that."""
    if not (reason or "").strip() and not await events.has_feedback(connection, alert_id):
        raise Conflict("The network was not told what became of it: give feedback first, or say why not")
    await _steer(connection, officer, alert_id, Step.CLOSE, at, reason=reason, closed_at=at)


async def expire(connection: AsyncConnection, at: datetime) -> int:
    """Alerts that nobody sent in time; gives how many."""
    expired = await alerts.expire(connection, at)
    for organisation_id, alert_id in expired:
        await note_by_itself(connection, organisation_id, "alert_expire", alert_id, at)
    return len(expired)


async def _steer(
    connection: AsyncConnection,
    officer: Officer,
    alert_id: int,
    step: Step,
    at: datetime,
    *,
    reason: str | None = None,
    closed_at: datetime | None = None,
) -> None:
    """Take a step that has one outcome; a second press of its button finds that done, and does nothing."""
    require(officer.role, Action.STEER_ALERT)
    alert = await alerts.get(connection, officer.organisation_id, alert_id, lock=True)
    if alert.state in TRANSITIONS[step].values():
        return
    values: dict[str, Any] = {} if closed_at is None else {"closed_at": closed_at}
    await alerts.take_step(connection, alert, [step], at, **values)
    await note(connection, officer, f"alert_{step}", alert_id, at, reason=reason)
    await mark_changed(connection, alert.organisation_id)


async def _stop_sending(connection: AsyncConnection, alert_id: int, at: datetime) -> None:
    """Cancel what is under way, paused or not, and tell nobody another way."""
    await events.end(connection, alert_id, at)
    for state in (EventState.SENDING, EventState.PAUSED):
        for event_id in await events.move(connection, alert_id, state, EventState.CANCELLED):
            await sending.withdraw(connection, await events.get(connection, event_id))


def _digest(texts: dict[str, str]) -> str:
    canonical = {language: " ".join(text.split()) for language, text in texts.items()}
    return hashlib.sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()[:32]
