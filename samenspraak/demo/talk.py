"""One generated conversation as the application would have written it down: messages, deliveries, facts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bots.conversation import Owner, State
from bots.repository.messages import Author
from messaging import content
from messaging.channel import Outgoing
from messaging.delivery import DeliveryState, Purpose
from samenspraak.demo.population import Person
from storage.facts import Fact, FactKind

Row = dict[str, Any]
NO_QUESTION = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "alerts_unsubscribe"})
_PURPOSE = {Author.BOT: Purpose.REPLY, Author.OFFICER: Purpose.OFFICER, Author.SYSTEM: Purpose.SYSTEM}


@dataclass(slots=True)
class Archive:
    """Everything written down, by table; message ids are given out here, as deliveries name them."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    last_wrote: dict[int, datetime] = field(default_factory=dict)
    conversation_ids: "count[int]" = field(default_factory=lambda: count(1))
    message_ids: "count[int]" = field(default_factory=lambda: count(1))

    def add(self, table: str, row: Row) -> None:
        """Keep a row."""
        self.rows.setdefault(table, []).append(row)


class Talk:
    """A conversation while it is written. at: the moment of the last thing that happened."""

    def __init__(self, archive: Archive, person: Person, at: datetime) -> None:
        self.id = next(archive.conversation_ids)
        self.person = person
        self.at = at
        self.state, self.owner, self.epoch = State.OPEN, Owner.BOT, 0
        self.officer_id: int | None = None
        self.urgent = False
        self.disclosed = False
        self.waiting_since: datetime | None = None
        self._asked_at: datetime | None = None
        self._opened_at = at
        self._closed_at: datetime | None = None
        self._archive = archive
        self.fact(FactKind.CONVERSATION_OPENED)

    def fact(self, kind: FactKind, **fields: Any) -> None:
        """Something happened now."""
        self._archive.facts.append(
            Fact(
                kind=kind,
                organisation_id=self.person.organisation_id,
                at=self.at,
                channel=self.person.channel,
                resident_id=self.person.id,
                conversation_id=self.id,
                **({"language": self.person.language} | fields),
            )
        )

    def hear(
        self,
        text: str,
        intent: str,
        confidence: float,
        *,
        kind: str = "text",
        event_id: int | None = None,
        asks: bool = True,
    ) -> None:
        """The resident writes."""
        self._write(Author.RESIDENT, text, kind=kind, intent=intent, confidence=confidence, event_id=event_id)
        self._archive.last_wrote[self.person.id] = self.at
        self.fact(FactKind.MESSAGE_RECEIVED, intent=intent)
        if asks and event_id is None and self._asked_at is None and intent not in NO_QUESTION:
            self._asked_at = self.at
            self.fact(FactKind.QUESTION_ASKED, intent=intent)
        if intent == "share_idea":
            self.fact(FactKind.IDEA_SHARED, intent=intent)

    def say(
        self, author: Author, text: str, *, substantive: bool, lost: bool = False, intent: str | None = None
    ) -> None:
        """We write. lost: the provider could not deliver it."""
        message_id = self._write(author, text, intent=intent, language="nl", officer_id=self._speaker(author))
        asked, self.disclosed = self._asked_at, True
        seconds = None if asked is None or not substantive else (self.at - asked).total_seconds()
        self._deliver(message_id, text, author, asked if substantive else None, substantive=substantive, lost=lost)
        if not lost:
            sent = {"purpose": _PURPOSE[author], "substantive": substantive, "seconds": seconds}
            self.fact(FactKind.MESSAGE_SENT, data=sent, language=None)
        if substantive:
            self._asked_at = None

    def ask_for_officer(self, reason: str, *, urgent: bool = False) -> None:
        """The resident waits for a person."""
        self.fact(FactKind.HANDOVER_REQUESTED, intent=reason)
        if urgent:
            self.fact(FactKind.SAFETY_ANSWERED, intent=reason)
        self.state, self.urgent, self.waiting_since = State.WAITING, urgent, self.at

    def take_over(self, officer_id: int) -> None:
        """An officer answers from now on."""
        self.state, self.owner, self.officer_id = State.OPEN, Owner.OFFICER, officer_id
        self.epoch += 1
        self.waiting_since = None
        self.fact(FactKind.OFFICER_TOOK_OVER, officer_id=officer_id)

    def give_back(self) -> None:
        """The bot answers again."""
        self.fact(FactKind.OFFICER_GAVE_BACK, officer_id=self.officer_id)
        self.owner, self.officer_id, self.urgent = Owner.BOT, None, False
        self.epoch += 1

    def close(self) -> None:
        """The officer has dealt with it."""
        self.fact(FactKind.CONVERSATION_CLOSED, officer_id=self.officer_id)
        self.state, self.owner, self.officer_id, self.urgent = State.CLOSED, Owner.BOT, None, False
        self.epoch += 1
        self._closed_at = self.at

    def end(self) -> None:
        """Nothing follows: write the conversation itself down."""
        self._archive.add(
            "conversation",
            {
                "id": self.id,
                "organisation_id": self.person.organisation_id,
                "resident_id": self.person.id,
                "address_id": self.person.id,
                "sender_id": self.person.sender_id,
                "channel": self.person.channel,
                "state": self.state,
                "owner": self.owner,
                "officer_id": self.officer_id,
                "epoch": self.epoch,
                "language": self.person.language,
                "disclosed": self.disclosed,
                "dialogue": {},
                "urgent": self.urgent,
                "waiting_since": self.waiting_since,
                "unanswered_since": self._asked_at,
                "opened_at": self._opened_at,
                "last_message_at": self.at,
                "closed_at": self._closed_at,
                "closed_by": None if self._closed_at is None else "officer",
            },
        )

    def _speaker(self, author: Author) -> int | None:
        return self.officer_id if author is not Author.BOT else None

    def _write(self, author: Author, text: str, **columns: Any) -> int:
        message_id = next(self._archive.message_ids)
        row = {
            "id": message_id,
            "organisation_id": self.person.organisation_id,
            "conversation_id": self.id,
            "at": self.at,
            "author": author,
            "officer_id": None,
            "kind": "text",
            "content": self.person.key.seal(text),
            "language": self.person.language,
            "intent": None,
            "confidence": None,
            "event_id": None,
        }
        self._archive.add("message", row | columns)
        return message_id

    def _deliver(
        self, message_id: int, text: str, author: Author, answers_at: datetime | None, *, substantive: bool, lost: bool
    ) -> None:
        state = DeliveryState.FAILED if lost else _LAST[self.person.channel]
        arrived = None if lost or state is DeliveryState.ACCEPTED else self.at + timedelta(seconds=2)
        self._archive.add(
            "delivery",
            delivery_row(self.person, self.at)
            | {
                "purpose": _PURPOSE[author],
                "conversation_id": self.id,
                "message_id": message_id,
                "answers_at": answers_at,
                "substantive": substantive,
                "content": self.person.key.seal(content.to_json(Outgoing(text))),
                "state": state,
                "error": "30003" if lost else None,
                "delivered_at": arrived,
                "read_at": arrived if state is DeliveryState.READ else None,
            },
        )


_LAST = {
    "telegram": DeliveryState.ACCEPTED,  # Telegram tells no more
    "sms": DeliveryState.DELIVERED,
    "whatsapp": DeliveryState.READ,
}


def delivery_row(person: Person, at: datetime) -> Row:
    """A message that left, before what is particular to it."""
    return {
        "organisation_id": person.organisation_id,
        "sender_id": person.sender_id,
        "address_id": person.id,
        "resident_id": person.id,
        "purpose": Purpose.ALERT,
        "conversation_id": None,
        "message_id": None,
        "answers_at": None,
        "substantive": False,
        "event_id": None,
        "chunk": None,
        "content": None,
        "state": _LAST[person.channel],
        "attempts": 1,
        "possible_duplicate": False,
        "resend_unknown": False,
        "withdrawn": False,
        "error": None,
        "expires_at": None,
        "queued_at": at,
        "attempted_at": at,
        "accepted_at": at,
        "delivered_at": None,
        "read_at": None,
    }
