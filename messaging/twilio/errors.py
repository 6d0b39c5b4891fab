"""Twilio's error codes, in answers and in statuses, and what each means for the message.

Source: Twilio's dictionary of errors; a code that is not listed is a lasting refusal of that one message.
"""

from messaging.channel import Failure, SendError

_BY_CODE = {
    20003: Failure.UNAUTHORIZED,  # wrong account or token
    20005: Failure.UNAUTHORIZED,  # account not active
    20404: Failure.UNAUTHORIZED,  # no such account or messaging service
    20429: Failure.RATE_LIMITED,  # too many requests
    21211: Failure.BAD_ADDRESS,  # not a phone number
    21212: Failure.UNAUTHORIZED,  # our own number is wrong
    21610: Failure.BLOCKED,  # answered STOP
    21611: Failure.RATE_LIMITED,  # queue of this sender is full
    21614: Failure.BAD_ADDRESS,  # not a mobile number
    21635: Failure.BAD_ADDRESS,  # landline
    30001: Failure.RATE_LIMITED,  # queue overflow
    30002: Failure.UNAUTHORIZED,  # account suspended
    30005: Failure.BAD_ADDRESS,  # number does not exist
    30006: Failure.BAD_ADDRESS,  # landline or unreachable carrier
    30008: Failure.UNKNOWN,  # the carrier does not say
    63003: Failure.BAD_ADDRESS,  # not a WhatsApp user
    63007: Failure.UNAUTHORIZED,  # our own WhatsApp sender is wrong
    63014: Failure.BLOCKED,  # blocked by the person
    63016: Failure.WINDOW_CLOSED,  # outside the 24 hours
    63018: Failure.RATE_LIMITED,  # WhatsApp's rate
    63024: Failure.BAD_ADDRESS,  # not a WhatsApp user
}

# For an answer without a code of Twilio's own, from whatever stands between.
_BY_STATUS = {401: Failure.UNAUTHORIZED, 403: Failure.UNAUTHORIZED, 429: Failure.RATE_LIMITED}
_CLIENT_ERROR = 400


def failure_of(code: int) -> Failure:
    """What a code of Twilio's means; REJECTED when it is not known."""
    return _BY_CODE.get(code, Failure.REJECTED)


def refusal(status: int, code: object, retry_after: float | None = None) -> SendError:
    """The error for an answer below 500 that accepted nothing.

    A redirect or another answer below 400 is unknown: it did not come from Twilio's message API.
    """
    if isinstance(code, int) and code != status:
        return SendError(failure_of(code), str(code), retry_after=retry_after)
    failure = _BY_STATUS.get(status, Failure.REJECTED if status >= _CLIENT_ERROR else Failure.UNKNOWN)
    return SendError(failure, str(status), retry_after=retry_after)
