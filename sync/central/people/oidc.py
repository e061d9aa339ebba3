"""OpenID Connect Core 1.0: the authorization code flow with PKCE (RFC 7636), as its client.

Whoever sets out gets a random cookie; the way back is good for that browser, once, for ten
minutes. Nothing but the issuer is asked, no redirect of its is followed, and of its keys only RSA
and elliptic ones are used: the algorithms are on our list, not on the token's.
"""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import requests
import sqlalchemy as sa
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kiosk.ports import Clock, Ids
from sync.central.database import Database
from sync.central.people.issuers import Issuer
from sync.central.people.sessions import hash_token
from sync.central.tables import ways

_LOG = logging.getLogger(__name__)

WAY_LIFE = timedelta(minutes=10)
ALGORITHMS: Final = ["RS256", "ES256"]
_LEEWAY_S = 60
_PATIENCE_S = 5.0
_LARGEST = 256 << 10
_FAULTS = (
    AuthlibBaseError,
    JoseError,
    requests.RequestException,
    msgspec.MsgspecError,
    KeyError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Way:
    """Where a browser goes, and the cookie that it takes along."""

    url: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Told:
    """What an issuer told of somebody, checked. `again` is the session that was to be proved
    anew, "" for none."""

    subject: str
    claims: dict[str, Any]
    again: str


class _Refused(ValueError):
    """Something that the issuer told is not as it must be."""


def set_out(
    database: Database, clock: Clock, ids: Ids, tenant: str, issuer: Issuer, again: str = ""
) -> Way | None:
    """Begin. `again` names the session that is proved anew: the issuer then asks for the password
    even where it still knows the browser. None where the issuer does not answer."""
    now = clock.now()
    state, nonce, verifier, cookie = (f"{ids.token(256):064x}" for _ in range(4))
    try:
        with _session(issuer) as session:
            asked = _discover(session, issuer)
            more = {"prompt": "login", "max_age": "0"} if again else {}
            url, _ = session.create_authorization_url(
                asked["authorization_endpoint"],
                state=state,
                nonce=nonce,
                code_verifier=verifier,
                **more,
            )
    except _FAULTS as error:
        _LOG.warning("%s cannot be asked: %s", issuer.issuer, type(error).__name__)
        return None
    row = {
        "state_hash": hash_token(state),
        "tenant": tenant,
        "browser_hash": hash_token(cookie),
        "nonce": nonce,
        "verifier": verifier,
        "again": again,
        "created_at": now,
    }

    def work(c: sa.Connection) -> None:
        c.execute(ways.delete().where(ways.c.created_at < now - WAY_LIFE))
        c.execute(ways.insert(), row)

    database.write(work)
    return Way(url, cookie)


def whose_way(database: Database, clock: Clock, state: str, cookie: str) -> sa.Row[Any] | None:
    """Take the way that this browser set out on; it is gone after that, whatever comes of it."""
    mine = ways.c.state_hash == hash_token(state)

    def work(c: sa.Connection) -> sa.Row[Any] | None:
        row = c.execute(sa.select(ways).where(mine)).one_or_none()
        taken = c.execute(ways.delete().where(mine)).rowcount == 1
        return row if taken else None

    row = database.write(work)
    if row is None or row.created_at + WAY_LIFE < clock.now():
        return None
    return row if hmac.compare_digest(row.browser_hash, hash_token(cookie)) else None


def come_back(issuer: Issuer, way: sa.Row[Any], code: str, now: datetime) -> Told | None:
    """Trade the code for a token and check it; None, and a line in the log, where it fails."""
    try:
        with _session(issuer) as session:
            asked = _discover(session, issuer)
            given = session.fetch_token(
                asked["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=way.verifier,
                timeout=_PATIENCE_S,
                allow_redirects=False,
            )
            keys = _keys(_get(session, issuer, asked["jwks_uri"]))
        claims = _checked(issuer, way, given, keys, now)
    except _FAULTS as error:
        _LOG.warning("%s: nobody was let in: %s", issuer.issuer, type(error).__name__)
        return None
    return Told(str(claims["sub"]), dict(claims), way.again)


def _session(issuer: Issuer) -> Any:
    made = OAuth2Session(
        issuer.client_id,
        issuer.client_secret or None,
        token_endpoint_auth_method="client_secret_basic" if issuer.client_secret else "none",
        redirect_uri=issuer.back,
        scope="openid profile",
        code_challenge_method="S256",
    )
    made.trust_env = False  # no proxy, no password of the machine's
    return made


def _get(session: Any, issuer: Issuer, address: str) -> dict[str, Any]:
    if not issuer.asks(address):
        raise _Refused("an address that is not the issuer's")
    answer = session.request(
        "GET", address, withhold_token=True, timeout=_PATIENCE_S, allow_redirects=False, stream=True
    )
    with answer:
        body = answer.raw.read(_LARGEST + 1, decode_content=True)
    if answer.status_code != 200 or len(body) > _LARGEST:
        raise _Refused("no answer to use")
    return msgspec.json.decode(body, type=dict[str, Any])


def _discover(session: Any, issuer: Issuer) -> dict[str, str]:
    """What OpenID Connect Discovery 1.0 tells, as far as it is the issuer's own."""
    base = issuer.issuer.rstrip("/")
    told = _get(session, issuer, base + "/.well-known/openid-configuration")
    if told["issuer"] != issuer.issuer:
        raise _Refused("another issuer")
    named = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    found = {name: str(told[name]) for name in named}
    if not all(issuer.asks(address) for address in found.values()):
        raise _Refused("an address that is not the issuer's")
    return found


def _keys(told: dict[str, Any]) -> Any:
    """Public keys for signing; never one that is a secret shared with us."""
    fit = [
        key
        for key in told["keys"]
        if key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig" and key.get("kid")
    ]
    return KeySet.import_key_set({"keys": fit})


def _checked(
    issuer: Issuer, way: sa.Row[Any], given: Any, keys: Any, now: datetime
) -> dict[str, Any]:
    token = jwt.decode(str(given["id_token"]), keys, algorithms=ALGORITHMS)
    if not isinstance(token.header.get("kid"), str):
        raise _Refused("a token that names no key")
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": issuer.issuer},
            "aud": {"essential": True, "value": issuer.client_id},
        },
        params={
            "client_id": issuer.client_id,
            "nonce": way.nonce,
            "access_token": given.get("access_token"),
        },
    )
    claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_S)
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise _Refused("a token that names nobody")
    if way.again:
        shown = claims.get("auth_time", 0)
        if not isinstance(shown, int) or shown + _LEEWAY_S < way.created_at.timestamp():
            raise _Refused("no new proof")
    return dict(claims)
