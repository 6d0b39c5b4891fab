"""An officer of an organisation, and the check of a password."""

from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from people.roles import Role
from storage.errors import InvalidInput

_SHORTEST_PASSWORD = 12
_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who works with the console. password_once: they must choose a password of their own first."""

    id: int
    organisation_id: int
    email: str
    name: str
    role: Role
    locale: str
    telegram_sealed: bytes | None
    password_once: bool = False


def hash_password(password: str) -> str:
    """The Argon2id hash of a password; raises InvalidInput when it is too short."""
    if len(password) < _SHORTEST_PASSWORD:
        raise InvalidInput(f"A password needs at least {_SHORTEST_PASSWORD} characters")
    return _hasher.hash(password)


def password_matches(password_hash: str, password: str) -> bool:
    """Whether this is the password that was hashed."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
