"""What the far end is told at its start; frozen, because nothing in a run may change it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """Accounts, limits and what is kept.

    telegram_tokens: the bots that exist; the first is the one that persons write to.
    telegram_rate: messages a second over all chats of one bot; None for no limit.
    telegram_chat_rate, telegram_chat_burst: messages a second to one chat, and how many may come at once.
    any_chat: every chat id exists, so that a bench need not register its recipients.
    twilio_numbers: "+32…" or "whatsapp:+32…"; when there are none, any number may send.
    twilio_rate: requests a second of the account; None for no limit.
    statuses: what a message passes through after it was taken; empty leaves it queued for ever.
    status_delay: seconds before each status.
    read_on_whatsapp: a delivered WhatsApp message is also read.
    window_refused_at_once: free text outside WhatsApp's 24 hours is refused in the answer instead of by status.
    redelivery_delay: seconds before Telegram's first redelivery; doubled each time, at most a minute.
    latency: seconds before each answer on the wire.
    log_messages: keep entries of messages (otherwise only counts and violations).
    keep: log entries and messages of each provider that stay in memory.
    log_file: every entry is also written here, one JSON object a line.
    contacts: whose each account is, as the phone shows it: a name with its bots' user names and its numbers; without
        any, the phone has one nameless contact.
    """

    telegram_tokens: tuple[str, ...] = ("7000001:simulated-bot-token-for-loopback-only",)
    telegram_username: str = "lindebeke_bot"
    telegram_rate: float | None = 30
    telegram_chat_rate: float | None = 1
    telegram_chat_burst: int = 5
    any_chat: bool = False
    twilio_account_sid: str = "AC" + "5" * 32
    twilio_auth_token: str = "simulated-auth-token"  # noqa: S105 (of an account that exists nowhere)
    twilio_numbers: tuple[str, ...] = ()
    twilio_rate: float | None = None
    statuses: tuple[str, ...] = ("queued", "sent", "delivered")
    status_delay: float = 0.05
    read_on_whatsapp: bool = True
    window_refused_at_once: bool = False
    redelivery_delay: float = 1.0
    latency: float = 0.0
    log_messages: bool = True
    keep: int = 100_000
    log_file: Path | None = None
    contacts: tuple[tuple[str, tuple[str, ...]], ...] = ()
