"""Two thousand residents with their addresses, memberships and consent."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from people.consent import ALERTS, Way
from people.home import Home, post_code_lookup, street_lookup
from people.kinds import MessageKind
from people.repository.residents import lookup_value
from samenspraak.demo import streets
from samenspraak.demo.town import Town
from samenspraak.demo.wording import wording
from storage.encryption import PersonKey, Vault
from storage.facts import Fact, FactKind

RESIDENTS = 2_000
_OF_THE_MUNICIPALITY = 1_150
_LANGUAGES = {"nl": 85, "fr": 7, "en": 5, "de": 3}
_CHANNELS = {"whatsapp": 50, "telegram": 27, "sms": 23}
_JOINED = 0.62
"""Of the residents of the municipality; those of the police zone are there because they joined."""
_STOPPED = 0.05
_DECLINES = 19
"""One in so many does not want news and activities."""
_IN_CHAT = (
    "Wilt u hier de waarschuwingen van het buurtnetwerk krijgen? We bewaren uw adres alleen daarvoor. "
    "Stuur STOP om te stoppen, op elk moment."
)
_ON_PAPER = "Ja, ik wil de meldingen krijgen op het nummer dat ik hier invul. (inschrijvingsformulier)"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with one address, whose id is the person's own. stopped_at: when they had enough of alerts."""

    id: int
    organisation_id: int
    sender_id: int
    channel: str
    value: str
    name: str
    language: str
    wrapped_key: bytes
    key: PersonKey
    home: Home
    network_id: int | None
    in_chat: bool
    joined_at: datetime
    stopped_at: datetime | None

    def agreed(self, at: datetime) -> bool:
        """Whether they could be sent alerts then."""
        if self.network_id is None or self.joined_at > at:
            return False
        return self.stopped_at is None or self.stopped_at > at


def populate(vault: Vault, town: Town, chance: random.Random, now: datetime) -> list[Person]:
    """Everybody, the same for the same chance; only their keys are new each time."""
    return [_person(vault, town, chance, number, now) for number in range(1, RESIDENTS + 1)]


def _person(vault: Vault, town: Town, chance: random.Random, number: int, now: datetime) -> Person:
    municipal = number <= _OF_THE_MUNICIPALITY
    channel = chance.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]
    language = chance.choices(list(_LANGUAGES), list(_LANGUAGES.values()))[0]
    joined = not municipal or chance.random() < _JOINED
    neighbourhood = chance.choice(list(town.networks))
    network = town.works if municipal else town.networks[neighbourhood]
    joined_at = now - timedelta(days=chance.triangular(1, 420, 30), hours=chance.random() * 10)
    wrapped, key = vault.new_person()
    return Person(
        id=number,
        organisation_id=town.municipality if municipal else town.police,
        sender_id=(town.municipal_senders if municipal else town.police_senders)[channel],
        channel=channel,
        value=str(600_000 + number) if channel == "telegram" else f"+3246{2_000_000 + number * 37}",
        name=wording().name(chance, language),
        language=language,
        wrapped_key=wrapped,
        key=key,
        home=streets.home(chance, neighbourhood),
        network_id=network if joined else None,
        in_chat=chance.random() < 0.8,  # noqa: PLR2004 - the others on paper
        joined_at=joined_at,
        stopped_at=joined_at + (now - joined_at) * chance.random() if chance.random() < _STOPPED else None,
    )


def rows(vault: Vault, everybody: list[Person], last_wrote: dict[int, datetime]) -> Iterator[tuple[str, Row]]:
    """Each row with the name of its table. last_wrote: by person, where they ever did."""
    for one in everybody:
        wrote = last_wrote.get(one.id)
        yield "resident", _resident(one, wrote)
        yield "address", _address(vault, one, wrote)
        yield "home", _home(vault, one)
        if one.id % _DECLINES == 0:
            yield "declined_kind", {"resident_id": one.id, "kind": MessageKind.NEWS}
        if one.network_id is not None:
            yield "consent", _consent(one)
        if one.network_id is not None and one.stopped_at is None:
            yield (
                "membership",
                {
                    "network_id": one.network_id,
                    "resident_id": one.id,
                    "role": "coordinator" if one.id % 170 == 0 else "member",
                    "joined_at": one.joined_at,
                },
            )


def _resident(one: Person, wrote: datetime | None) -> Row:
    return {
        "id": one.id,
        "organisation_id": one.organisation_id,
        "wrapped_key": one.wrapped_key,
        "name_sealed": one.key.seal(one.name),
        "language": one.language,
        "requested_language": None,
        "created_at": min(one.joined_at, wrote or one.joined_at),
    }


def _address(vault: Vault, one: Person, wrote: datetime | None) -> Row:
    return {
        "id": one.id,
        "organisation_id": one.organisation_id,
        "resident_id": one.id,
        "channel": one.channel,
        "lookup": vault.lookup(lookup_value(one.channel, one.value)),
        "sealed": one.key.seal(one.value),
        "state": "bad" if one.id % 97 == 0 else "active",
        "last_inbound_at": wrote or (one.joined_at if one.in_chat else None),
        "created_at": min(one.joined_at, wrote or one.joined_at),
    }


def _home(vault: Vault, one: Person) -> Row:
    return {
        "resident_id": one.id,
        "organisation_id": one.organisation_id,
        "sealed": one.key.seal(one.home.written()),
        "street_lookup": vault.lookup(street_lookup(one.home.street)),
        "post_code_lookup": vault.lookup(post_code_lookup(one.home.post_code)),
        "changed_at": one.joined_at,
    }


def _consent(one: Person) -> Row:
    return {
        "organisation_id": one.organisation_id,
        "resident_id": one.id,
        "address_id": one.id,
        "purpose": ALERTS,
        "given_at": one.joined_at,
        "way": Way.CHAT if one.in_chat else Way.IMPORT,
        "wording": _IN_CHAT if one.in_chat else _ON_PAPER,
        "withdrawn_at": one.stopped_at,
        "withdrawn_way": None if one.stopped_at is None else Way.CHAT,
    }


def facts(everybody: list[Person], since: datetime) -> Iterator[Fact]:
    """Who joined and who stopped since then."""
    for one in everybody:
        for kind, at in ((FactKind.CONSENT_GIVEN, one.joined_at), (FactKind.CONSENT_WITHDRAWN, one.stopped_at)):
            if one.network_id is not None and at is not None and at > since:
                yield Fact(
                    kind=kind,
                    organisation_id=one.organisation_id,
                    at=at,
                    channel=one.channel,
                    resident_id=one.id,
                    network_id=one.network_id,
                )
