"""Old TLS: spoken only to the hosts of entries that permit it."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.crawler.conftest import Crawl, Loopback, html, report, rows, titled

Start = Callable[[dict[str, Any]], Loopback]
SITE = {"/": html(rows(("/r/2023.html", titled(2023)))), "/r/2023.html": html(report())}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of a host of its own making, with its key, in one file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key(), serial_number=1)
    made = builder.not_valid_before(begin).not_valid_after(begin + timedelta(days=9)).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "host.pem").write_bytes(plain + made.public_bytes(pem))
    return tmp_path / "host.pem"


def old_server(server: Loopback, certificate: Path) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server.url.replace("http:", "https:")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1 is deprecated")
def test_old_tls_is_spoken_where_the_entry_permits_it_and_nowhere_else(
    loopback: Start, crawl: Crawl, certificate: Path
) -> None:
    homes = {name: old_server(loopback(SITE), certificate) for name in ("permitted", "other")}
    for name, home in homes.items():
        crawl.entries.append({"id": name, "name": "甲县", "home": home, "lists": [home]})
    crawl.entries[0]["legacy_tls"] = True
    done = crawl.run("-s", "RETRY_TIMES=0")
    assert "permitted 甲县: 1 found, 1 fetched" in done.stdout, done.stdout + done.stderr
    assert set(crawl.reasons("other")) & {"tls", "reset"}
    assert "Traceback" not in done.stderr
