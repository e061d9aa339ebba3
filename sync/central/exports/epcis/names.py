"""What everything is called in EPCIS: GS1 keys where there are some, else URIs of the tenant's own.

A tenant says once what its places and parties are called (`takeback central export identify`).
Names are part of an event, so its id changes with them: set them before files are given away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote, urlsplit

import sqlalchemy as sa

from kiosk.domain.codes import gs1_checks
from sync.central.database import Database, upsert
from sync.central.tables import epcis_names

GS1 = "https://id.gs1.org"
LONGEST = 200


class Named(StrEnum):
    """What a tenant can name. `base` is an address of its own that other names begin with; the
    party, sites, merchants and partners have GLNs; `articles` of a merchant are GTINs ("gtin")."""

    BASE = "base"
    PARTY = "party"
    SITE = "site"
    MERCHANT = "merchant"
    PARTNER = "partner"  # a source of movements: carrier:swift, hub:north
    ARTICLES = "articles"


@dataclass(frozen=True, slots=True)
class Names:
    """URIs for one tenant. Every method answers an absolute URI."""

    base: str
    known: Mapping[tuple[Named, str], str] = field(default_factory=dict)

    def party(self) -> str:
        return self._party(Named.PARTY, "", "party")

    def merchant(self, merchant_id: str) -> str:
        return self._party(Named.MERCHANT, merchant_id, "merchant", merchant_id)

    def partner(self, source: str) -> str:
        return self._party(Named.PARTNER, source, "partner", source)

    def site(self, site: str) -> str:
        gln = self.known.get((Named.SITE, site))
        return f"{GS1}/414/{gln}" if gln else self._own("site", site or "-")

    def kiosk(self, site: str, kiosk_code: str) -> str:
        gln = self.known.get((Named.SITE, site))
        if gln:
            return f"{GS1}/414/{gln}/254/{quote(kiosk_code, safe='')}"
        return self._own("site", site or "-", "kiosk", kiosk_code)

    def goods(self, kind: str, code: str) -> str:
        """A bag, container or manifest: as SSCC or GRAI where its code is one."""
        return _gs1_goods(code) or self._own(kind, code)

    def article(self, merchant_id: str, sku: str) -> str:
        if self.known.get((Named.ARTICLES, merchant_id)) == "gtin" and is_gtin(sku):
            return f"{GS1}/01/{sku:0>14}"
        return self._own("article", merchant_id, sku)

    def line(self, return_id: str, line_id: str) -> str:
        """Goods of which only the line is known."""
        return self._own("return-line", return_id, line_id)

    def transaction(self, kind: str, merchant_id: str, number: str) -> str:
        gln = self.known.get((Named.MERCHANT, merchant_id))
        if gln:
            return f"urn:epcglobal:cbv:bt:{gln}:{quote(number, safe='')}"
        return self._own(kind, merchant_id, number)

    def _party(self, kind: Named, name: str, *own: str) -> str:
        gln = self.known.get((kind, name))
        return f"{GS1}/417/{gln}" if gln else self._own(*own)

    def _own(self, *parts: str) -> str:
        return "/".join((self.base, *(quote(part, safe="") for part in parts)))


def _gs1_goods(code: str) -> str:
    """ "" for what is none: 18 digits of an SSCC, or element strings of SSCC and GRAI."""
    plain = re.sub(r"^\((00|8003)\)", r"\1", code)
    sscc = plain.removeprefix("00") if len(plain) == 20 else plain
    if re.fullmatch(r"\d{18}", sscc) and gs1_checks.mod_10(sscc):
        return f"{GS1}/00/{sscc}"
    grai = re.fullmatch(r"8003(0\d{13})([!-z]{1,16})", plain)
    if grai and gs1_checks.mod_10(grai[1]):
        return f"{GS1}/8003/{grai[1]}{quote(grai[2], safe='')}"
    return ""


def is_gtin(text: str) -> bool:
    return len(text) in (8, 12, 13, 14) and _digits(text) and gs1_checks.mod_10(text)


def is_gln(text: str) -> bool:
    return len(text) == 13 and _digits(text) and gs1_checks.mod_10(text)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def problem(kind: Named, name: str, value: str) -> str:
    """Why a name cannot be taken, "" for no reason."""
    if len(name) > LONGEST or len(value) > LONGEST:
        return f"a name has at most {LONGEST} characters"
    match kind:
        case Named.BASE:
            return "" if _is_base(value) else f"{value!r} is no https address without a query"
        case Named.ARTICLES:
            return "" if value == "gtin" else "articles are called by gtin or by nothing"
        case Named.PARTY | Named.SITE | Named.MERCHANT | Named.PARTNER:
            return "" if is_gln(value) else f"{value!r} is no GLN: 13 digits with their check digit"


def _is_base(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    bare = not (parts.query or parts.fragment or "@" in parts.netloc)
    plain = re.fullmatch(r"[A-Za-z0-9._~:/%-]+", value) is not None
    return parts.scheme == "https" and bool(parts.hostname) and bare and plain


def read(database: Database, tenant: str) -> Names:
    """Without a base of its own a tenant's names lie in `.invalid` (RFC 6761): valid URIs that
    can never be somebody else's address."""
    query = sa.select(epcis_names).where(epcis_names.c.tenant == tenant)
    with database.reading() as c:
        known = {(Named(row.kind), row.name): row.value for row in c.execute(query)}
    base = known.get((Named.BASE, ""), f"https://{tenant}.takeback.invalid")
    return Names(base.rstrip("/"), known)


def put(database: Database, tenant: str, kind: Named, name: str, value: str) -> None:
    """Take a name, or with "" forget it. Raises ValueError for what `problem` finds."""
    table = epcis_names
    if not value:
        gone = sa.and_(table.c.tenant == tenant, table.c.kind == kind.value, table.c.name == name)
        database.write(lambda c: c.execute(table.delete().where(gone)))
        return
    wrong = problem(kind, name, value)
    if wrong:
        raise ValueError(wrong)
    row = {"tenant": tenant, "kind": kind.value, "name": name, "value": value}
    database.write(lambda c: upsert(c, table, [row]))
