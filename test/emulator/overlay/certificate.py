"""A certificate for addresses that are reached by TLS, as CloudFront has for its names; whoever comes must not check it."""

import tempfile
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The emulator's distributions")])
VALID_FOR = timedelta(days=30)


def files_for(addresses):
    """Paths of the certificate and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(a)) for a in addresses]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = Path(tempfile.mkdtemp())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (
        _write(folder / "certificate.pem", certificate.public_bytes(serialization.Encoding.PEM)),
        _write(folder / "key.pem", private),
    )


def _write(path, content):
    path.touch(mode=0o600)
    path.write_bytes(content)
    return str(path)
