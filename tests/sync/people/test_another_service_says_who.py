"""OpenID Connect against a real issuer on loopback: who is let in, and every token that is not."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from kiosk.world import SystemIds
from sync.central.database import Database
from sync.central.people import create_admin, issuers
from sync.central.people.issuers import Issuer
from sync.central.roles import Role
from sync.central.serve import CentralServer
from sync.central.tables import people
from tests.sync.conftest import Centre
from tests.sync.people.conftest import PASSWORD, Browser

IDS = SystemIds()
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
SHARED = OctKey.import_key("a secret that the client knows, too....", {"kid": "oct-1"})

# The database's kind makes no difference to what an issuer says.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class IssuerServer:
    """A tiny issuer: one person, one code; `wrong` changes what it tells."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.sub, self.name, self.groups = "u-1", "ida", ["returns-team"]
        self.key, self.alg, self.kid = RSA, "RS256", "rsa-1"
        self.wrong: dict[str, object] = {}
        self.document: dict[str, object] = {}
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.redirects = False
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.answer(self, b"")

            def do_POST(self) -> None:
                issuer.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, request: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
        path = urlsplit(request.path).path
        self.asked.append(path)
        if self.redirects:
            request.send_response(302)
            request.send_header("Location", self.url + "/elsewhere")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        told = self._told(path, request.headers, body)
        data = json.dumps(told if told is not None else {"error": "invalid_grant"}).encode()
        request.send_response(200 if told is not None else 400)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    def _told(self, path, headers, body):
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "authorization_endpoint": self.url + "/authorize",
                "token_endpoint": self.url + "/token",
                "jwks_uri": self.url + "/keys",
                **self.document,
            }
        if path == "/keys":
            public = KeySet([RSA, EC]).as_dict(private=False)
            return {"keys": [*public["keys"], SHARED.as_dict(private=True)]}
        if path == "/token":
            return self._token(headers, parse_qs(body.decode()))
        return None

    def authorize(self, address: str) -> str:
        """What the person does there: signs in. The address that the browser is sent back to."""
        asked = {name: told[0] for name, told in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{IDS.token(64):x}"
        self.codes[code] = asked
        return asked["redirect_uri"] + "?" + urlencode({"state": asked["state"], "code": code})

    def _token(self, headers, form):
        """The code is good once, and for whoever knows the verifier."""
        asked = self.codes.pop(form["code"][0], None)
        basic = "Basic " + base64.b64encode(b"takeback:a-secret").decode()
        if asked is None or headers["Authorization"] != basic:
            return None
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.url,
            "sub": self.sub,
            "aud": "takeback",
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": asked["nonce"],
            "preferred_username": self.name,
            "groups": self.groups,
            **self.wrong,
        }
        claims = {name: one for name, one in claims.items() if one is not None}
        return {"access_token": "t", "token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims):
        header = {"alg": self.alg, "kid": self.kid}
        if self.alg == "none":
            parts = (json.dumps(one).encode() for one in (header, claims))
            return ".".join(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts) + "."
        return jwt.encode(header, claims, self.key, algorithms=[self.alg])


@pytest.fixture
def issuer(clock) -> Iterator[IssuerServer]:
    made = IssuerServer(clock)
    yield made
    made.stop()


@pytest.fixture
def office(database_url, issuer, clock) -> Iterator[Centre]:
    """A centre with that issuer for its tenant."""
    known: dict[str, Issuer] = {}
    server = CentralServer(database_url, clock, IDS, issuers=known)
    server.start()  # its port is known now, and with it the way back
    known["acme"] = Issuer(
        name="Acme login",
        issuer=issuer.url,
        client_id="takeback",
        client_secret="a-secret",
        centre=server.url,
        roles={"returns-team": (Role.VIEWER, Role.AGENT), "bosses": (Role.ADMIN,)},
    )
    database = Database(database_url)
    yield Centre(server, database, clock)
    server.stop()
    database.close()


def set_out(browser, path="/login/with/acme"):
    """Click the button; where the issuer's page is."""
    answer = browser.session.get(browser.centre.url + path, timeout=30, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def come_back(browser, address):
    return browser.look(address.removeprefix(browser.centre.url))


def enter(office, issuer):
    browser = Browser(office)
    return come_back(browser, issuer.authorize(set_out(browser)))


def test_somebody_with_a_role_there_is_let_in_with_an_account_of_their_own(office, issuer):
    ida = enter(office, issuer)
    assert "You are signed in" in ida.page
    assert 'http-equiv="refresh"' in ida.page
    assert ida.look("/").is_in
    row = office.rows(people, name="ida")[0]
    assert (row["roles"], row["subject"], row["password"]) == ("viewer agent", "u-1", "")
    assert "Sign in with Acme login" in Browser(office).look("/login").page


def test_a_signature_by_an_elliptic_key_is_as_good(office, issuer):
    issuer.key, issuer.alg, issuer.kid = EC, "ES256", "ec-1"
    assert enter(office, issuer).look("/").is_in


def test_roles_follow_what_the_issuer_says_at_each_sign_in(office, issuer):
    ida = enter(office, issuer)
    assert ida.look("/people").status == 403
    issuer.groups = ["bosses", "others"]
    again = enter(office, issuer)
    assert again.look("/people").status == 200
    assert len(office.rows(people)) == 1
    issuer.groups = ["others"]
    assert "did not let you in" in enter(office, issuer).page


WRONG_TOKENS = {
    "for another client": {"aud": "somebody-else"},
    "for nobody": {"aud": None},
    "too old": {"exp": 1_700_000_000},
    "without an end": {"exp": None},
    "of another sign-in": {"nonce": "another"},
    "of no sign-in": {"nonce": None},
    "of another issuer": {"iss": "https://evil.example"},
    "of tomorrow": {"nbf": 4_000_000_000},
    "about nobody": {"sub": ""},
    "about a number": {"sub": 7},
    "given to another": {"aud": ["takeback", "other"], "azp": "other"},
    "beside another access": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("wrong", WRONG_TOKENS.values(), ids=WRONG_TOKENS)
def test_a_token_that_is_not_for_us_now_lets_nobody_in(office, issuer, wrong):
    issuer.wrong = wrong
    ida = enter(office, issuer)
    assert (ida.status, "did not let you in" in ida.page) == (403, True)
    assert office.rows(people) == []


@pytest.mark.parametrize(
    ("key", "alg", "kid"),
    [
        (None, "none", "rsa-1"),
        (STRANGER, "RS256", "rsa-1"),
        (RSA, "RS256", "unknown"),
        (RSA, "RS256", ""),
        (SHARED, "HS256", "oct-1"),
        (RSA, "RS384", "rsa-1"),
        (EC, "ES256", "rsa-1"),
    ],
    ids=["unsigned", "stranger", "unknown kid", "no kid", "shared", "other alg", "other key"],
)
def test_a_token_that_the_issuer_did_not_sign_our_way_lets_nobody_in(office, issuer, key, alg, kid):
    issuer.key, issuer.alg, issuer.kid = key, alg, kid
    assert enter(office, issuer).status == 403
    assert office.rows(people) == []


def test_the_way_back_is_for_the_browser_that_set_out_once_and_soon(office, issuer, clock):
    ida, eve = Browser(office), Browser(office)
    back = issuer.authorize(set_out(ida))
    assert come_back(eve, back).status == 403
    assert come_back(ida, back).status == 403  # it was tried, and is gone
    late = issuer.authorize(set_out(ida))
    clock.advance(minutes=10, seconds=1)
    assert come_back(ida, late).status == 403
    good = issuer.authorize(set_out(ida))
    assert come_back(ida, good).status == 200
    assert come_back(Browser(office), good).status == 403


def test_an_answer_that_names_another_issuer_is_not_taken(office, issuer):
    ida = Browser(office)
    back = issuer.authorize(set_out(ida)) + "&iss=https%3A%2F%2Fevil.example"
    assert come_back(ida, back).status == 403


def test_nobody_takes_over_an_account_with_a_password(office, issuer):
    create_admin(office.database, IDS, "acme", "ida", PASSWORD)
    assert enter(office, issuer).status == 403
    assert office.rows(people, name="ida")[0]["subject"] == ""


def test_a_disabled_person_stays_outside(office, issuer):
    enter(office, issuer)
    gone = people.update().values(state="disabled")
    office.database.write(lambda c: c.execute(gone))
    assert enter(office, issuer).status == 403


def test_a_password_opens_no_account_of_another_service(office, issuer):
    enter(office, issuer)
    for password in ("", PASSWORD):
        assert not Browser(office).sign_in("ida", password).is_in


@pytest.mark.parametrize(
    "document",
    [
        {"token_endpoint": "https://evil.example/token"},
        {"jwks_uri": "http://localhost:1/keys"},
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": 7},
    ],
)
def test_nothing_but_the_issuer_is_asked(office, issuer, document):
    issuer.document = document
    answer = Browser(office).look("/login/with/acme")
    assert answer.status == 403
    assert set(issuer.asked) == {"/.well-known/openid-configuration"}


def test_a_redirect_of_the_issuer_is_not_followed(office, issuer):
    issuer.redirects = True
    assert Browser(office).look("/login/with/acme").status == 403
    assert "/elsewhere" not in issuer.asked


def test_an_issuer_that_is_away_is_told_in_words(office, issuer):
    issuer.server.server_close()
    answer = Browser(office).look("/login/with/acme")
    assert (answer.status, "did not let you in" in answer.page) == (403, True)


def test_a_tenant_without_one_has_no_such_way(office):
    assert Browser(office).look("/login/with/other").status == 404


def test_a_proof_before_something_sensitive_is_shown_there(office, issuer, clock):
    issuer.groups = ["bosses"]
    ida = enter(office, issuer)
    clock.advance(minutes=11)
    assert ida.look("/people").at == "/again?next=/people"
    assert "Show it at Acme login" in ida.page
    address = set_out(ida, "/again/issuer")
    assert "prompt=login" in address
    old = int(clock.now().timestamp()) - 300
    issuer.wrong = {"auth_time": old}  # it only remembered the browser
    assert come_back(ida, issuer.authorize(address)).status == 403
    issuer.wrong = {}
    assert come_back(ida, issuer.authorize(set_out(ida, "/again/issuer"))).status == 200
    assert ida.look("/people").at == "/people"


def test_a_file_names_the_issuers(tmp_path, database_url):
    file = tmp_path / "sign-in.toml"
    good = """
        [acme]
        name = "Acme login"
        issuer = "https://login.acme.example"
        client_id = "takeback"
        centre = "https://returns.acme.example/"
        [acme.roles]
        team = ["viewer", "agent"]
    """
    file.write_text(good)
    one = issuers.read(file)["acme"]
    assert one.back == "https://returns.acme.example/login/back"
    assert one.granted({"groups": "team"}) == {Role.VIEWER, Role.AGENT}
    assert one.granted({"groups": [7, None]}) == one.granted({"groups": 7}) == frozenset()
    for wrong, says in (
        (good.replace("https://login", "http://login"), "is not https"),
        (good.replace('"agent"', '"emperor"'), "emperor"),
        (good + "colour = 1", "colour|roles"),
        ("[", "sign-in.toml"),
    ):
        file.write_text(wrong)
        with pytest.raises(ValueError, match=re.compile(says)):
            issuers.read(file)
