"""What every history begins with: a tenant, a shop, twelve returns, four kiosks, one bundle.

Made once for each process by the real centre and the real agents, then copied.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from functools import cache

from kiosk.domain.money import Money
from kiosk.domain.policy.bundle import CodeKey
from kiosk.domain.returns import Authorisation, AuthorisationState, Merchant, ReturnLine
from kiosk.ports import Scanned, Symbology
from kiosk.seal.codes import ReturnClaims, issue
from kiosk.seal.keys import SigningKey
from sync.central import policy
from sync.central.database import Database
from sync.central.tables import devices
from tests.sim.ports import START, SimTime

TENANT = "acme"
RETURNS = 12
MINOR = 4_990  # of each unit
BUNDLE_KEY = SigningKey("bundle-1", hashlib.sha256(b"bundle").digest())
_CODE_KEY = SigningKey("shoes-2026", hashlib.sha256(b"code").digest())
_SHOP = Merchant("shoes", "Schuhhaus", "help@shoes.example", "Europe/Berlin")
_YEARS = timedelta(days=4_000)
NAMES = ("K1", "K2", "K3", "K4")


def device(name: str) -> tuple[str, SigningKey]:
    """A kiosk's id and key."""
    return f"device-{name}", SigningKey("", hashlib.sha256(name.encode()).digest())


def units(number: int) -> int:
    """How many of the one line of return R-<number> may come back."""
    return 1 + number % 2


CATEGORIES = ("boots", "lamps", "boots", "boots", "clocks", "boots")
_RULES = (
    {"rule": "allow", "id": "all"},
    *(
        {"rule": "evidence", "id": what, "evidence": "photo", "photos": count, "when": where}
        for what, count, where in (
            ("one picture", 1, {"category": "lamps"}),
            ("two pictures", 2, {"category": "clocks"}),
        )
    ),
)


def _authorisation(number: int) -> Authorisation:
    line = ReturnLine(
        line_id="L1",
        sku=f"sku-{number}",
        name="Boot",
        category=CATEGORIES[number % len(CATEGORIES)],
        quantity=units(number),
        price=Money(MINOR, "EUR"),
    )
    return Authorisation(
        return_id=f"R-{number}",
        merchant_id=_SHOP.merchant_id,
        order_number=f"A-{number}",
        postal_code="10115",
        short_code="",
        state=AuthorisationState.AUTHORISED,
        ordered_on=date(2026, 4, 20),
        delivered_on=date(2026, 4, 25),
        expires_at=None,
        lines=(line,),
    )


@cache
def presented(number: int) -> Scanned:
    """The signed code of return R-<number>."""
    claims = ReturnClaims(
        issuer=_SHOP.merchant_id,
        audience="acme-kiosks",
        issued_at=datetime(2026, 5, 1, tzinfo=START.tzinfo),
        expires_at=datetime(2026, 8, 1, tzinfo=START.tzinfo),
        code_id=f"cti-{number}",
        return_id=f"R-{number}",
    )
    return scanned(issue(claims, _CODE_KEY))


def scanned(text: str) -> Scanned:
    return Scanned(text, text.encode(), Symbology.QR, "]Q1", "camera", 0.0)


def fill(database: Database, time: SimTime) -> None:
    """Put the shop into a centre's migrated, empty database and publish."""
    policy.put_tenant(database, TENANT, "Acme", "acme-kiosks")
    policy.put_bundle_key(database, TENANT, BUNDLE_KEY)
    policy.put_merchant(database, TENANT, _SHOP, list(_RULES))
    key = CodeKey(
        _CODE_KEY.kid, _CODE_KEY.public.hex(), _SHOP.merchant_id, START - _YEARS, START + _YEARS
    )
    policy.put_code_key(database, TENANT, key)
    policy.put_authorisations(database, TENANT, [_authorisation(n) for n in range(RETURNS)])
    database.write(lambda c: c.execute(devices.insert(), [_row(name) for name in NAMES]))
    made = policy.publish(
        database, time, TENANT, BUNDLE_KEY, warn_after=_YEARS, accept_until=2 * _YEARS
    )
    assert not isinstance(made, policy.NotPublished), made


def _row(name: str) -> dict[str, object]:
    device_id, key = device(name)
    return {
        "device_id": device_id,
        "tenant": TENANT,
        "site": "Street 1",
        "kiosk_code": name,
        "public_key": key.public.hex(),
        "enrolled_at": START,
        "version": "1.0",
    }
