"""A group of commands each of which is imported only when it is called: `--help` and small commands stay quick."""

import importlib
from typing import ClassVar

import click


class LazyGroup(click.Group):
    """places: by name of a command, its module in this package and its function there."""

    places: ClassVar[dict[str, tuple[str, str]]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """In the order in which they stand."""
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, imported now."""
        if cmd_name not in self.places:
            return None
        module, name = self.places[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"samenspraak.commands.{module}"), name)
        return command
