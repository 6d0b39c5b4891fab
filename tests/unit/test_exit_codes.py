"""What the command `samenspraak` tells whoever called it."""

import click
import pytest

from samenspraak.cli import _run
from storage.errors import InvalidInput, SamenspraakError, Unavailable


def command(outcome: Exception | None) -> click.Command:
    @click.command()
    def act() -> None:
        if outcome is not None:
            raise outcome

    return act


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (None, 0),
        (click.exceptions.Exit(1), 1),
        (click.UsageError("wrong"), 2),
        (InvalidInput("wrong"), 2),
        (Unavailable("away"), 1),
        (SamenspraakError("failed"), 1),
    ],
)
def test_done_failed_and_wrong_use_are_told_apart(
    monkeypatch: pytest.MonkeyPatch, outcome: Exception | None, code: int
) -> None:
    monkeypatch.setattr("sys.argv", ["samenspraak"])
    assert _run(command(outcome)) == code
