"""The people whose phones are at this end of the wire."""

from dataclasses import dataclass
from typing import Literal, get_args

Medium = Literal["telegram", "whatsapp", "sms"]
MEDIA: tuple[Medium, ...] = get_args(Medium)


class Unknown(LookupError):
    """Nobody, or nothing, goes by that name here."""


@dataclass(frozen=True, slots=True)
class Persona:
    """One person with a phone.

    name: unique; what control calls and the phone page go by.
    chat_id: of their private chat on Telegram, which is also their user id.
    phone: E.164.
    language_code: of their Telegram application, as IETF tag.
    media: the channels that their phone has.
    """

    name: str
    chat_id: int | None = None
    phone: str | None = None
    language_code: str | None = None
    media: tuple[Medium, ...] = ()

    def address(self, medium: Medium) -> str:
        """Where messages of `medium` reach them, in the provider's own form; raises Unknown without one."""
        if medium not in self.media:
            raise Unknown(f"{self.name} has no {medium}")
        if medium == "telegram":
            return str(self.chat_id)
        return f"whatsapp:{self.phone}" if medium == "whatsapp" else str(self.phone)


def persona(
    name: str,
    *,
    chat_id: int | None = None,
    phone: str | None = None,
    language_code: str | None = None,
    media: tuple[Medium, ...] | None = None,
) -> Persona:
    """A person with the channels asked for; by default all that their addresses allow. Raises ValueError."""
    possible = tuple(m for m in MEDIA if (chat_id if m == "telegram" else phone) is not None)
    wanted = possible if media is None else media
    if not set(wanted) <= set(possible):
        raise ValueError("a channel lacks its address")
    return Persona(name, chat_id, phone, language_code, wanted)


class People:
    """Everybody registered, found by name, chat or phone."""

    def __init__(self) -> None:
        self._by_name: dict[str, Persona] = {}
        self._by_chat: dict[int, Persona] = {}
        self._by_phone: dict[str, Persona] = {}

    def register(self, person: Persona) -> None:
        """Add a person; the same name again replaces them."""
        if old := self._by_name.pop(person.name, None):
            self._by_chat.pop(old.chat_id or 0, None)
            self._by_phone.pop(old.phone or "", None)
        self._by_name[person.name] = person
        if person.chat_id is not None:
            self._by_chat[person.chat_id] = person
        if person.phone is not None:
            self._by_phone[person.phone] = person

    def named(self, name: str) -> Persona:
        """The person of that name; raises Unknown."""
        try:
            return self._by_name[name]
        except KeyError:
            raise Unknown(f"nobody is called {name}") from None

    def in_chat(self, chat_id: int) -> Persona | None:
        """Whose private chat this is."""
        return self._by_chat.get(chat_id)

    def with_phone(self, phone: str) -> Persona | None:
        """Whose number this is."""
        return self._by_phone.get(phone)

    def all(self) -> list[Persona]:
        """Everybody, in the order they came."""
        return list(self._by_name.values())
