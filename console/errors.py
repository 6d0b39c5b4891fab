"""Errors as pages: one mapping to HTTP, and the words in the officer's language."""

import re

from locales.catalogue import translate
from storage.errors import Conflict, Forbidden, InvalidInput, NotFound, SamenspraakError, Unavailable

_NUMBER = re.compile(r"\d+")

STATUS: dict[type[SamenspraakError], int] = {
    InvalidInput: 422,
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Unavailable: 503,
}

TITLES = {
    403: "You may not do this",
    404: "This page does not exist",
    405: "This page does not exist",
    409: "Somebody or something was first",
    413: "What you sent is too large",
    422: "Something is missing or not right",
    503: "The database does not answer",
}
OTHER_TITLE = "Something went wrong"
EXPLANATIONS = {
    403: "Your role does not allow it. This attempt was written down.",
    404: "It may have moved, or it belongs to another organisation.",
    405: "It may have moved, or it belongs to another organisation.",
    409: "Meanwhile it was changed. Go back and look at it again.",
    413: "Send less at a time.",
    422: "Go back and correct it.",
    503: "Try again in a moment. Nothing that was stored is lost.",
}
OTHER_EXPLANATION = "Try again. If it stays, tell your administrator."


class NotLoggedIn(Exception):
    """Nobody is logged in, or the login ended."""


class PasswordNotChosen(NotLoggedIn):
    """Somebody came with a password that another person knows, and must choose one of their own first."""


def status_of(error: SamenspraakError) -> int:
    """The HTTP status of an error; 500 for what is the installation's own fault."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def explanation(error: SamenspraakError, language: str) -> str:
    """What went wrong, in the officer's language; a general sentence where the error's own has no translation."""
    said = str(error)
    if language == "en":
        return said
    # An error's words are a message id; its numbers are not part of it.
    message = _NUMBER.sub("{}", said)
    translated = translate("console", language, message)
    if translated != message:
        return translated.format(*_NUMBER.findall(said))
    return translate("console", language, EXPLANATIONS.get(status_of(error), OTHER_EXPLANATION))
