"""Files of rows, read without trusting them."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from broadcast.members import sheet
from storage.errors import InvalidInput


def _xlsx(*rows: list[object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_csv_is_read_with_any_common_sign_between(sign: str) -> None:
    content = f'naam{sign}gsm\n"De Smet"{sign}0470\n\nclaes{sign}\n'.encode()
    assert list(sheet.rows("a.csv", content)) == [("naam", "gsm"), ("De Smet", "0470"), ("claes", "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_accents_survive_whatever_excel_wrote(encoding: str) -> None:
    assert list(sheet.rows("a.csv", "naam\nCoördinatör\n".encode(encoding)))[1] == ("Coördinatör",)


def test_xlsx_gives_numbers_and_dates_as_they_were_typed() -> None:
    content = _xlsx(["gsm", "op", "nr"], [32470123401.0, date(2026, 1, 31), 12], [None, None, None])
    assert list(sheet.rows("a.xlsx", content)) == [("gsm", "op", "nr"), ("32470123401", "2026-01-31", "12")]


def test_rows_are_as_wide_as_the_header() -> None:
    assert list(sheet.rows("a.csv", b"a,b\n1\n1,2,3\n")) == [("a", "b"), ("1", ""), ("1", "2")]


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 201_000_000)
    return file.getvalue()


def _entities() -> bytes:
    """A workbook whose sheet declares entities that would grow without end."""
    file, out = io.BytesIO(_xlsx(["a"], ["b"])), io.BytesIO()
    with zipfile.ZipFile(file) as given_, zipfile.ZipFile(out, "w") as made:
        for part in given_.infolist():
            content = given_.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + content.split(b"?>", 1)[-1]
            made.writestr(part.filename, content)
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b"\n\n", b"a\0b", b"PK\x03\x04 broken", _entities()], ids=range(5))
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        list(sheet.rows("a.csv", content))


def test_a_file_that_unpacks_to_very_much_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(InvalidInput, match="unpacks"):
        list(sheet.rows("a.xlsx", _bomb()))


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(InvalidInput, match="20 MB"):
        list(sheet.rows("a.csv", b"a" * (sheet.LARGEST + 1)))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        header, *others = sheet.rows("a.csv", content)
    except InvalidInput:
        return
    assert all(len(row) == len(header) for row in others)


@given(st.binary(max_size=400))
def test_any_bytes_in_a_workbook_are_read_or_refused(content: bytes) -> None:
    try:
        list(sheet.rows("a.xlsx", b"PK\x03\x04" + content))
    except InvalidInput:
        return
