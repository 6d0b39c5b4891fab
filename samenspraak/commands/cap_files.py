"""`samenspraak cap validate`: files that are CAP 1.2, or say why not."""

import json
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from broadcast.cap.parsing import LARGEST
from broadcast.cap.reading import read
from storage.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in a file. reason: why it is invalid; empty when it is not."""

    path: str
    reason: str
    warnings: tuple[str, ...] = ()
    messages: tuple[dict[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "path": self.path,
            "valid": not self.reason,
            "reason": self.reason or None,
            "warnings": list(self.warnings),
            "messages": list(self.messages),
        }


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list, one object a file.")
def validate(files: tuple[str, ...], as_json: bool) -> None:
    """Say of each file whether it is valid CAP 1.2; exit 1 when any is not.

    Nothing is fetched. What is allowed but unwise is told on the error output.
    """
    findings = [_looked_at(one) for one in files]
    if as_json:
        click.echo(json.dumps([one.as_json() for one in findings], ensure_ascii=False))
    else:
        for one in findings:
            path = _on_one_line(one.path)
            click.echo(f"invalid {path}: {one.reason}" if one.reason else f"ok {path}")
            for line in one.warnings:
                click.echo(f"warning: {path}: {line}", err=True)
    sys.exit(any(one.reason for one in findings))


def _looked_at(path: str) -> Finding:
    try:
        found = read(read_file(path))
    except InvalidInput as error:
        return Finding(path, str(error))
    messages = tuple(
        {"sender": one.sender, "identifier": one.identifier, "type": one.type, "status": one.status}
        for one in found.messages
    )
    return Finding(path, "", found.warnings, messages)


def read_file(path: str) -> bytes:
    """A file, no more of it than is looked at. Raises InvalidInput when it cannot be read."""
    try:
        if not stat.S_ISREG(mode := Path(path).stat().st_mode) and not stat.S_ISDIR(mode):
            raise InvalidInput("is no ordinary file")  # a pipe into which nobody writes would keep us for ever
        with Path(path).open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise InvalidInput(f"cannot be read ({error.strerror or type(error).__name__})") from error


def _on_one_line(path: str) -> str:
    return click.format_filename(path).replace("\n", "\\n").replace("\r", "\\r")
