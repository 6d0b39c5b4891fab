"""What is read as CAP 1.2, and what is refused with its reason."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadcast.cap.model import Circle, MessageType, Named, Reference
from broadcast.cap.reading import read
from storage.errors import InvalidInput
from tests.cap_documents import HOSTILE, INVALID, SQUARE, VALID, alert, area, info, reference


@pytest.mark.parametrize("name", VALID)
def test_what_is_valid_is_read(name: str) -> None:
    assert read(VALID[name].encode()).messages


@pytest.mark.parametrize("name", INVALID | HOSTILE)
def test_what_is_invalid_is_refused_with_its_reason(name: str) -> None:
    document, reason = (INVALID | HOSTILE)[name]
    with pytest.raises(InvalidInput, match=reason) as caught:
        read(document.encode())
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) <= 300


@pytest.mark.parametrize("encoding", ["iso-8859-1", "iso-8859-15", "windows-1252", "utf-8", "utf-16"])
def test_the_alphabet_that_a_document_declares_is_obeyed(encoding: str) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?>' + alert(info("<headline>Légère évacuation</headline>"))
    (message,) = read(document.encode(encoding)).messages
    assert message.infos[0].headline == "Légère évacuation"


def test_a_document_that_is_not_in_its_alphabet_is_refused() -> None:
    with pytest.raises(InvalidInput, match="characters cannot be read as utf-8"):
        read(alert(info("<headline>Légère</headline>")).encode("iso-8859-1"))


def test_a_doctype_is_found_in_any_alphabet() -> None:
    with pytest.raises(InvalidInput, match="DOCTYPE"):
        read(f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE alert>{alert(info())}'.encode("utf-16"))


def test_a_message_is_read_whole() -> None:
    (message,) = read(VALID["all that an info can hold"].encode()).messages
    (told,) = message.infos
    assert told.event_codes == (Named("SAME", "TOR"),)
    assert told.expires == datetime(2026, 11, 26, 20, tzinfo=UTC)
    assert told.instruction == "Blijf binnen."
    assert told.resources[0].uri == "https://example.be/kaart.png"
    assert message.expires == told.expires
    assert message.links == ["https://example.be/storm", "https://example.be/kaart.png"]


def test_an_info_without_language_is_in_the_language_of_the_standard() -> None:
    (message,) = read(alert(info().replace("<language>nl-BE</language>", "")).encode()).messages
    assert message.infos[0].language == "en-US"


def test_areas_are_read_as_points() -> None:
    (message,) = read(alert(info(area(f"<polygon>{SQUARE}</polygon><circle>51.5,4.5 2</circle>"))).encode()).messages
    (where,) = message.infos[0].areas
    assert where.polygons == (((51.0, 4.0), (51.1, 4.0), (51.1, 4.1), (51.0, 4.0)),)
    assert where.circles == (Circle((51.5, 4.5), 2.0),)


def test_references_name_earlier_messages() -> None:
    (message,) = read(alert(kind="Update", more=reference("LB-0")).encode()).messages
    sent = datetime(2026, 11, 26, 7, tzinfo=message.sent.tzinfo)
    assert message.type is MessageType.UPDATE
    assert message.references == (Reference("meldkamer@example.be", "LB-0", sent),)


def test_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    (message,) = read(VALID["midnight at the end of a day"].encode()).messages
    assert message.sent.utcoffset() == timedelta(hours=1)
    assert (message.sent.day, message.sent.hour) == (27, 0)


@pytest.mark.parametrize(
    ("document", "warning"),
    [
        (alert(info("<headline>&lt;b&gt;Brand&lt;/b&gt;</headline>")), "headline: HTML in a text"),
        (alert(info("<description><![CDATA[a<br/>b]]></description>")), "description: HTML in a text"),
        (alert(info("<instruction>a&amp;nbsp;b</instruction>")), "instruction: HTML in a text"),
        (alert(info("<web>/storm</web>")), "relative link"),
        (alert(info(), identifier="LB 1"), "identifier: it must not be empty, or hold spaces"),
        (alert(info(), sender=""), "sender: it must not be empty"),
        (alert(info("<web>www.example.be</web>")), "relative link"),
        (alert(kind="Cancel"), "names no earlier message"),
        (alert(kind="Cancel", more="<references>gisteren</references>"), "names no earlier message"),
        (alert(info(), scope="<scope>Restricted</scope>"), "for whom it is"),
        (alert(info(), scope="<scope>Private</scope>"), "to whom it is sent"),
    ],
)
def test_what_is_unwise_is_read_with_a_warning(document: str, warning: str) -> None:
    (told,) = read(document.encode()).warnings
    assert warning in told


@pytest.mark.parametrize(
    "text", ["5 &lt; 6", "a &amp; b", "&lt;https://example.be&gt;", "&lt;a@example.be&gt;", "&lt;3"]
)
def test_signs_that_are_no_html_raise_no_warning(text: str) -> None:
    assert read(alert(info(f"<headline>{text}</headline><web>https://example.be/a</web>")).encode()).warnings == ()


def test_no_file_is_opened_that_a_document_names(tmp_path: Path) -> None:
    schema = tmp_path / "x.xsd"
    schema.write_text("this is no schema, and would be an error if anybody read it")
    located = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {schema.as_uri()}"'
    included = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{schema.as_uri()}"/>'
    assert read(alert(info()).replace("<info>", f"<info {located}>").encode()).messages
    with pytest.raises(InvalidInput, match=r"not CAP 1\.2"):
        read(alert(included).encode())
