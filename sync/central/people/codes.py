"""The second factor: six digits every thirty seconds (RFC 6238), and recovery codes.

A code is good in its own half minute and in the one before and after (clocks of telephones), and
once: the step of the last one used is kept, and none at or before it is taken again. Recovery
codes have 80 random bits, are kept hashed, and each works once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from datetime import datetime
from io import BytesIO

import pyotp
import segno
import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central import sealing
from sync.central.people.passwords import spelled
from sync.central.tables import people, recovery_codes

_LOG = logging.getLogger(__name__)

STEP_S = 30
DRIFT = 1
CODES = 10  # recovery codes
_SECRET_BITS = 160  # as RFC 4226, 4 asks
_ISSUER = "Takeback"


def make_secret(ids: Ids) -> str:
    """160 random bits in Base32."""
    return base64.b32encode(ids.token(_SECRET_BITS).to_bytes(_SECRET_BITS // 8)).decode()


def _step(now: datetime) -> int:
    return int(now.timestamp()) // STEP_S


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Which half minute's code this is, out of those that are good now; None for a wrong one."""
    typed = "".join(code.split())
    if len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
        return None
    here = _step(now)
    maker = pyotp.TOTP(secret)
    found = None
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(maker.generate_otp(step), typed):
            found = step
    return found


def use_code(c: sa.Connection, name: str, kept: str, code: str, now: datetime) -> bool:
    """Take a code of a person, whose secret is given as it is kept; False for a wrong one and for
    one that was used already."""
    secret = secret_of(c, name, kept)
    step = step_of(secret, code, now) if secret else None
    if step is None:
        return False
    unused = sa.and_(people.c.name == name, people.c.totp_step < step)
    return c.execute(people.update().where(unused).values(totp_step=step)).rowcount == 1


def secret_of(c: sa.Connection, name: str, kept: str) -> str:
    """A person's secret in clear; "" where there is none that can be read."""
    try:
        return sealing.of(c).open(kept, sealing.SECOND_FACTOR, name)
    except sealing.Unreadable as error:
        _LOG.error("a second factor cannot be read: %s", error)
        return ""


def _hash(code: str) -> str:
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    folded = plain.replace("o", "0").replace("i", "1").replace("l", "1")
    return hashlib.sha256(
        b"takeback recovery code\0" + folded.encode("utf-8", "replace")
    ).hexdigest()


def make_recovery(c: sa.Connection, ids: Ids, name: str) -> tuple[str, ...]:
    """New recovery codes in place of the old ones. Shown once; only their hashes stay."""
    made = tuple(spelled(ids.token(80), 16) for _ in range(CODES))
    c.execute(recovery_codes.delete().where(recovery_codes.c.name == name))
    c.execute(recovery_codes.insert(), [{"name": name, "code_hash": _hash(one)} for one in made])
    return made


def use_recovery(c: sa.Connection, name: str, code: str, now: datetime) -> bool:
    unused = sa.and_(
        recovery_codes.c.name == name,
        recovery_codes.c.code_hash == _hash(code),
        recovery_codes.c.used_at.is_(None),
    )
    return c.execute(recovery_codes.update().where(unused).values(used_at=now)).rowcount == 1


def recovery_left(c: sa.Connection, name: str) -> int:
    unused = sa.and_(recovery_codes.c.name == name, recovery_codes.c.used_at.is_(None))
    return int(c.execute(sa.select(sa.func.count()).where(unused)).scalar_one())


def picture(secret: str, name: str, tenant: str) -> str:
    """The QR code that an authenticator scans, as an SVG element to stand in a page."""
    address = pyotp.TOTP(secret).provisioning_uri(name=f"{name}@{tenant}", issuer_name=_ISSUER)
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        scale=4,
        border=4,
        xmldecl=False,
        svgns=True,
        svgclass="qr",
        lineclass=None,
        light="#fff",
        dark="#000",
    )
    return out.getvalue().decode()
