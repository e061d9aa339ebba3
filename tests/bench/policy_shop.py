"""Many authorisations of forty shops, and a policy of fifteen rules: what the policy benches use.

Every row is reckoned from its number, so nothing has to be kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kiosk.domain import codes
from kiosk.domain.codes import base45
from kiosk.domain.money import Money
from kiosk.domain.policy.bundle import CodeKey, PolicyContent
from kiosk.domain.returns import Authorisation, AuthorisationState, Merchant, ReturnLine
from kiosk.seal import codes as sealed
from kiosk.seal.keys import SigningKey

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SHOPS = 40
THIRD_PARTY_EVERY = 4
AUDIENCE = "bench"
_NAMES = ("Running shoe 42", "Wool jumper, navy, M", "Wireless headphones", "Cast iron pan 28 cm")
_CATEGORIES = ("shoes", "clothing", "electronics", "kitchen")
_REASONS = ("too_small", "changed_mind", "faulty")
_MIX = 2_654_435_761  # spreads a number over 32 bits (Knuth's multiplier)

RULES: tuple[dict[str, Any], ...] = (
    {
        "rule": "window", "id": "window", "days": 30, "from": "delivery", "weekend": ["sunday"],
        "holidays": ["12-25", "12-26", "01-01"],
        "extend": [{"from": "11-01", "to": "12-24", "until": "01-31"}],
    },
    {"rule": "quantity", "id": "quantity"},
    {"rule": "final_sale", "id": "final-sale", "tags": ["clearance"]},
    {"rule": "fee", "id": "fee-shoes", "per": "line", "amount": 295, "currency": "EUR",
     "when": {"category": ["shoes"], "not": {"reason": ["faulty"]}}},
    {"rule": "fee", "id": "fee-return", "kind": "shipping", "per": "return", "amount": 199,
     "currency": "EUR", "when": {"reason": ["changed_mind"]}},
    {"rule": "fee", "id": "restocking", "kind": "restocking", "per": "percent",
     "basis_points": 1000, "when": {"category": ["electronics"], "reason": ["changed_mind"]}},
    {"rule": "returnless", "id": "keep-small", "below": 700, "currency": "EUR", "then": "keep"},
    {"rule": "review", "id": "review-designer", "when": {"tag": ["designer"]}},
    {"rule": "review", "id": "review-dear", "when": {"value": {"min": 50000, "currency": "EUR"}}},
    {"rule": "staff", "id": "lithium", "when": {"hazard": ["lithium"]}},
    {"rule": "refuse", "id": "underwear", "when": {"category": ["underwear"]}},
    {"rule": "refuse", "id": "abroad", "when": {"not": {"country": ["DE", "AT", "FR"]}}},
    {"rule": "value", "id": "offline-cap", "limit": 40000, "currency": "EUR", "per": "return",
     "then": "review", "when": {"offline": True}},
    {"rule": "serial_limit", "id": "serial", "days": 90, "returns": 12, "then": "staff"},
    {"rule": "fee", "id": "no-fee-gold", "priority": 10, "per": "line", "amount": 0,
     "currency": "EUR", "when": {"segment": ["member:gold"]}},
)  # fmt: skip


def shop_of(number: int) -> str:
    return f"M-{number % SHOPS}"


def authorisation(number: int) -> Authorisation:
    """Seven in ten have one line, one in ten three. Ids are spread, as merchants' own are."""
    mixed = number * _MIX % 2**32
    lines = 1 if mixed % 10 < 7 else 2 if mixed % 10 < 9 else 3
    return Authorisation(
        return_id=return_id(number),
        merchant_id=shop_of(number),
        order_number=f"A-{100_000_000 + number}",
        postal_code=f"{10_000 + mixed % 89_999}",
        short_code=codes.short_code(number),
        state=AuthorisationState.AUTHORISED,
        ordered_on=date(2026, 10, 1 + mixed % 28),
        delivered_on=date(2026, 11, 1 + mixed % 20),
        expires_at=datetime(2027, 1, 15, tzinfo=UTC),
        lines=tuple(_line(mixed + place, place) for place in range(lines)),
        country="DE",
        fulfilled_on=date(2026, 10, 29),
        channel="web",
        customer=f"c{mixed:08x}",
        segments=("member:gold",) if mixed % 5 == 0 else (),
        order_value=Money(9_900 + mixed % 30_000, "EUR"),
        order_units=3,
        third_party=fingerprint(number),
    )


def _line(mixed: int, place: int) -> ReturnLine:
    return ReturnLine(
        line_id=f"L-{place}",
        sku=f"SKU-{mixed % 99_991:05d}",
        name=_NAMES[mixed % 4],
        category=_CATEGORIES[mixed % 4],
        quantity=1,
        price=Money(1_999 + mixed % 20_000, "EUR"),
        tags=frozenset({"summer"}) if mixed % 3 == 0 else frozenset(),
        reason=_REASONS[mixed % 3],
        vendor="Northwind",
        weight_g=350 + mixed % 900,
        image="shoe-01",
    )


def return_id(number: int) -> str:
    return f"R-{number * _MIX % 2**32:010d}-{number % 97:02d}"


def fingerprint(number: int) -> str:
    """Of one in four."""
    if number % THIRD_PARTY_EVERY:
        return ""
    return f"{number * _MIX * _MIX % 2**256:064x}"


def authorisations(count: int) -> Iterator[Authorisation]:
    return map(authorisation, range(count))


def key_of(shop: str) -> SigningKey:
    return SigningKey(f"key-{shop}", shop.encode().ljust(32, b"."))


def content(number: int) -> PolicyContent:
    shops = [shop_of(n) for n in range(SHOPS)]
    validity = (NOW - timedelta(days=200), NOW + timedelta(days=200))
    return PolicyContent(
        number=number,
        audience=AUDIENCE,
        merchants=tuple(
            Merchant(s, f"Shop {s}", "help@shop.example", "Europe/Berlin") for s in shops
        ),
        rules=dict.fromkeys(shops, RULES),
        code_keys=tuple(
            CodeKey(key_of(s).kid, key_of(s).public.hex(), s, *validity) for s in shops
        ),
        revoked_codes=tuple(f"revoked-{n}" for n in range(1_000)),
    )


def signed(number: int) -> bytes:
    """The bytes of the signed code of a return."""
    claims = sealed.ReturnClaims(
        issuer=shop_of(number),
        audience=AUDIENCE,
        issued_at=NOW - timedelta(days=3),
        expires_at=NOW + timedelta(days=30),
        code_id=f"cti-{number}",
        return_id=return_id(number),
    )
    text = sealed.issue(claims, key_of(shop_of(number)))
    return base45.decode(text.removeprefix("RK1:"))
