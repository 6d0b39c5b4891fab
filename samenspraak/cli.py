"""The command `samenspraak`: finds the subcommand and maps errors to exit codes."""

import sys

import click
from sqlalchemy.exc import OperationalError

from samenspraak.commands.lazy import LazyGroup
from samenspraak.logs import configure
from samenspraak.names import refuse_shared_names
from storage.errors import ConfigurationError, InvalidInput, SamenspraakError

_COMMANDS = {
    "init": ("installation", "init"),
    "upgrade": ("installation", "upgrade"),
    "doctor": ("doctor", "doctor"),
    "backup": ("backup", "backup"),
    "restore": ("backup", "restore"),
    "retention": ("retention", "retention"),
    "serve": ("serve", "serve"),
    "worker": ("serve", "worker"),
    "nlu": ("nlu", "nlu"),
    "alert": ("alert", "alert"),
    "members": ("members", "members"),
    "cap": ("cap", "cap"),
    "metrics": ("metrics", "metrics"),
    "bench": ("bench", "bench"),
    "demo": ("demo", "demo"),
}
_FAILED, _WRONG_USE = 1, 2


class _Commands(LazyGroup):
    places = _COMMANDS


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="samenspraak")
@click.option("--verbose", is_flag=True, help="Log what happens.")
def samenspraak(verbose: bool) -> None:
    """Messaging toolkit for local governments: a bot that answers, alerts that can be answered, figures that count."""
    configure(verbose=verbose)


def main() -> None:
    """Run the command; exit 0 done, 1 failed, 2 wrong use."""
    sys.exit(_run(samenspraak))


def _run(command: click.Command) -> int:
    try:
        refuse_shared_names()
        # Without its standalone mode click returns what the command left with, or what its function returned.
        left_with = command.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return _FAILED
    except SamenspraakError as error:
        click.echo(f"Error: {error}", err=True)
        return _WRONG_USE if isinstance(error, InvalidInput | ConfigurationError) else _FAILED
    except OperationalError as error:
        # Its own text may name host and user; SAMENSPRAAK_DATABASE_URL says which database is meant.
        click.echo(f"Error: the database does not answer ({type(error.orig).__name__}): is it running?", err=True)
        return _FAILED
    return left_with if isinstance(left_with, int) else 0
