"""`samenspraak cap …`: messages of the Common Alerting Protocol, checked, taken in and given out."""

import click

from samenspraak.commands.lazy import LazyGroup

_COMMANDS = {
    "validate": ("cap_files", "validate"),
    "import": ("cap_exchange", "import_file"),
    "export": ("cap_exchange", "export_alert"),
    "token": ("cap_exchange", "token"),
}


class _Commands(LazyGroup):
    places = _COMMANDS


@click.group(cls=_Commands)
def cap() -> None:
    """Check, import and export messages of the Common Alerting Protocol (CAP 1.2)."""
