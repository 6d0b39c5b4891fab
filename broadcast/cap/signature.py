"""Whether a message is signed, and by somebody whose certificate we were given."""

from base64 import b64decode
from collections.abc import Sequence

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates
from lxml import etree
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from broadcast.cap.model import Trust
from broadcast.cap.parsing import alerts_in, forget_locations, parse
from broadcast.cap.reading import message_of
from storage.errors import ConfigurationError, InvalidInput

_DS = "http://www.w3.org/2000/09/xmldsig#"
_BROKEN = (
    SignXMLException,
    UnsupportedAlgorithm,
    InvalidInput,
    etree.LxmlError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
)
"""What a signature made by a stranger can raise on its way through a library."""


def certificates_from(pem: bytes) -> tuple[Certificate, ...]:
    """The certificates of those whom we trust to sign; raises ConfigurationError."""
    try:
        return tuple(load_pem_x509_certificates(pem))
    except ValueError as error:
        raise ConfigurationError("The file of certificates for CAP holds no certificate in PEM form") from error


def check(data: bytes, trusted: Sequence[Certificate]) -> tuple[Trust, ...]:
    """For every message of a document that was read before, in the same order."""
    return tuple(_trust(alert, trusted) for alert in alerts_in(parse(data, comments=True)))


def _trust(alert: etree._Element, trusted: Sequence[Certificate]) -> Trust:
    signatures = alert.findall(f"{{{_DS}}}Signature")
    if not signatures:
        return Trust.UNSIGNED
    for signature in signatures:
        forget_locations(signature)
    if any(_fits(alert, one) for one in trusted):
        return Trust.VALID
    return Trust.WRONG if _named_in(alert) & {*trusted} else Trust.UNKNOWN


def _fits(alert: etree._Element, certificate: Certificate) -> bool:
    """Whether a certificate signed exactly the message that we read."""
    try:
        verified = XMLVerifier().verify(
            etree.tostring(alert, with_tail=False),
            x509_cert=certificate,
            expect_config=SignatureConfiguration(location="./"),
        )
        signed = None if isinstance(verified, list) else verified.signed_xml
        return signed is not None and message_of(signed) == message_of(alert)
    except _BROKEN:
        return False


def _named_in(alert: etree._Element) -> set[Certificate]:
    """The certificates that a signature brings along."""
    found = set()
    for element in alert.iterfind(f".//{{{_DS}}}X509Certificate"):
        try:
            found.add(load_der_x509_certificate(b64decode(element.text or "")))
        except ValueError:
            continue
    return found
