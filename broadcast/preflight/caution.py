"""What must be acknowledged before an alert is offered, and again before it is approved."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that may be right, but that somebody must have seen.

    code: the same for the same thing again. said: a message id of the catalogue `console`, whose blanks `values` fills;
    `language` among them is a code such as "fr".
    """

    code: str
    said: str
    values: Mapping[str, str | int] = field(default_factory=dict)
