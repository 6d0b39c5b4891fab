"""How an officer's own Telegram is known for theirs: they send the bot a word that only their account page shows."""

import hmac
import re
from datetime import UTC, datetime, timedelta

from storage.encryption import Vault

LASTS = timedelta(minutes=15)
_WORD = re.compile(r"officer-(?P<id>\d{1,9})-(?P<until>\d{10})-(?P<proof>[0-9a-f]{32})")


def word(vault: Vault, officer_id: int, at: datetime) -> str:
    """The word of this officer for a quarter of an hour, of letters, digits and hyphens."""
    until = int((at + LASTS).timestamp())
    return f"officer-{officer_id}-{until}-{_proofs(vault, officer_id, until)[0]}"


def officer_of(vault: Vault, said: str, at: datetime) -> int | None:
    """Whose word this is; None when it is nobody's, or of earlier."""
    found = _WORD.fullmatch(said.strip())
    if found is None:
        return None
    officer_id, until = int(found["id"]), int(found["until"])
    proofs = _proofs(vault, officer_id, until)
    proven = any(hmac.compare_digest(proof, found["proof"]) for proof in proofs)
    return officer_id if proven and datetime.fromtimestamp(until, UTC) > at else None


def _proofs(vault: Vault, officer_id: int, until: int) -> list[str]:
    """One a secret of the installation, the newest first."""
    return [one[-32:] for one in vault.lookups(f"officer link:{officer_id}:{until}")]
