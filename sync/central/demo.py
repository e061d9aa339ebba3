"""A small world to try things in: three shops, a return for every verdict, bags, a kiosk to be.

The shops and returns are in assets/demo; dates count back from now, and every id and code is
made anew at each filling, so that yesterday's demo does not answer "already dropped" today.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from kiosk.domain import codes
from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.money import Money
from kiosk.domain.policy.bundle import CodeKey
from kiosk.domain.policy.file.shops import look_of
from kiosk.domain.returns import (
    Authorisation,
    AuthorisationState,
    Merchant,
    PastReturn,
    ReturnLine,
)
from kiosk.ports import Clock, Ids
from kiosk.seal import codes as sealed
from kiosk.seal.codes import ReturnClaims
from kiosk.seal.keys import SigningKey
from sync.central import demo_counter, networks, policy
from sync.central.database import Database, migrate
from sync.central.demo_counter import DemoStaff
from sync.central.devices import create_enrolment
from sync.central.people import create_admin, make_password

TENANT = "demo"
ADMIN = "demo"
AUDIENCE = "takeback-demo"
BUNDLE_KID = "demo-bundle-1"
CURRENCY = "EUR"
CODE_LIFE = timedelta(days=60)
BAGS = 12
NETWORK_PREFIX = "NBX-"  # as the form in assets/demo/merchants.toml has it
_DATA = Path(__file__).parents[2] / "assets" / "demo"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class _Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sku: str
    name: str
    category: str
    price: int
    reason: str = ""
    quantity: int = 1
    tags: tuple[str, ...] = ()
    final_sale: bool = False
    hazard: str = ""
    image: str = ""
    serials: tuple[str, ...] = ()


class _Past(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A return of the same customer that another site took."""

    days_ago: int
    value: int
    units: int = 1


class _Return(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    slug: str
    title: str
    merchant: str
    postal_code: str
    lines: tuple[_Line, ...]
    delivered_days_ago: int | None = None
    expires_days_ago: int | None = None
    state: AuthorisationState = AuthorisationState.AUTHORISED
    expect: tuple[str, ...] = ()
    rejected: str = ""
    third_party: str = ""
    customer: str = ""
    history: tuple[_Past, ...] = ()


class DemoShop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shop as assets/demo has it; `rules` in the shape of kiosk.domain.policy.rules."""

    id: str
    name: str
    support: str
    timezone: str
    order_prefix: str
    theme: str | dict[str, Any] = ""
    instead: tuple[str, ...] = ()
    receipt: dict[str, Any] = {}
    questions: dict[str, Any] = {}
    rules: tuple[dict[str, Any], ...] = ()

    @property
    def merchant(self) -> Merchant:
        theme = self.theme if isinstance(self.theme, str) else ""
        return Merchant(self.id, self.name, self.support, self.timezone, theme, self.instead)

    @property
    def look(self) -> dict[str, Any]:
        given = look_of(msgspec.structs.asdict(self))
        return {part: told for part, told in given.items() if told}


class _Shops(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    merchant: tuple[DemoShop, ...]
    third_party: tuple[ThirdPartyForm, ...] = ()


class _Returns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    return_: tuple[_Return, ...] = msgspec.field(name="return")


@dataclass(frozen=True, slots=True)
class DemoReturn:
    """One return to try. `expected` has each line's outcome ("ask" where a question comes
    first); `rejected` is the reason code where the whole return is turned away. `network_code` is
    another network's code for it, "" where there is none."""

    slug: str
    title: str
    return_id: str
    merchant: str
    signed_code: str
    short_code: str
    order_number: str
    postal_code: str
    expected: tuple[str, ...]
    rejected: str
    network_code: str = ""


@dataclass(frozen=True, slots=True)
class DemoCode:
    """A code that must be met with a sentence, not a drop."""

    slug: str
    title: str
    text: str
    rejected: str


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """Everything a demo holds up, types or signs in with. `enrolment_code` is good for ten
    minutes; `password` is shown once and kept hashed only."""

    tenant: str
    returns: tuple[DemoReturn, ...]
    bad_codes: tuple[DemoCode, ...]
    bags: tuple[str, ...]
    enrolment_code: str
    admin: str
    password: str
    policy_number: int
    staff: tuple[DemoStaff, ...] = ()

    def find(self, slug: str) -> DemoReturn:
        """KeyError for a slug that is not there."""
        for one in self.returns:
            if one.slug == slug:
                return one
        raise KeyError(slug)


