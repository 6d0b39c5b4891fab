"""From bytes to XML elements: the one place where a stranger's document is taken apart.

Nothing is fetched, no entity is resolved, and what is too large, too deep or brings a DOCTYPE is not even tried.
"""

import codecs
import re

from lxml import etree

from storage.errors import InvalidInput

LARGEST = 2 * 1024 * 1024
DEEPEST = 32
MOST = 50_000
NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_OTHER_VERSIONS = re.compile(r"urn:oasis:names:tc:emergency:cap:\d\.\d|http://www\.incident\.com/cap/\d\.\d")
_WRAPPERS = {
    "http://www.w3.org/2005/Atom",
    "urn:oasis:names:tc:emergency:EDXL:DE:1.0",
    "urn:oasis:names:tc:emergency:edxl:de:2.0",
}
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ENCODINGS = {"utf-8", "utf-16", "ascii", "iso8859-1", "iso8859-15", "cp1252"}
_PROLOG = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_TOO_MANY = etree.XPath(f"count(//*) + count(//@*) > {MOST}")
_TOO_DEEP = etree.XPath(f"boolean({'/*' * (DEEPEST + 1)})")
_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}"
_LONGEST_REASON = 300


def parse(data: bytes, *, comments: bool = False) -> etree._Element:
    """The root element of a document. comments: keep them, for a signature. Raises InvalidInput."""
    if len(data) > LARGEST:
        raise InvalidInput("larger than 2 MB")
    text = _decoded(data)
    if text[_matched(text) :][:9].upper() == "<!DOCTYPE":
        raise InvalidInput("has a DOCTYPE, which is never read")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=not comments,
        remove_pis=not comments,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise InvalidInput(one_line(f"no well-formed XML: {error.msg}")) from None
    if _TOO_MANY(root):
        raise InvalidInput(f"has more than {MOST} elements and attributes")
    if _TOO_DEEP(root):
        raise InvalidInput(f"nested deeper than {DEEPEST} elements")
    return root


def alerts_in(root: etree._Element) -> list[etree._Element]:
    """The alerts of a document: itself, or what an Atom feed or an EDXL envelope holds. Raises InvalidInput."""
    name = etree.QName(root)
    if (name.namespace, name.localname) == (NAMESPACE, "alert"):
        return [root]
    if name.localname == "alert" and name.namespace is None:
        raise InvalidInput(f'holds an alert without the namespace of CAP 1.2: xmlns="{NAMESPACE}"')
    found = list(root.iter(f"{{{NAMESPACE}}}alert")) if name.namespace in _WRAPPERS else []
    if not found and any(_is_of_another_version(one) for one in root.iter("{*}alert")):
        raise InvalidInput("another version of CAP: only 1.2 is read")
    if not found:
        raise InvalidInput("holds no CAP 1.2 alert (what it only refers to is not fetched)")
    return found


def _is_of_another_version(element: etree._Element) -> bool:
    return _OTHER_VERSIONS.fullmatch(etree.QName(element).namespace or "") is not None


def forget_locations(root: etree._Element) -> None:
    """Take away where an author says that schemas lie: a validator would go and get them."""
    for name in ("schemaLocation", "noNamespaceSchemaLocation"):
        for element in root.xpath(f"descendant-or-self::*[@*[local-name() = '{name}']]"):
            element.attrib.pop(f"{_LOCATION}{name}", None)


def one_line(text: str) -> str:
    """A reason fit for a line of output: no namespaces, no line breaks, not endless."""
    return " ".join(re.sub(r"\{[^{}']*\}", "", text).split())[:_LONGEST_REASON]


def _decoded(data: bytes) -> str:
    mark = next((name for start, name in _BYTE_ORDER_MARKS.items() if data.startswith(start)), None)
    declared = _DECLARED.match(data)
    name = mark or (declared[1].decode() if declared else "utf-8")
    try:
        known = codecs.lookup(name).name in _ENCODINGS | set(_BYTE_ORDER_MARKS.values())
        text = data.decode(name) if known else None
    except (LookupError, UnicodeError):
        text = None
    if text is None:
        raise InvalidInput(f"its characters cannot be read as {name}")
    return text


def _matched(text: str) -> int:
    """Where the prolog ends: a DOCTYPE can stand only there."""
    found = _PROLOG.match(text)
    return found.end() if found else 0
