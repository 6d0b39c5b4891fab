"""Personal data at rest: a keyed hash to look a value up, authenticated encryption to read it back.

A plain hash of a phone number is no protection (all Belgian mobile numbers are tried within a day on one core), so
looking up needs the installation's key. Each person has a key of their own, wrapped by the installation's; destroying
it erases the person's values, in every back-up too. The first secret seals, all of them open: that is how keys rotate.
"""

import hmac
import os
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import ConfigurationError, NotFound

_SHORTEST_SECRET = 32
_NONCE = 12
KEY_ID = 4
"""Bytes of a key's id, which begin all that it sealed."""


@dataclass(frozen=True, slots=True)
class _Keys:
    key_id: bytes  # four bytes, written before all that this key sealed
    lookup: bytes
    wrap: AESGCM


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"samenspraak " + purpose).derive(secret.encode())


def _keys(secret: str) -> _Keys:
    if len(secret) < _SHORTEST_SECRET:
        raise ConfigurationError(
            f"SAMENSPRAAK_SECRET_KEY must have at least {_SHORTEST_SECRET} characters; `samenspraak init` makes one"
        )
    return _Keys(
        key_id=_derive(secret, b"id")[:KEY_ID],
        lookup=_derive(secret, b"lookup"),
        wrap=AESGCM(_derive(secret, b"wrap")),
    )


def _seal(cipher: AESGCM, value: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + cipher.encrypt(nonce, value, context)


def _open(cipher: AESGCM, sealed: bytes, context: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
    except (InvalidTag, ValueError) as error:  # ValueError: too short to hold anything
        raise ConfigurationError("A sealed value does not open with its key: the data was altered") from error


class PersonKey:
    """Seals and opens one person's values."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, value: str) -> bytes:
        """Encrypt one value of this person."""
        return _seal(self._cipher, value.encode(), b"")

    def open(self, sealed: bytes) -> str:
        """Decrypt what `seal` gave; raises ConfigurationError when it was altered."""
        return _open(self._cipher, sealed, b"").decode()


class Vault:
    """The installation's keys: `secrets` is one secret, or several separated by commas, the newest first."""

    def __init__(self, secrets: str) -> None:
        self._all = tuple(_keys(secret.strip()) for secret in secrets.split(","))
        self._newest = self._all[0]

    @property
    def key_ids(self) -> tuple[str, ...]:
        """What names each secret without telling it, the newest first."""
        return tuple(keys.key_id.hex() for keys in self._all)

    def lookup(self, value: str) -> str:
        """The keyed hash under which a value is stored and found: 40 hexadecimal characters."""
        return self._lookup(self._newest, value)

    def lookups(self, value: str) -> tuple[str, ...]:
        """The hashes under which a value may be stored: one a key, the newest first."""
        return tuple(self._lookup(keys, value) for keys in self._all)

    @staticmethod
    def _lookup(keys: _Keys, value: str) -> str:
        return keys.key_id.hex() + hmac.new(keys.lookup, value.encode(), sha256).hexdigest()[:32]

    def seal(self, value: bytes, context: str) -> bytes:
        """Encrypt a value that belongs to no person; it opens only with the same context."""
        return self._newest.key_id + _seal(self._newest.wrap, value, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what `seal` gave. Raises ConfigurationError when none of the secrets sealed it."""
        for keys in self._all:
            if keys.key_id == sealed[:KEY_ID]:
                return _open(keys.wrap, sealed[KEY_ID:], context.encode())
        raise ConfigurationError("SAMENSPRAAK_SECRET_KEY is not the one that this database was made with")

    def new_person(self) -> tuple[bytes, PersonKey]:
        """A fresh key for a person: wrapped, to be stored, and ready to use."""
        key = os.urandom(32)
        return self.seal(key, "person"), PersonKey(key)

    def person(self, wrapped: bytes | None) -> PersonKey:
        """The key of a person as stored; raises NotFound when it was destroyed (the person was erased)."""
        if wrapped is None:
            raise NotFound("This person's data was erased")
        return PersonKey(self.open(wrapped, "person"))
