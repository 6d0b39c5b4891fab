"""Whose signature stands under a message."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.signer import XMLSigner

from broadcast.cap.model import Trust
from broadcast.cap.signature import certificates_from, check
from storage.errors import ConfigurationError
from tests.cap_documents import alert, atom, info


class Signer:
    """Somebody with a key, and the certificate of it."""

    def __init__(self, name: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        begins = datetime(2026, 1, 1, tzinfo=UTC)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).serial_number(1)
        builder = builder.not_valid_before(begins).not_valid_after(begins + timedelta(days=3650))
        self.certificate = builder.public_key(self.key.public_key()).sign(self.key, hashes.SHA256())

    def sign(self, document: str) -> str:
        pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        signed = XMLSigner(signature_algorithm="ecdsa-sha256").sign(
            etree.fromstring(document.encode()), key=self.key, cert=pem
        )
        return str(etree.tostring(signed, encoding="unicode"))


DISPATCH, STRANGER = Signer("dispatch"), Signer("stranger")
OURS = (DISPATCH.certificate,)


@pytest.mark.parametrize(
    ("document", "trust"),
    [
        (alert(info()), Trust.UNSIGNED),
        (DISPATCH.sign(alert(info())), Trust.VALID),
        (DISPATCH.sign(alert(info())).replace("Immediate", "Future"), Trust.WRONG),
        (STRANGER.sign(alert(info())), Trust.UNKNOWN),
        (atom([DISPATCH.sign(alert(info()))]), Trust.VALID),
    ],
)
def test_a_signature_is_judged_by_the_certificates_that_we_have(document: str, trust: Trust) -> None:
    assert check(document.encode(), OURS) == (trust,)


def test_without_certificates_nobody_is_known() -> None:
    assert check(DISPATCH.sign(alert(info())).encode(), ()) == (Trust.UNKNOWN,)


def test_each_message_of_a_feed_has_its_own_signature() -> None:
    feed = atom([DISPATCH.sign(alert(info())), alert(info()), STRANGER.sign(alert(info()))])
    assert check(feed.encode(), OURS) == (Trust.VALID, Trust.UNSIGNED, Trust.UNKNOWN)


def test_a_genuine_signature_under_another_message_is_wrong() -> None:
    root = etree.fromstring(alert(info()).encode())
    root.set("Id", "genuine")
    signed = XMLSigner(signature_algorithm="ecdsa-sha256").sign(
        root, key=DISPATCH.key, cert=_pem(), reference_uri="genuine"
    )
    signature = signed.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    assert signature is not None
    signed.remove(signature)
    forged = etree.fromstring(alert(info(event="Alles veilig")).encode())
    holder = etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object")
    holder.append(signed)
    forged.append(signature)
    assert check(etree.tostring(forged), OURS) == (Trust.WRONG,)


def _pem() -> str:
    return DISPATCH.certificate.public_bytes(serialization.Encoding.PEM).decode()


def test_certificates_are_read_from_a_file_of_several() -> None:
    both = "".join(one.certificate.public_bytes(serialization.Encoding.PEM).decode() for one in (DISPATCH, STRANGER))
    assert certificates_from(both.encode()) == (DISPATCH.certificate, STRANGER.certificate)
    with pytest.raises(ConfigurationError, match="no certificate"):
        certificates_from(b"no certificate")
