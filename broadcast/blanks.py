"""Pure: the blanks of a template, such as [street], which are filled in once for all languages."""

import re
from collections.abc import Iterable, Mapping

_BLANK = re.compile(r"\[([^\W\d_][\w -]{0,39})\]")


def blanks(texts: Iterable[str]) -> tuple[str, ...]:
    """The names of the blanks in these texts, each once, in the order in which they are read."""
    return tuple(dict.fromkeys(name for text in texts for name in _BLANK.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with every blank filled in for which there is a value; the others stay."""
    return _BLANK.sub(lambda match: values.get(match[1], "").strip() or match[0], text)
