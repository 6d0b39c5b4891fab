"""A PostgreSQL database out and in by PostgreSQL's own programs."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from samenspraak.private_file import write_private
from storage.database import driver_url
from storage.errors import ConfigurationError, Unavailable

_LONGEST_REASON = 300


def dump(url: str, copy: Path) -> None:
    """Write all of a database, as it is at one moment; others go on working in it."""
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")


def load(url: str, copy: Path) -> None:
    """Put back what `dump` wrote, all or nothing, in the place of what is there of the same name."""
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run("pg_restore", url, *options, str(copy))


def _run(program: str, url: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise ConfigurationError(f"{program} is not installed here: it comes with PostgreSQL's client programs")
    with _address(url) as address:
        command = [path, f"--dbname={address}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise Unavailable(f"{program} did not succeed: {' '.join(done.stderr.split())[:_LONGEST_REASON]}")


@contextmanager
def _address(url: str) -> Iterator[str]:
    """The address without its password, which every process of the machine could read: that stands in a file."""
    parsed = driver_url(url)
    with TemporaryDirectory() as folder:
        query = dict(parsed.query)
        if parsed.password is not None:
            file = Path(folder) / "password"
            escaped = str(parsed.password).replace("\\", "\\\\").replace(":", "\\:")
            write_private(file, f"*:*:*:*:{escaped}")
            query["passfile"] = str(file)
        plain = parsed._replace(drivername="postgresql", password=None).set(query=query)
        yield plain.render_as_string(hide_password=False)
