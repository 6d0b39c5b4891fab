"""The templates that each new organisation begins with, in four languages; it changes or removes them as it likes."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from broadcast.alert import LANGUAGES
from broadcast.template import Template
from broadcast.vocabulary import Kind

_FILE = Path(__file__).with_suffix(".toml")


@cache
def starters() -> tuple[Template, ...]:
    """New templates, of which none is approved at a provider yet."""
    return tuple(_template(one) for one in tomllib.loads(_FILE.read_text("utf-8"))["template"])


def _template(one: dict[str, Any]) -> Template:
    made = Template(
        id=0,
        name=one["name"],
        kind=Kind(one["kind"]),
        title=one["title"],
        texts={language: one[language][0] for language in LANGUAGES},
        instructions={language: one[language][1] for language in LANGUAGES if one[language][1:]},
        short_texts={},
        template_sid="",
    )
    made.check()
    return made
