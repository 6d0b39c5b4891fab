"""A YAML file read so that every mistake in it is told with its file and line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from storage.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a YAML file, with the place where it stands."""

    file: Path
    line: int  # from 1
    trail: str  # the keys that lead here, "answers.passport.text"
    value: Any

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read the whole file; InvalidInput when it cannot be read or is no YAML."""
        try:
            value = YAML(typ="rt", pure=True).load(file.read_text(encoding="utf-8"))
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise InvalidInput(f"{file}:{line}: {error.problem or error.context}") from error
        except (OSError, UnicodeDecodeError, YAMLError) as error:
            raise InvalidInput(f"{file}: cannot be read as YAML: {error}") from error
        return cls(file, 1, "the file", value)

    def error(self, reason: str) -> InvalidInput:
        """The refusal of what stands here."""
        return InvalidInput(f"{self.file}:{self.line}: {self.trail}: {reason}")

    def entries(self) -> dict[Any, Node]:
        """The mapping that stands here, by key; InvalidInput when it is none."""
        if not isinstance(self.value, CommentedMap):
            raise self.error("a list of names with values is expected here")
        prefix = "" if self.trail == "the file" else f"{self.trail}."
        return {
            key: Node(self.file, self.value.lc.key(key)[0] + 1, f"{prefix}{key}", value)
            for key, value in self.value.items()
        }

    def exactly(self, keys: Collection[str]) -> dict[str, Node]:
        """The mapping that stands here, which has these keys and no others."""
        entries = self.entries()
        for key, entry in entries.items():
            if key not in keys:
                raise entry.error("unknown here; known are " + ", ".join(sorted(keys)))
        missing = sorted(set(keys) - entries.keys())
        if missing:
            raise self.error("missing: " + ", ".join(missing))
        return entries

    def is_mapping(self) -> bool:
        """Whether names with values stand here."""
        return isinstance(self.value, CommentedMap)

    def text(self) -> str:
        """The text that stands here, trimmed; a bare number or an empty text is refused."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error("a text is expected here (a number needs quotes)")
        return self.value.strip()

    def texts(self) -> tuple[str, ...]:
        """The list of texts that stands here."""
        if not isinstance(self.value, list) or not all(isinstance(item, str) for item in self.value):
            raise self.error("a list of texts is expected here, such as [paper, cardboard]")
        return tuple(self.value)

    def number(self) -> int:
        """The whole number from 1 that stands here."""
        if type(self.value) is not int or self.value < 1:
            raise self.error("a whole number from 1 is expected here")
        return self.value

    def day(self) -> date:
        """The calendar day that stands here."""
        if type(self.value) is not date:
            raise self.error("a date such as 2026-01-31 is expected here")
        return self.value
