"""A file of rows, CSV or XLSX, read without trusting it: its size, what it unpacks to, how wide and long it is."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from storage.errors import InvalidInput

LARGEST = 20_000_000
"""Bytes of a file as it comes in."""
_LARGEST_UNPACKED = 200_000_000
_MOST_PARTS = 1_000
_MOST_ROWS = 250_000
_MOST_COLUMNS = 200
_LONGEST_CELL = 1_000
_DELIMITERS = ";,\t|"
_UNREADABLE = "This file cannot be read. Save it as CSV (UTF-8) or as XLSX, without a password."

Row = tuple[str, ...]


def rows(name: str, content: bytes) -> Iterator[Row]:
    """The rows of a file, its first as the header; empty rows are skipped. Each row is as wide as the header.

    Raises InvalidInput, also while the rows are read, for what is no such file or too large.
    """
    if len(content) > LARGEST:
        raise InvalidInput("This file is larger than 20 MB: split it")
    found = _xlsx(content) if content[:4] == b"PK\x03\x04" else _csv(name, content)
    filled = (row for row in found if any(row))
    header = next(filled, ())
    while header and not header[-1]:
        header = header[:-1]
    if not header:
        raise InvalidInput("This file is empty")
    yield header
    for number, row in enumerate(filled):
        if number == _MOST_ROWS:
            raise InvalidInput(f"This file has more than {_MOST_ROWS:,} rows: split it")
        yield (row + ("",) * len(header))[: len(header)]


def _csv(name: str, content: bytes) -> Iterator[Row]:
    if b"\0" in content or name.lower().endswith((".xls", ".ods", ".pdf")):
        raise InvalidInput(_UNREADABLE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield _row(row)
    except csv.Error as error:
        raise InvalidInput(_UNREADABLE) from error


def _xlsx(content: bytes) -> Iterator[Row]:
    # Only here: few lists are workbooks, and a server that has seen none does without its 5 MB.
    from openpyxl import load_workbook  # noqa: PLC0415

    _refuse_bomb(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        for row in sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS):
            yield _row([_text(cell) for cell in row])
    except InvalidInput:
        raise
    except Exception as error:  # the library raises whatever a broken file leads it to
        raise InvalidInput(_UNREADABLE) from error


def _refuse_bomb(content: bytes) -> None:
    """Look at what a file unpacks to before anything is unpacked; zipfile never unpacks more than it says."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise InvalidInput(_UNREADABLE) from error
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
        raise InvalidInput("This file unpacks to more than 200 MB: save the sheet with the members alone")


def _row(cells: list[str]) -> Row:
    return tuple(" ".join(cell[:_LONGEST_CELL].split()) for cell in islice(cells, _MOST_COLUMNS))


def _text(cell: object) -> str:
    """A cell as somebody would have typed it: dates by year, whole numbers without ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
