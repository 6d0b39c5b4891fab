"""A document that comes in: kept, and what it asks for drafted. Nothing is ever sent by it.

Nothing here commits. A message comes in once, by its sender and identifier; what came before gives the same again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.x509 import Certificate
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import notices
from broadcast.cap import drafting, exporting, repository
from broadcast.cap.model import Message, MessageStatus, Trust
from broadcast.cap.reading import read
from broadcast.cap.repository import Outcome, Received
from broadcast.cap.signature import check
from broadcast.event import EventKind
from broadcast.repository import alerts, events
from broadcast.repository.notices import CAME_IN, PROPOSED
from people.organisation import Organisation
from people.roles import Action
from storage.errors import InvalidInput
from storage.repository import AuditLine, append_audit

MOST_MESSAGES = 100
LONGEST_NAME = 200
_SAID = {
    Trust.WRONG: "signature: it does not fit what is written; ask the sender before you use this",
    Trust.UNKNOWN: "signature: of somebody whose certificate is not configured",
}
_TOLD = (
    (Outcome.DRAFTED, Action.DRAFT_ALERT, CAME_IN),
    (Outcome.PROPOSED, Action.STEER_ALERT, PROPOSED),
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document that was read. trust: of each message, in the same order."""

    content: bytes
    messages: tuple[Message, ...]
    trust: tuple[Trust, ...]
    warnings: tuple[str, ...]


def open_document(content: bytes, trusted: Sequence[Certificate] = ()) -> Incoming:
    """Read what came in, and look whose signature it bears. Takes time, touches nothing. Raises InvalidInput."""
    document = read(content)
    if len(document.messages) > MOST_MESSAGES:
        raise InvalidInput(f"holds more than {MOST_MESSAGES} messages: import them in parts")
    for message in document.messages:
        for name in (message.sender, message.identifier):
            if not 0 < len(name) <= LONGEST_NAME:
                raise InvalidInput(f"sender and identifier must have 1 to {LONGEST_NAME} characters")
    return Incoming(content, document.messages, check(content, trusted), document.warnings)


async def take_in(
    connection: AsyncConnection,
    organisation: Organisation,
    incoming: Incoming,
    way: str,
    at: datetime,
    public_url: str | None = None,
) -> list[Received]:
    """Draft what a document asks for; gives each message with what became of it, now or when it first came.

    way: what brought it, for the record. public_url: ours, by which references to what we sent are known.
    """
    document_id: int | None = None
    order = sorted(zip(incoming.messages, incoming.trust, strict=True), key=lambda one: one[0].sent)
    found, new = [], list[Received]()
    for message, trust in order:
        if document_id is None:
            document_id = await repository.keep_document(connection, organisation.id, incoming.content, way, at)
        made = await repository.claim(connection, organisation.id, document_id, message, trust)
        if made is not None:
            await _settle(connection, organisation, made, message, trust, at, public_url)
        found.append(await repository.with_name(connection, organisation.id, message.sender, message.identifier))
        if made is not None and message.status is not MessageStatus.TEST:
            new.append(found[-1])
    await _tell(connection, organisation, new, at)
    return found


async def _tell(connection: AsyncConnection, organisation: Organisation, new: list[Received], at: datetime) -> None:
    """Officers hear once of a document, however much it holds: of the last draft in it, and of the last news."""
    for outcome, action, reason in _TOLD:
        alert_ids = [one.alert_id for one in new if one.outcome is outcome and one.alert_id is not None]
        if alert_ids:
            await notices.tell_who_may(connection, organisation.id, alert_ids[-1], action, reason, at)


async def _settle(
    connection: AsyncConnection,
    organisation: Organisation,
    message_id: int,
    message: Message,
    trust: Trust,
    at: datetime,
    public_url: str | None,
) -> None:
    notes = [_SAID[trust]] if trust in _SAID else []
    reason = drafting.reason_to_keep(message, at)
    if reason is not None:
        await repository.settle(connection, message_id, Outcome.KEPT, reason=reason, notes=notes)
        return
    earlier = await _referred_to(connection, organisation, message, public_url)
    proposed = drafting.follow_up(message, at)
    if proposed is not None and earlier is not None:
        kind, texts = proposed
        await repository.settle(
            connection, message_id, Outcome.PROPOSED, alert_id=earlier, kind=kind, texts=texts, notes=notes
        )
        await _note(connection, organisation, "cap_propose", earlier, message, trust, at)
        return
    drafted = None if proposed is not None and proposed[0] is not EventKind.UPDATE else drafting.draft(message, at)
    if drafted is None:
        reason = "it refers to no alert that we have" if proposed is not None else "it tells nothing"
        await repository.settle(connection, message_id, Outcome.KEPT, reason=reason, notes=notes)
        return
    alert_id = await alerts.create(connection, organisation.id, drafted.content, None, at)
    notes += drafted.notes
    await repository.settle(connection, message_id, Outcome.DRAFTED, alert_id=alert_id, notes=notes)
    await _note(connection, organisation, "cap_draft", alert_id, message, trust, at)


async def _referred_to(
    connection: AsyncConnection, organisation: Organisation, message: Message, public_url: str | None
) -> int | None:
    """The alert that a message follows: drafted from an earlier message, or one that we sent ourselves."""
    names = [(one.sender, one.identifier) for one in message.references]
    found = await repository.alert_named(connection, organisation.id, names)
    if found is not None:
        return found
    ours = exporting.sender_of(organisation.slug, public_url)
    for sender, identifier in names:
        event_id = exporting.event_id_of(organisation.slug, identifier) if sender == ours else None
        if event_id is not None:
            return await events.alert_of(connection, organisation.id, event_id)
    return None


async def _note(
    connection: AsyncConnection,
    organisation: Organisation,
    action: str,
    alert_id: int | None,
    message: Message,
    trust: Trust,
    at: datetime,
) -> None:
    line = AuditLine(
        organisation_id=organisation.id,
        at=at,
        officer_id=None,
        action=action,
        subject=f"alert {alert_id}",
        data={"sender": message.sender, "identifier": message.identifier, "signature": trust},
    )
    await append_audit(connection, line)
