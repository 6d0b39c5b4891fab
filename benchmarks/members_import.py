"""How long a list of members takes: opened, looked through, and brought in.

    .venv/bin/python -m benchmarks.members_import [--rows 50000]

On SQLite in a temporary folder, and on a PostgreSQL server of its own.
"""

import argparse
import resource
import time
from datetime import date

from benchmarks.databases import on_both
from broadcast.members.evidence import Evidence
from broadcast.members.importing import Imports, open_list
from broadcast.repository import imports
from people.organisation import OrganisationKind
from people.repository import networks, organisations
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault

_SECRET = "only-for-benches-" + "0" * 32
_EVIDENCE = Evidence(on=date(2026, 1, 31), how="formulier", wording="Ja", everybody=True)


def _list(rows: int) -> bytes:
    head = "voornaam;naam;gsm;straat;nr;postcode;lat;lon"
    lines = (
        f"An{one};Peeters;+3247{one:07};Straat {one // 400};{one % 400 + 1};2860;51.03;4.48" for one in range(rows)
    )
    return "\n".join([head, *lines]).encode()


async def _bench(url: str, rows: int) -> None:
    database, vault = Database(url), Vault(_SECRET)
    try:
        async with database.write() as connection:
            kind = OrganisationKind.POLICE_ZONE
            zone = await organisations.create(connection, kind=kind, name="PZ Bench", slug="pz", at=now())
            network = await networks.create(connection, zone, "BIN", "bin", now())
        content, began = _list(rows), time.perf_counter()
        opened = open_list("leden.csv", content)
        print(f"  opened         {time.perf_counter() - began:7.1f} s")
        async with database.write() as connection:
            made = await imports.create(
                connection, vault, zone, None, "leden.csv", content, opened.digest, opened.rows, now()
            )
        for state, source, said in (("checking", "uploaded", "looked through"), ("importing", "checked", "brought in")):
            async with database.write() as connection:
                one = await imports.get(connection, zone, made)
                more = {"network_id": network, "columns": opened.columns, "evidence": _EVIDENCE.as_json()}
                await imports.start(connection, one, state, [source], now(), **more)
            began = time.perf_counter()
            while await Imports(database, vault).work():
                pass
            seconds = time.perf_counter() - began
            print(f"  {said:14} {seconds:7.1f} s, {rows / seconds:7,.0f} rows/s")
        async with database.read() as connection:
            print(f"  {dict((await imports.get(connection, zone, made)).counts)}")
    finally:
        await database.close()


def main() -> None:
    """Measure on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    rows = parser.parse_args().rows
    on_both(lambda url: _bench(url, rows))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
