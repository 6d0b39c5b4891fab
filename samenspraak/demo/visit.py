"""The demonstration to look around in: a town with a month behind it, phones, providers and console, until Ctrl-C."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from people.organisation import OrganisationKind
from people.repository import organisations
from samenspraak.demo.build import enrol_on_paper, found_town, learn, write_history
from samenspraak.demo.repository import forget_provider_ids
from samenspraak.demo.scene import Ports, Stage, far_end_options, on_stage, settings_in
from samenspraak.demo.town import AT_THE_POLICE, IN_TOWN_HALL, PASSWORD, connect
from samenspraak.migrations import upgrade
from samenspraak.settings import Settings
from storage.database import Database
from storage.encryption import Vault

KEPT = Path("var-demo")
_NETWORK = "Molenveld"
_MEMBERS = ("Mia Janssens", "Jonas De Smet", "Rachid Bouzid", "Georgette Pauwels")
"""Whose phones receive its alerts from the beginning."""
_TO_TRY = (
    "On the phone, as Mia Janssens: Wanneer wordt het papier opgehaald?",
    "As Amélie Laurent: Combien coûte un passeport ? Then: FRANÇAIS",
    "As Noor El Amrani: Ik wil een medewerker spreken. Then take over in the console as Els.",
    f"As Sofie, write an alert for {_NETWORK} and submit it; as Dirk, approve it: it arrives on the phones.",
    "As Bart, look at the figures beside those of the study of 2016.",
)


async def visit(console: Console, ports: Ports, *, keep: bool, fresh: bool) -> None:
    """Run until Ctrl-C. keep: in ./var-demo, to go on there next time; fresh: begin there anew."""
    with _folder(keep=keep, fresh=fresh) as folder:
        settings = settings_in(folder, ports)
        learn(settings, console).close()
        await _prepare(settings, console, known=(folder / "samenspraak.db").exists())
        async with on_stage(settings, ports, far_end_options(None, any_chat=True)) as stage:
            _guide(console, stage)
            await stage.serving
    console.print("Stopped." if keep else "Stopped; nothing was kept.")


@contextmanager
def _folder(*, keep: bool, fresh: bool) -> Iterator[Path]:
    if not keep:
        with tempfile.TemporaryDirectory(prefix="samenspraak-demo-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    if fresh:
        shutil.rmtree(KEPT, ignore_errors=True)
    yield KEPT


async def _prepare(settings: Settings, console: Console, *, known: bool) -> None:
    if known:
        await _go_on(settings)
        return
    town = await found_town(settings)
    await write_history(settings, town, console)
    await enrol_on_paper(settings, town, _NETWORK, _MEMBERS)


async def _go_on(settings: Settings) -> None:
    """A town that was kept, in front of providers that begin anew."""
    upgrade(settings.database_url)
    database = Database(settings.database_url)
    vault = Vault(settings.require_secret_key())
    try:
        async with database.write() as connection:
            by_kind = {one.kind: one.id for one in await organisations.every(connection)}
            municipality, police = by_kind[OrganisationKind.MUNICIPALITY], by_kind[OrganisationKind.POLICE_ZONE]
            await connect(connection, vault, settings, municipality, police)
            await forget_provider_ids(connection)
    finally:
        await database.close()


def _guide(console: Console, stage: Stage) -> None:
    """Where everything is, who can log in, and what to try."""
    console.print("\n[bold]Lindebeke is open.[/bold] Nobody in it is real, and nothing leaves this computer.\n")
    console.print(f"  Console for officers     {stage.console_url}/")
    console.print(f"  A resident's phone       {stage.phone_url}/phone\n")
    logins = Table(
        title=f"Logins, all with the password {PASSWORD}", title_justify="left", box=None, padding=(0, 3, 0, 2)
    )
    for heading in ("who", "role", "e-mail address"):
        logins.add_column(heading)
    for where, seats in (("Gemeente Lindebeke", IN_TOWN_HALL), ("Politiezone Lindebeke", AT_THE_POLICE)):
        logins.add_section()
        logins.add_row(f"[bold]{where}[/bold]")
        for one in seats:
            logins.add_row(one.name, one.role, one.email)
    console.print(logins)
    console.print("\nTo try:")
    for line in _TO_TRY:
        console.print(f"  • {line}", highlight=False)
    console.print("\nStop with Ctrl-C.")
