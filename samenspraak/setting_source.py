"""Reads single settings, by name, from an environment with a file of settings below it.

Each raises ConfigurationError with what to change where it is not what it must be.
"""

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from storage.errors import ConfigurationError

PREFIX = "SAMENSPRAAK_"
_SHORTEST_KEPT = 7


class Source:
    """The environment with a file of settings below it: SAMENSPRAAK_MAIL_HOST or `mail_host = …`."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._file = _file(env)

    def text(self, name: str) -> str | None:
        """A setting as text; one that is set but empty is a mistake that must not pass for a missing one."""
        value = self._env.get(PREFIX + name, self._file.get(name.lower()))
        if value is None:
            return None
        if not str(value).strip():
            raise ConfigurationError(f"{PREFIX}{name} is empty: give it a value or take it away")
        return str(value).strip()

    def secret(self, name: str) -> str | None:
        """A setting that may stand in a file of its own."""
        path = self._env.get(f"{PREFIX}{name}_FILE")
        if path is None:
            return self.text(name)
        try:
            value = Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{PREFIX}{name}_FILE cannot be read: {type(error).__name__}") from None
        if not value:
            raise ConfigurationError(f"The file of {PREFIX}{name}_FILE is empty")
        return value

    def number(self, name: str, default: float) -> float:
        """A positive number."""
        value = self.text(name)
        try:
            number = default if value is None else float(value)
        except ValueError:
            number = 0
        if not 0 < number < math.inf:
            raise ConfigurationError(f"{PREFIX}{name} must be a number above 0")
        return number

    def days(self, name: str, usual: int) -> int:
        """A whole number of days, at least a week: less would take away what is still worked with."""
        number = self.number(name, usual)
        if number < _SHORTEST_KEPT or number != int(number):
            raise ConfigurationError(f"{PREFIX}{name} must be a whole number of days, at least {_SHORTEST_KEPT}")
        return int(number)

    def known_number(self, name: str) -> float | None:
        """A positive number; None where it is not set."""
        return None if self.text(name) is None else self.number(name, 1)

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        """One of a few words, the first by default."""
        value = self.text(name) or allowed[0]
        if value not in allowed:
            raise ConfigurationError(f"{PREFIX}{name} must be one of: {', '.join(allowed)}")
        return value


def _file(env: Mapping[str, str]) -> Mapping[str, Any]:
    named = env.get(f"{PREFIX}CONFIG")
    path = Path(named or "samenspraak.toml")
    if named is None and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
