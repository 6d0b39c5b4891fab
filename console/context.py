"""What the pages need of the application."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.x509 import Certificate

from storage.database import Database
from storage.encryption import Vault


@dataclass(frozen=True, slots=True)
class Console:
    """One installation, as its pages see it.

    secure: whether people reach us over https, so that the login's cookie may be kept to it.
    queued: called when a message was queued, so that it leaves at once.
    topics: by language, how each topic that the bot knows is called; what is missing is shown by its own name.
    tiles: the address of map tiles, with {z}, {x} and {y}; without it maps are drawn from what we know.
    public_url: where people reach us, without a slash at the end; None where nobody does.
    certificates: of those whose signature on CAP messages is trusted.
    stopping: whether this process ends; live pages then let go of their connections.
    """

    database: Database
    vault: Vault
    secure: bool
    queued: Callable[[], None]
    topics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    public_url: str | None = None
    certificates: Sequence[Certificate] = ()
    stopping: Callable[[], bool] = lambda: False
    tiles: str | None = None
