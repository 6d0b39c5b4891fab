"""The words of `wording.yml`, by which a list of members is understood."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

_FILE = Path(__file__).with_name("wording.yml")


@dataclass(frozen=True, slots=True)
class Wording:
    """headers: by field. languages: the code of each name. coordinator: with what the word for one begins."""

    headers: Mapping[str, tuple[str, ...]]
    yes: frozenset[str]
    no: frozenset[str]
    languages: Mapping[str, str]
    coordinator: tuple[str, ...]
    first_names: frozenset[str]
    last_names: frozenset[str]


@cache
def wording() -> Wording:
    """The words, read once."""
    told = YAML(typ="safe").load(_FILE)
    return Wording(
        headers={field: tuple(words.split()) for field, words in told["headers"].items()},
        yes=frozenset(told["yes"].split()),
        no=frozenset(told["no"].split()),
        languages={word: code for code, words in told["languages"].items() for word in words.split()},
        coordinator=tuple(told["coordinator"].split()),
        first_names=frozenset(told["first_names"].split()),
        last_names=frozenset(told["last_names"].split()),
    )


def plain(text: str) -> str:
    """Small letters and digits alone, without accents."""
    ascii_ = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return "".join(one for one in ascii_ if one.isalnum())
