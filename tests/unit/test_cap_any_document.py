"""Whatever a document holds, it is read or refused: there is no other end."""

from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadcast.cap.reading import read
from broadcast.cap.signature import check
from storage.errors import InvalidInput
from tests.cap_documents import HOSTILE, VALID

SEEDS = [document.encode() for document in VALID.values()]
PIECES = [
    "<",
    ">",
    "</info>",
    "<info>",
    "&",
    "&#0;",
    "&#xFFFF;",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?",
    "<!DOCTYPE a>",
    "<polygon>1,2</polygon>",
    "<circle>1e9,1 1</circle>",
    "<expires>9999-12-31T23:59:59-14:00</expires>",
    "<sent>0000-00-00T00:00:00+99:99</sent>",
    "\x00",
    "\ufeff",
    "é",
    'xmlns=""',
    'xsi:type="a"',
]


def looked_at(document: bytes) -> None:
    with suppress(InvalidInput):
        read(document)
        check(document, ())


@given(st.binary(max_size=400))
@example(b"\xff\xfe<")
@example(b'<?xml version="1.0" encoding="undefined"?><a/>')
@example(b'<?xml version="1.0" encoding="base64"?><a/>')
def test_any_bytes_are_read_or_refused(document: bytes) -> None:
    looked_at(document)


@given(st.sampled_from(SEEDS), st.data())
@settings(max_examples=300)
def test_a_valid_document_with_something_put_in_or_cut_out_is_read_or_refused(seed: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(seed)))
    end = min(len(seed), start + data.draw(st.integers(0, 60)))
    piece = data.draw(st.sampled_from(PIECES) | st.text(max_size=20))
    looked_at(seed[:start] + piece.encode("utf-8", "replace") + seed[end:])


@given(
    st.sampled_from(["sent", "effective", "onset", "expires"]),
    st.from_regex(r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d\Z"),
)
@example("sent", "0001-01-01T24:00:00+14:00")
@example("expires", "9999-12-31T24:00:00-14:00")
def test_any_moment_is_read_or_refused(field: str, moment: str) -> None:
    document = VALID["all that an info can hold"]
    head, _, rest = document.partition(f"<{field}>")
    looked_at(f"{head}<{field}>{moment}{rest[rest.index('<') :]}".encode())


def test_what_is_hostile_never_reaches_the_check_of_signatures() -> None:
    for document, _ in HOSTILE.values():
        looked_at(document.encode())
