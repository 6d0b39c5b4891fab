"""An alert from draft to the moment it leaves. Nothing here commits; whoever calls does.

Each function checks the officer's role and raises Forbidden, NotFound, InvalidInput, or Conflict when the alert's
state, or somebody else, stands in the way. What was done is in the audit; what was refused, the caller records there.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import approval, event, notices, sending
from broadcast.alert import Alert, AlertState, Content, Step
from broadcast.event import Event, EventKind, check_content, check_length, check_texts
from broadcast.repository import alerts, events
from broadcast.repository.audience import foreign_networks
from broadcast.repository.notices import OVERRIDDEN, SENT_BACK, SUBMITTED
from people.officer import Officer
from people.repository import organisations
from people.roles import Action, require
from storage.encryption import Vault
from storage.errors import Conflict, InvalidInput, NotFound
from storage.repository import AuditLine, append_audit


class Unreachable(Conflict):
    """Nobody in the audience can be told."""


async def create(
    connection: AsyncConnection, officer: Officer, content: Content, at: datetime, form_key: str | None = None
) -> int:
    """Write a draft; gives its id. form_key: of the form that was sent; sent again, it gives the same alert."""
    require(officer.role, Action.DRAFT_ALERT)
    content = await _checked(connection, officer, content, at)
    made = await alerts.create(connection, officer.organisation_id, content, officer.id, at, form_key)
    if made is None:
        return await alerts.of_form(connection, officer.organisation_id, form_key or "")
    await note(connection, officer, "alert_create", made, at)
    return made


async def change(
    connection: AsyncConnection,
    officer: Officer,
    alert_id: int,
    content: Content,
    at: datetime,
    form_key: str | None = None,
) -> None:
    """Write at an alert that has not left: it is a draft again, whoever had approved or rejected it.

    form_key: as for `create`; the form that changed it last changes nothing when it is sent again.
    """
    require(officer.role, Action.DRAFT_ALERT)
    alert = await alerts.get(connection, officer.organisation_id, alert_id, lock=True)
    if form_key is not None and alert.form_key == form_key:
        return
    content = await _checked(connection, officer, content, at)
    await alerts.take_step(
        connection,
        alert,
        [Step.CHANGE],
        at,
        content,
        author_ids=sorted({*alert.author_ids, officer.id}),
        digest=None,
        submitted_by=None,
        submitted_at=None,
        approved_by=None,
        approved_at=None,
        override_reason=None,
        rejection=None,
        acknowledged=[],
        form_key=form_key,
    )
    await note(connection, officer, "alert_change", alert_id, at)


async def submit(
    connection: AsyncConnection, officer: Officer, alert_id: int, at: datetime, acknowledged: Collection[str] = ()
) -> str:
    """Offer a draft for approval; gives the digest that the approval will be bound to.

    acknowledged: the codes of the warnings that the officer saw; whether that is all of them, `checks` tells.
    """
    require(officer.role, Action.DRAFT_ALERT)
    alert = await alerts.get(connection, officer.organisation_id, alert_id, lock=True)
    if alert.state is AlertState.SUBMITTED and alert.submitted_by == officer.id:
        return str(alert.digest)
    if alert.content.expires_at <= at:
        raise Conflict("The time of this alert has passed: give it a later end")
    await _checked(connection, officer, alert.content, at)  # a draft that came in by CAP may be half done
    seen = sorted(set(acknowledged))
    digest = approval.digest(alert.content, seen)
    values: dict[str, Any] = {"digest": digest, "submitted_by": officer.id, "submitted_at": at, "acknowledged": seen}
    await alerts.take_step(connection, alert, [Step.SUBMIT], at, **values)
    submitted = replace(alert, submitted_by=officer.id)
    await notices.tell_approvers(connection, submitted, SUBMITTED, at)
    await note(connection, officer, "alert_submit", alert_id, at, digest=digest, warnings=seen or None)
    return digest


async def reject(connection: AsyncConnection, officer: Officer, alert_id: int, reason: str, at: datetime) -> None:
    """Refuse what was submitted; whoever changes it starts again from a draft."""
    require(officer.role, Action.APPROVE_ALERT)
    if not reason.strip():
        raise InvalidInput("Say why you reject it")
    alert = await alerts.get(connection, officer.organisation_id, alert_id, lock=True)
    if alert.state is AlertState.REJECTED and alert.rejection == reason.strip():
        return
    await alerts.take_step(connection, alert, [Step.REJECT], at, rejection=reason.strip())
    await notices.tell_authors(connection, alert, SENT_BACK, at)
    await note(connection, officer, "alert_reject", alert_id, at, reason=reason.strip())


async def approve(
    connection: AsyncConnection,
    vault: Vault,
    officer: Officer,
    alert_id: int,
    digest: str,
    at: datetime,
    *,
    override_reason: str | None = None,
    acknowledged: Collection[str] = (),
) -> int | None:
    """Approve what was seen, and send it; gives the event's id, or None for an alert that leaves later.

    A second press does nothing, and gives the same again. digest: of the alert as the officer saw it.
    override_reason: an author approves alone, in an emergency. acknowledged: the warnings that the approver saw.
    """
    require(officer.role, Action.APPROVE_ALERT)
    alert = await alerts.get(connection, officer.organisation_id, alert_id, lock=True)
    sent = await events.with_key(connection, officer.organisation_id, _key(alert_id, digest))
    if sent is not None or (alert.state is AlertState.SCHEDULED and alert.digest == digest):
        return sent
    overrides = approval.check(alert, officer.id, digest, at, override_reason)
    step = Step.SCHEDULE if alert.content.leaves_after(at) else Step.SEND
    reason = override_reason if overrides else None
    await alerts.take_step(
        connection, alert, [Step.APPROVE, step], at, approved_by=officer.id, approved_at=at, override_reason=reason
    )
    approved = replace(alert, approved_by=officer.id)
    event_id = await _send(connection, vault, approved, at) if step is Step.SEND else None
    if overrides:
        await notices.tell_approvers(connection, alert, OVERRIDDEN, at)
    action = "alert_approve_by_override" if overrides else "alert_approve"
    done = {"digest": digest, "reason": reason, "event": event_id, "warnings": sorted(acknowledged) or None}
    await note(connection, officer, action, alert_id, at, **done)
    return event_id


async def send_scheduled(
    connection: AsyncConnection, vault: Vault, organisation_id: int, alert_id: int, at: datetime
) -> int:
    """Send an alert whose time has come; gives the event's id.

    Raises Conflict when another worker, or a change, was first, and Unreachable when nobody can be told any more.
    """
    alert = await alerts.get(connection, organisation_id, alert_id)
    await alerts.take_step(connection, alert, [Step.SEND], at)
    event_id = await _send(connection, vault, alert, at)
    await note_by_itself(connection, organisation_id, "alert_leave", alert_id, at)
    return event_id


async def give_back(
    connection: AsyncConnection, organisation_id: int, alert_id: int, reason: str, at: datetime
) -> None:
    """An alert whose time has come cannot leave: whoever changes it starts again from a draft."""
    alert = await alerts.get(connection, organisation_id, alert_id)
    await alerts.take_step(connection, alert, [Step.GIVE_BACK], at, rejection=reason)
    await notices.tell_authors(connection, alert, SENT_BACK, at)
    await note_by_itself(connection, organisation_id, "alert_give_back", alert_id, at)


def _key(alert_id: int, digest: str) -> str:
    return f"{alert_id}:{digest}"


async def _send(connection: AsyncConnection, vault: Vault, alert: Alert, at: datetime) -> int:
    author = alert.submitted_by or alert.approved_by or 0
    new = replace(await _begun(connection, alert, at), approved_by=alert.approved_by, officer_id=author)
    begun = await sending.start(
        connection, vault, new, _key(alert.id, approval.digest(alert.content, alert.acknowledged))
    )
    if begun.reaches_nobody:
        raise Unreachable("Nobody in this audience can be reached: nobody agreed, or no channel is set up")
    return begun.id


async def _begun(connection: AsyncConnection, alert: Alert, at: datetime) -> Event:
    organisation = await organisations.get(connection, alert.organisation_id)
    return replace(event.first(alert.content, organisation, at), alert_id=alert.id)


async def unsent(
    connection: AsyncConnection,
    alert: Alert,
    kind: EventKind,
    texts: dict[str, str],
    officer: Officer,
    expires_at: datetime,
    at: datetime,
) -> Event:
    """What follows an alert, not written down yet. Raises InvalidInput for texts that cannot be sent."""
    check_texts(texts)
    begun = await _begun(connection, alert, at)
    new = replace(event.following(begun, kind, texts, expires_at), officer_id=officer.id)
    check_length(new)
    return new


async def _checked(connection: AsyncConnection, officer: Officer, content: Content, at: datetime) -> Content:
    """Content that could be sent as it is. Raises InvalidInput, or NotFound for a network of somebody else."""
    content = replace(
        content,
        title=content.title.strip(),
        texts={language: text.strip() for language, text in content.texts.items()},
    )
    if content.audience.is_empty:
        raise InvalidInput("Choose at least one network, or a place")
    if foreign := await foreign_networks(connection, officer.organisation_id, content.audience.networks):
        raise NotFound(f"There is no network {foreign[0]}")
    check_content(content, at)
    check_length(event.first(content, await organisations.get(connection, officer.organisation_id), at))
    return content


async def note_by_itself(
    connection: AsyncConnection, organisation_id: int, action: str, alert_id: int, at: datetime
) -> None:
    """Write down in the audit what happened to an alert without anybody doing it."""
    line = AuditLine(
        organisation_id=organisation_id, at=at, officer_id=None, action=action, subject=f"alert {alert_id}"
    )
    await append_audit(connection, line)


async def note(
    connection: AsyncConnection, officer: Officer, action: str, alert_id: int, at: datetime, **data: Any
) -> None:
    """Write down in the audit what an officer did to an alert."""
    line = AuditLine(
        organisation_id=officer.organisation_id,
        at=at,
        officer_id=officer.id,
        action=action,
        subject=f"alert {alert_id}",
        data={name: value for name, value in data.items() if value is not None} or None,
    )
    await append_audit(connection, line)
