"""Brings members in from a list: looked through first, then written batch by batch, each a transaction of its own.

A process that dies leaves a lease behind; when that ends, another goes on after the last batch. The same list a second
time makes nobody twice. Whoever sent STOP after the day on which the list says that they agreed stays stopped.
"""

import asyncio
import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.members import sheet
from broadcast.members.columns import Field, guess, names_are_swapped
from broadcast.members.entry import Entry, read
from broadcast.members.sheet import Row
from broadcast.members.writing import check, write
from broadcast.repository import imports
from broadcast.repository.imports import HEADER, Import, Refused
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.errors import Conflict, InvalidInput
from storage.repository import look_at_sizes, mark_changed

_BATCH = 200
_LOOKED_AT = 2_000
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Opened:
    """A list as it was opened. columns: what they seem to hold; swapped: the provider mixed first and last names up."""

    header: Row
    first: Sequence[Row]
    rows: int
    columns: dict[Field, int]
    swapped: bool

    @property
    def digest(self) -> str:
        """The same for lists with the same header."""
        return hashlib.sha256("\0".join(self.header).encode()).hexdigest()


def open_list(name: str, content: bytes) -> Opened:
    """Look into a list; raises InvalidInput for what cannot be read."""
    found = sheet.rows(name, content)
    header = next(found)
    first = list(islice(found, _LOOKED_AT))
    columns = guess(header)
    swapped = names_are_swapped(first, columns)
    if swapped:
        first_names, last_names = columns[Field.FIRST_NAME], columns[Field.LAST_NAME]
        columns |= {Field.FIRST_NAME: last_names, Field.LAST_NAME: first_names}
    return Opened(header, first, len(first) + sum(1 for _ in found), columns, swapped)


@dataclass(frozen=True, slots=True)
class _Batch:
    """header: of the file, with its first rows; kept with those that are refused, to be mended and brought in again."""

    entries: list[Entry]
    refused: list[Refused]
    rows: int
    header: Row | None = None

    @property
    def kept(self) -> list[Refused]:
        """What is written down of the file itself."""
        return [*([] if self.header is None else [Refused(HEADER, self.header, "")]), *self.refused]


class Imports:
    """Works on lists that wait to be checked or imported.

    work_forever("importing members", Imports(database, vault).work, asyncio.Event())
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def work(self) -> bool:
        """Work on one list until it ends; False when there was none."""
        async with self._database.read() as connection:
            if not await imports.is_waiting(connection, now()):
                return False
        lease = secrets.token_hex(8)
        async with self._database.write() as connection:
            await imports.drop_old(connection, now() - _KEPT)
            one = await imports.claim(connection, lease, now())
            content = b"" if one is None else await imports.content(connection, self._vault, one.id)
        if one is None:
            return False
        try:
            await self._through(one, lease, content)
        except InvalidInput as error:
            async with self._database.write() as connection:
                await imports.end(connection, one, lease, "failed", now(), str(error))
        except Conflict:
            pass  # another worker took over; it goes on where this one was
        return True

    async def _through(self, one: Import, lease: str, content: bytes) -> None:
        if one.state == "checking" and one.done:  # to check has no effect, so it may begin anew
            async with self._database.write() as connection:
                await imports.start(connection, one, "checking", ["checking"], now())
            return
        rows = sheet.rows(one.name, content)
        last = await asyncio.to_thread(lambda: next(islice(rows, one.done, one.done + 1)))
        header = last if one.done == 0 else None
        seen: set[tuple[str, str]] = set()
        while batch := await asyncio.to_thread(_next, rows, one):
            async with self._database.write() as connection:
                one = await self._take(connection, one, lease, replace(batch, header=header), seen)
            header = None
        async with self._database.write() as connection:
            await imports.end(connection, one, lease, "checked" if one.state == "checking" else "done", now())
            await mark_changed(connection, one.organisation_id)
            await look_at_sizes(connection)

    async def _take(
        self, connection: AsyncConnection, one: Import, lease: str, batch: _Batch, seen: set[tuple[str, str]]
    ) -> Import:
        counts = Counter(one.counts) + Counter({"refused": len(batch.refused)})
        if one.state == "checking":
            counts += await check(connection, self._vault, one, batch.entries, seen)
        else:
            counts += await write(connection, self._vault, one, batch.entries)
        done = one.done + batch.rows
        await imports.advance(connection, self._vault, one, lease, now(), done=done, counts=counts, refused=batch.kept)
        await mark_changed(connection, one.organisation_id)  # whoever looks at the page sees how far it is
        return replace(one, done=done, counts=dict(counts))


def _next(rows: Iterator[Row], one: Import) -> _Batch | None:
    entries: list[Entry] = []
    refused: list[Refused] = []
    number = one.done + HEADER
    for row in islice(rows, _BATCH):
        number += 1
        try:
            entries.append(read(row, one.columns))
        except InvalidInput as error:
            refused.append(Refused(number, row, str(error)))
    return _Batch(entries, refused, number - one.done - HEADER) if number > one.done + HEADER else None