def shops() -> tuple[DemoShop, ...]:
    return tuple(_read("merchants.toml", _Shops).merchant)


def goods() -> dict[str, tuple[ReturnLine, ...]]:
    """By shop: what is brought back there, one line of one return each."""
    made: dict[str, tuple[ReturnLine, ...]] = {}
    for one in _read("returns.toml", _Returns).return_:
        lines = tuple(_line(place, line) for place, line in enumerate(one.lines, 1))
        made[one.merchant] = made.get(one.merchant, ()) + lines
    return made


def load_key(path: Path, kid: str, ids: Ids) -> SigningKey:
    """The private key in `path` (32-byte seed in hex, mode 0600), made there if it is missing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(ids.token(256).to_bytes(32).hex())
    return SigningKey(kid, bytes.fromhex(path.read_text("ascii")))


def fill(
    database_url: str,
    clock: Clock,
    ids: Ids,
    keys_dir: Path,
    *,
    kiosk_code: str = "K1",
    site: str = "Demo street 1",
    password: str = "",
) -> DemoWorld:
    """Put the demo into a database (new or filled before) and publish its bundle. Private keys
    live in `keys_dir`, never in the database. `password` is the administrator's, "" for a new
    one."""
    database = Database(database_url)
    try:
        migrate(database)
        return _Filling(database, clock, ids, keys_dir).run(kiosk_code, site, password)
    finally:
        database.close()


def renew(database_url: str, clock: Clock, ids: Ids, keys_dir: Path) -> None:
    """Publish the demo's bundle again where it is getting old: a demo that is come back to."""
    database = Database(database_url)
    try:
        migrate(database)
        key = load_key(keys_dir / "bundle.key", BUNDLE_KID, ids)
        policy.renew(database, clock, TENANT, key)
    finally:
        database.close()


