"""How parameters are written on the wire, and how each kind is checked.

A form carries everything as text (objects and lists as JSON), a JSON body may carry them as they are. A reader takes
either, returns the Python value and raises Wrong.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Reader = Callable[[Any], Any]


class Wrong(ValueError):
    """A value that the specification does not allow.

    description: what the provider says about it, where it says something particular.
    """

    def __init__(self, reason: str, description: str | None = None) -> None:
        super().__init__(reason)
        self.description = description


def integer(low: int | None = None, high: int | None = None) -> Reader:
    """A whole number, within its limits."""

    def read(value: Any) -> int:
        try:
            number = int(value) if isinstance(value, str) else value
        except ValueError:
            raise Wrong("must be an integer") from None
        if not isinstance(number, int) or isinstance(number, bool):
            raise Wrong("must be an integer")
        if (low is not None and number < low) or (high is not None and number > high):
            raise Wrong(f"must lie between {low} and {high}")
        return number

    return read


def number(low: float, high: float) -> Reader:
    """A number, within its limits."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise Wrong("must be a number")
        try:
            found = float(value)
        except ValueError:
            raise Wrong("must be a number") from None
        if not low <= found <= high:
            raise Wrong(f"must lie between {low} and {high}")
        return found

    return read


def string(low: int = 0, high: int | None = None, *, empty: str | None = None, long: str | None = None) -> Reader:
    """A text of so many characters; `empty` and `long` are the provider's words for too few and too many."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong("must be a string")
        if low and len(value.strip()) < low:
            raise Wrong(f"must have at least {low} characters", empty)
        if high is not None and len(value) > high:
            raise Wrong(f"must have at most {high} characters", long)
        return value

    return read


def one_of(*allowed: str) -> Reader:
    """One of a few words."""

    def read(value: Any) -> str:
        if value not in allowed:
            raise Wrong(f"must be one of {', '.join(allowed)}")
        return str(value)

    return read


def pattern(regex: str, reason: str) -> Reader:
    """A text of a form, given by a regular expression for the whole of it."""
    compiled = re.compile(regex)

    def read(value: Any) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise Wrong(reason)
        return value

    return read


def boolean(value: Any) -> bool:
    """True or False, in a form as the words of JSON."""
    if isinstance(value, bool):
        return value
    if value in ("true", "True", "1"):
        return True
    if value in ("false", "False", "0"):
        return False
    raise Wrong("must be a boolean")


def chat(value: Any) -> int | str:
    """A chat's number or @name."""
    if isinstance(value, str) and value.startswith("@"):
        return value
    if value == "":
        raise Wrong("must not be empty", "chat_id is empty")
    found: int = integer()(value)
    return found


def file(value: Any) -> str | bytes:
    """An uploaded file, or the text that names one."""
    if isinstance(value, bytes) or (isinstance(value, str) and value):
        return value
    raise Wrong("must be a file or name one")


def array(item: Reader, high: int | None = None) -> Reader:
    """A list of values of one kind."""

    def read(value: Any) -> list[Any]:
        found = _parsed(value)
        if not isinstance(found, list):
            raise Wrong("must be a list")
        if high is not None and len(found) > high:
            raise Wrong(f"must have at most {high} members")
        return [item(member) for member in found]

    return read


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its fields and those it must have."""

    fields: Mapping[str, Reader]
    required: frozenset[str] = frozenset()

    def __call__(self, value: Any) -> dict[str, Any]:
        """Check the object and everything in it."""
        found = _parsed(value)
        if not isinstance(found, dict):
            raise Wrong("must be an object")
        return self.check(found)

    def check(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """The values read, under their names."""
        for name in self.required:
            if name not in found:
                raise Wrong(f"{name} is missing", f"{name} is empty" if name == "chat_id" else None)
        return {name: self._field(name, value) for name, value in found.items()}

    def _field(self, name: str, value: Any) -> Any:
        try:
            reader = self.fields[name]
        except KeyError:
            raise Wrong(f"{name} is unknown") from None
        try:
            return reader(value)
        except Wrong as wrong:
            raise Wrong(f"{name} {wrong}", wrong.description) from None


def anything(value: Any) -> Any:
    """An object that we never send and so do not look into; still it must be one."""
    found = _parsed(value)
    if not isinstance(found, dict):
        raise Wrong("must be an object")
    return found


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Wrong("must be JSON", "can't parse JSON object") from None
