"""The agent and a real TLS server on loopback: what counts as the centre, and what does not."""

from __future__ import annotations

import http.server
import ipaddress
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.seal.keys import SigningKey
from kiosk.world import SystemClock, SystemIds
from sync.agent.client import Away, Client, Ok
from sync.agent.enrol import EnrolFault, enrol
from sync.agent.secure import Tls, session

NOW = SystemClock().now()
DAY = timedelta(days=1)


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass
class Authority:
    """Makes certificates; `file` is what one pins."""

    folder: Path
    title: str

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.made = 0
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        self.certificate = (
            self._builder(name(self.title), name(self.title), self.key, NOW - DAY, NOW + 9 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.file = self.folder / f"{self.title}.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def _builder(self, subject, issuer, key, begin, end) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(SystemIds().token(64) | 1)
            .not_valid_before(begin)
            .not_valid_after(end)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
        )

    def issue(
        self, where: str = "127.0.0.1", begin: datetime = NOW - DAY, end: datetime = NOW + DAY
    ) -> Path:
        """A certificate and its key in one file, for a server or a client."""
        key = ec.generate_private_key(ec.SECP256R1())
        try:
            host: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(where))
        except ValueError:
            host = x509.DNSName(where)
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        made = (
            self._builder(name("centre"), name(self.title), key, begin, end)
            .add_extension(x509.SubjectAlternativeName([host]), critical=False)
            .add_extension(x509.ExtendedKeyUsage(both), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        self.made += 1
        path = self.folder / f"{self.title}-{self.made}.pem"
        path.write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return path


class Answering(http.server.BaseHTTPRequestHandler):
    """Says yes to everything: whether it is reached at all is the question."""

    protocol_version = "HTTP/1.1"

    def _yes(self) -> None:
        body = b"{}"
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.reached.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _yes

    def log_message(self, *_: object) -> None:
        return


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        return  # a handshake that fails is what most of these tests want


@contextmanager
def serving(context: ssl.SSLContext):
    server = Server(("127.0.0.1", 0), Answering)
    server.reached = []
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def presenting(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def asked(server: Server, tls: Tls, host: str = "127.0.0.1"):
    client = Client(
        f"https://{host}:{server.server_port}",
        "device",
        SigningKey("", bytes(32)),
        SystemClock(),
        SystemIds(),
        "1",
        5.0,
        session=session(tls),
    )
    try:
        return client.get("/v1/policy/manifest")
    finally:
        client.close()


@pytest.fixture
def ours(tmp_path):
    return Authority(tmp_path, "ours")


@pytest.fixture
def theirs(tmp_path):
    return Authority(tmp_path, "theirs")


def not_believed(answer, why: str) -> bool:
    assert isinstance(answer, Away), answer
    assert answer.detail.startswith("TLS: "), answer.detail
    assert why in answer.detail, answer.detail
    return True


def test_a_pinned_authority_is_believed(ours):
    with serving(presenting(ours.issue())) as server:
        assert isinstance(asked(server, Tls(ca_file=str(ours.file))), Ok)


def test_instead_of_the_public_ones_and_of_any_other(ours, theirs):
    with serving(presenting(ours.issue())) as server:
        assert not_believed(asked(server, Tls()), "CERTIFICATE_VERIFY_FAILED")
        assert not_believed(asked(server, Tls(ca_file=str(theirs.file))), "VERIFY_FAILED")
        assert server.reached == []


@pytest.mark.parametrize(
    ("begin", "end", "why"),
    [(NOW - 3 * DAY, NOW - DAY, "expired"), (NOW + DAY, NOW + 3 * DAY, "not yet valid")],
)
def test_a_certificate_out_of_its_time_is_not(ours, begin, end, why):
    with serving(presenting(ours.issue(begin=begin, end=end))) as server:
        assert not_believed(asked(server, Tls(ca_file=str(ours.file))), why)
        assert server.reached == []


def test_nor_one_for_another_name(ours):
    with serving(presenting(ours.issue("centre.example"))) as server:
        assert not_believed(asked(server, Tls(ca_file=str(ours.file))), "mismatch")
        assert not_believed(asked(server, Tls(ca_file=str(ours.file)), "localhost"), "mismatch")
        assert server.reached == []


def test_nor_one_that_signed_itself(ours, theirs):
    """Also where it bears our authority's name."""
    impostor = Authority(theirs.folder / "..", "ours-again")
    impostor.title = ours.title
    with serving(presenting(impostor.issue())) as server:
        assert not_believed(asked(server, Tls(ca_file=str(ours.file))), "VERIFY_FAILED")
        assert server.reached == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_an_old_protocol_is_refused(ours):
    context = presenting(ours.issue())
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with serving(context) as server:
        assert not_believed(asked(server, Tls(ca_file=str(ours.file))), "")
        assert server.reached == []


def test_tls_1_2_is_still_spoken(ours):
    context = presenting(ours.issue())
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with serving(context) as server:
        assert isinstance(asked(server, Tls(ca_file=str(ours.file))), Ok)


def test_a_proxy_that_wants_to_know_the_kiosk(ours, theirs):
    context = presenting(ours.issue())
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ours.file)
    with serving(context) as server:
        mine = str(ours.issue("kiosk"))
        assert isinstance(asked(server, Tls(str(ours.file), mine)), Ok)
        reached = len(server.reached)
        assert isinstance(asked(server, Tls(str(ours.file))), Away)
        assert isinstance(asked(server, Tls(str(ours.file), str(theirs.issue("kiosk")))), Away)
        assert len(server.reached) == reached


def test_the_environment_changes_nothing(ours, theirs, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(theirs.file))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(theirs.file))
    with serving(presenting(theirs.issue())) as server:
        assert not_believed(asked(server, Tls(ca_file=str(ours.file))), "VERIFY_FAILED")


def test_a_missing_file_is_no_way_around(tmp_path, ours):
    with serving(presenting(ours.issue())) as server:
        assert isinstance(asked(server, Tls(ca_file=str(tmp_path / "none.pem"))), Away)
        assert server.reached == []


def test_a_code_is_not_told_to_somebody_else(tmp_path, ours, theirs):
    with serving(presenting(theirs.issue())) as server:
        url = f"https://127.0.0.1:{server.server_port}"
        pinned = Tls(ca_file=str(ours.file))
        answer = enrol(url, "AAAAA-BBBBB", tmp_path / "data", SystemClock(), SystemIds(), pinned)
        assert answer is EnrolFault.CENTRE_AWAY
        assert server.reached == []
