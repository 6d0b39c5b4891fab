"""What an error of the Bot API means for the message and for its address."""

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from messaging.channel import Failure, SendError

# Telegram names these only in the description, in lower or upper case.
_NO_SUCH_CHAT = (
    "chat not found",
    "chat_id is empty",
    "chat_id_invalid",
    "user not found",
    "user_id_invalid",
    "peer_id_invalid",
    "group chat was deactivated",
)
_MAY_NOT_WRITE = ("not enough rights", "have no rights", "need administrator rights", "chat_write_forbidden")


_BY_TYPE: tuple[tuple[type[TelegramError], Failure, str], ...] = (
    (Forbidden, Failure.BLOCKED, "403"),
    (InvalidToken, Failure.UNAUTHORIZED, "401"),
    (Conflict, Failure.REJECTED, "409"),
)


def failure_of(error: TelegramError) -> SendError:
    """The reason by which the ledger decides, without any text of Telegram's."""
    if isinstance(error.__cause__, SendError):
        return error.__cause__
    if isinstance(error, ChatMigrated):
        return SendError(Failure.BAD_ADDRESS, "migrated", new_address=str(error.new_chat_id))
    if isinstance(error, BadRequest):
        return SendError(_bad_request(error.message.lower()), "400")
    for kind, failure, code in _BY_TYPE:
        if isinstance(error, kind):
            return SendError(failure, code)
    # A 2xx that cannot be read, or a status that Telegram does not use: a proxy answered, perhaps after it.
    return SendError(Failure.UNKNOWN, "unreadable")


def _bad_request(description: str) -> Failure:
    if any(phrase in description for phrase in _NO_SUCH_CHAT):
        return Failure.BAD_ADDRESS
    if any(phrase in description for phrase in _MAY_NOT_WRITE):
        return Failure.BLOCKED
    return Failure.REJECTED
