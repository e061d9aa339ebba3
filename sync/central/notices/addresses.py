"""Addresses: which are good, how one is shown to people of the back office, and who refused.

What is taken is narrow. An e-mail address is plain ASCII without quotes or comments (RFC 5321,
4.1.2, dot-string), its domain may be IDNA's; a number is E.164. So nothing in one can be another
header, another recipient, or a part of a provider's address.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central import sealing
from sync.central.database import insert_new
from sync.central.notices.model import Address, Way
from sync.central.tables import notice_refusals, notice_settings

LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3
_ATOM: Final = r"[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+"
_MAIL: Final = re.compile(
    rf"{_ATOM}(?:\.{_ATOM}){{0,20}}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,62}})\.){{1,10}}[A-Za-z]"
    r"[A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_CHAT: Final = re.compile(r"-?[0-9]{1,20}")
_FREE: Final = re.compile(r"[A-Za-z0-9._:~+@-]{1,100}")
_FORMS: Final = {
    Way.EMAIL: _MAIL,
    Way.SMS: _NUMBER,
    Way.WHATSAPP: _NUMBER,
    Way.SIGNAL: _NUMBER,
    Way.TELEGRAM: _CHAT,
    Way.WEBHOOK: _FREE,
}
_BITS: Final = 256


def good(address: Address) -> bool:
    """Whether something can be sent there at all."""
    return len(address.to) <= LONGEST and _FORMS[address.way].fullmatch(address.to) is not None


def read(way: str, typed: str) -> Address | None:
    """As a person or a machine writes it: spaces and hyphens in numbers, the domain in its own
    script. None for what is no address."""
    plain = typed.strip()
    try:
        known = Way(way)
    except ValueError:
        return None
    if known in (Way.SMS, Way.WHATSAPP, Way.SIGNAL):
        plain = re.sub(r"[ ()./-]", "", plain)
    if known is Way.EMAIL and not plain.isascii():
        name, _, domain = plain.rpartition("@")
        try:
            plain = f"{name}@{domain.encode('idna').decode()}"
        except UnicodeError:
            return None
    made = Address(known, plain)
    return made if good(made) else None


def masked(address: Address) -> str:
    """As the back office shows it: enough to know one's own, too little to use it."""
    if address.way is Way.EMAIL:
        name, _, domain = address.to.rpartition("@")
        return f"{name[:1]}…@{domain[:1]}…{domain[domain.rfind('.') :]}"
    return f"…{address.to[-2:]}"


def without(address: Address, text: str) -> str:
    """What a provider said, fit for a table and a log: no address in it, and one line."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    for one in (address.to, address.to.lstrip("+"), address.to.partition("@")[0]):
        if len(one) > 3:
            plain = re.sub(re.escape(one), "…", plain, flags=re.IGNORECASE)
    plain = re.sub(r"\S+@\S+", "…", plain)
    plain = re.sub(r"\+?\d{7,}", "…", plain)
    return " ".join(plain.split())[:200]


# --- who does not want to be told ----------------------------------------------------------------


def pepper(c: sa.Connection, ids: Ids, tenant: str) -> bytes:
    """The tenant's, made where it has none. Raises Unreadable."""
    mine = sa.select(notice_settings.c.pepper).where(notice_settings.c.tenant == tenant)
    kept = c.execute(mine).scalar_one_or_none()
    if kept is None:
        fresh = ids.token(_BITS).to_bytes(_BITS // 8).hex()
        sealed = sealing.of(c).seal(fresh, ids, sealing.REFUSALS, tenant)
        insert_new(c, notice_settings, {"tenant": tenant, "pepper": sealed})
        kept = c.execute(mine).scalar_one()
    return bytes.fromhex(sealing.of(c).open(kept, sealing.REFUSALS, tenant))


def digest(key: bytes, address: Address) -> str:
    """One address, however it is written: no way, so that a number that refuses is left alone by
    SMS and WhatsApp alike. Refusals outlive what they refuse, so they hold no address."""
    told = b"takeback refused\0" + address.to.lower().encode()
    return hmac.new(key, told, hashlib.sha256).hexdigest()


def refused(c: sa.Connection, ids: Ids, tenant: str, address: Address) -> bool:
    mine = sa.and_(
        notice_refusals.c.tenant == tenant,
        notice_refusals.c.digest == digest(pepper(c, ids, tenant), address),
    )
    return c.execute(sa.select(notice_refusals.c.digest).where(mine)).first() is not None