class _Filling:
    def __init__(self, database: Database, clock: Clock, ids: Ids, keys_dir: Path) -> None:
        self.database = database
        self.ids = ids
        self.clock = clock
        self.now = clock.now()
        self.keys_dir = keys_dir
        told = _read("merchants.toml", _Shops)
        self.shops = {shop.id: shop for shop in told.merchant}
        self.forms: tuple[ThirdPartyForm, ...] = told.third_party
        self.keys: dict[str, SigningKey] = {}

    def run(self, kiosk_code: str, site: str, password: str) -> DemoWorld:
        bundle_key = load_key(self.keys_dir / "bundle.key", BUNDLE_KID, self.ids)
        policy.put_tenant(self.database, TENANT, "Takeback demo", AUDIENCE)
        policy.put_bundle_key(self.database, TENANT, bundle_key)
        for shop in self.shops.values():
            self._shop(shop)
        for form in self.forms:
            networks.put_form(self.database, self.ids, TENANT, form)
        made = [self._return(one) for one in _read("returns.toml", _Returns).return_]
        policy.put_authorisations(self.database, TENANT, [one for one, _ in made])
        told = tuple(told for _, told in made)
        bad = self._bad_codes(made[0][0])
        published = policy.publish(self.database, self.clock, TENANT, bundle_key)
        if isinstance(published, policy.NotPublished):
            raise ValueError("; ".join(published.problems))
        password = password or make_password(self.ids)
        create_admin(self.database, self.ids, TENANT, ADMIN, password)
        first_bag = self.ids.token(32)
        staff = demo_counter.fill(self.database, self.clock, self.ids, TENANT, site, bundle_key)
        return DemoWorld(
            tenant=TENANT,
            returns=told,
            bad_codes=bad,
            bags=tuple(codes.bag_code(first_bag + place) for place in range(BAGS)),
            enrolment_code=create_enrolment(
                self.database, self.clock, self.ids, TENANT, site, kiosk_code
            ),
            admin=ADMIN,
            password=password,
            policy_number=published.number,
            staff=staff,
        )

    def _shop(self, shop: DemoShop) -> None:
        policy.put_merchant(self.database, TENANT, shop.merchant, shop.rules, shop.look)
        kid = f"{shop.id}-1"
        key = load_key(self.keys_dir / f"code-{shop.id}.key", kid, self.ids)
        self.keys[shop.id] = key
        policy.put_code_key(
            self.database,
            TENANT,
            CodeKey(
                kid=kid,
                public=key.public.hex(),
                merchant_id=shop.id,
                not_before=self.now - timedelta(days=365),
                not_after=self.now + timedelta(days=365),
            ),
        )

    def _return(self, one: _Return) -> tuple[Authorisation, DemoReturn]:
        shop = self.shops[one.merchant]
        ago = one.delivered_days_ago
        lines = tuple(_line(place, line) for place, line in enumerate(one.lines, 1))
        network_code = f"{NETWORK_PREFIX}{self._name(16)}" if one.third_party else ""
        authorisation = Authorisation(
            return_id="RMA-" + self._name(8),
            merchant_id=shop.id,
            order_number=f"{shop.order_prefix}-{self._digits(3)}-{self._digits(4)}",
            postal_code=one.postal_code,
            short_code=codes.short_code(self.ids.token(35)),
            state=one.state,
            ordered_on=self._day(shop, (ago or 0) + 3),
            delivered_on=None if ago is None else self._day(shop, ago),
            expires_at=self._expires(one),
            lines=lines,
            country="DE",
            third_party=self._fingerprint(one.third_party, network_code),
            customer=one.customer,
            history=tuple(self._past(shop, past) for past in one.history),
        )
        told = DemoReturn(
            slug=one.slug,
            title=one.title,
            return_id=authorisation.return_id,
            merchant=shop.name,
            signed_code=sealed.issue(self._claims(authorisation), self.keys[shop.id]),
            short_code=authorisation.short_code,
            order_number=authorisation.order_number,
            postal_code=one.postal_code,
            expected=one.expect,
            rejected=one.rejected,
            network_code=network_code,
        )
        return authorisation, told

    def _past(self, shop: DemoShop, past: _Past) -> PastReturn:
        on, value = self._day(shop, past.days_ago), Money(past.value, CURRENCY)
        return PastReturn("RMA-" + self._name(8), on, past.units, value)

    def _fingerprint(self, form: str, code: str) -> str:
        if not form:
            return ""
        return networks.fingerprint_of(self.database, TENANT, form, code.encode())

    def _expires(self, one: _Return) -> datetime:
        if one.expires_days_ago is None:
            return self.now + timedelta(days=30)
        return self.now - timedelta(days=one.expires_days_ago)

    def _claims(self, one: Authorisation, age: timedelta = timedelta(days=2)) -> ReturnClaims:
        issued = (self.now - age).replace(microsecond=0)
        return ReturnClaims(
            issuer=one.merchant_id,
            audience=AUDIENCE,
            issued_at=issued,
            expires_at=issued + CODE_LIFE,
            code_id=self._name(16),
            return_id=one.return_id,
        )

    def _bad_codes(self, one: Authorisation) -> tuple[DemoCode, ...]:
        real = self.keys[one.merchant_id]
        old = sealed.issue(self._claims(one, CODE_LIFE + timedelta(days=3)), real)
        thief = SigningKey(real.kid, self.ids.token(256).to_bytes(32))
        forged = sealed.issue(self._claims(one), thief)
        return (
            DemoCode("old-code", "A code that was valid until three days ago", old, "code_expired"),
            DemoCode("forged", "A code with somebody else's signature", forged, "code_forged"),
            DemoCode("website", "A web address", "https://example.com/sale", "code_foreign"),
        )

    def _day(self, shop: DemoShop, ago: int) -> date:
        return self.now.astimezone(ZoneInfo(shop.timezone)).date() - timedelta(days=ago)

    def _name(self, length: int) -> str:
        value = self.ids.token(5 * length)
        return "".join(_ALPHABET[value >> 5 * place & 31] for place in range(length))

    def _digits(self, length: int) -> str:
        return f"{self.ids.token(32) % 10**length:0{length}d}"


def _line(place: int, line: _Line) -> ReturnLine:
    return ReturnLine(
        line_id=f"L{place}",
        sku=line.sku,
        name=line.name,
        category=line.category,
        quantity=line.quantity,
        price=Money(line.price, CURRENCY),
        tags=frozenset(line.tags),
        final_sale=line.final_sale,
        hazard=line.hazard,
        image=line.image,
        serials=line.serials,
        reason=line.reason,
    )


def _read(name: str, type_: type[Any]) -> Any:
    return msgspec.convert(tomllib.loads((_DATA / name).read_text("utf-8")), type=type_)
