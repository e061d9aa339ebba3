"""What a merchant authorised: a return and its lines, as the policy bundle brings them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kiosk.domain.look.model import PLAIN, Look
from kiosk.domain.money import Money


class AuthorisationState(StrEnum):
    """Where the merchant's permission stands; the kiosk takes goods for AUTHORISED only."""

    REQUESTED = "requested"
    IN_REVIEW = "in_review"
    AUTHORISED = "authorised"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One item of a return.

    `price` is what was paid for one unit; `quantity` is how many units were authorised.
    `image` names a picture shipped with the kiosk or the bundle, empty when there is none.
    """

    line_id: str
    sku: str
    name: str
    category: str
    quantity: int
    price: Money
    tags: frozenset[str] = frozenset()
    final_sale: bool = False
    hazard: str = ""  # "" none, or a class of product.md: lithium, aerosol, flammable ...
    image: str = ""
    reason: str = ""  # why the shopper returns it, the merchant's reason code
    type: str = ""  # the merchant's product type, beside its category
    vendor: str = ""  # the brand or supplier
    discount: int = 0  # off the list price, in basis points: 2500 is 25 %
    weight_g: int = 0  # one unit as packed by its maker; 0 where nobody knows
    longest_mm: int = 0  # its longest side; 0 where nobody knows
    age: int = 0  # youngest age it may be handed to; 0 where any
    hygiene: bool = False  # worn on or put into the body: no resale once opened
    serials: tuple[str, ...] = ()  # serial numbers sold, where the merchant tells them
    resolution: str = ""  # the refund method chosen for this line, "" as the return's


@dataclass(frozen=True, slots=True)
class PastReturn:
    """An earlier return of the same customer with the same merchant, as far as anybody knows.

    `units` and `value` (what was paid for them) count what was dropped; `on` is the local day
    of its last drop. Two sources that tell of one return id are merged, never added (see
    kiosk.domain.policy.history).
    """

    return_id: str
    on: date
    units: int
    value: Money


@dataclass(frozen=True, slots=True)
class ChargedOnce:
    """What an earlier drop of this very return paid of an amount that is charged, or given, once
    a return. `base` is the price of the units it was reckoned on, both in minor units."""

    kind: str
    minor: int
    base: int = 0


@dataclass(frozen=True, slots=True)
class PastDrop:
    """An earlier drop of this very return: `units` by line id, and what it was charged and given
    of amounts that come once a return. Drops are told apart by id, so that one which the kiosk
    and the centre both know counts once. A voided drop is none."""

    drop_id: str
    units: dict[str, int]
    fees: tuple[ChargedOnce, ...] = ()
    bonuses: tuple[ChargedOnce, ...] = ()

    def __hash__(self) -> int:
        return hash(self.drop_id)


@dataclass(frozen=True, slots=True)
class Authorisation:
    """One return as authorised by its merchant (RMA).

    `delivered_on` is the local day of delivery; `expires_at` an aware instant after which the
    permission lapses. `short_code` is the typed form with its check character. `third_party` is
    what kiosk.domain.codes.third_party.fingerprint makes of the code, with the bundle's pepper.
    """

    return_id: str
    merchant_id: str
    order_number: str
    postal_code: str
    short_code: str
    state: AuthorisationState
    ordered_on: date
    delivered_on: date | None
    expires_at: datetime | None
    lines: tuple[ReturnLine, ...]
    country: str = ""  # ISO 3166-1 alpha-2 of the delivery address
    zone: str = ""  # the merchant's own name for a part of the world
    fulfilled_on: date | None = None  # local day on which the goods left the merchant
    channel: str = ""  # where it was sold: web, app, store, marketplace ...
    customer: str = ""  # a pseudonym, the same for all returns of one customer with this merchant
    segments: tuple[str, ...] = ()  # what the merchant calls the customer: vip, member:gold ...
    order_value: Money | None = None  # what was paid for the whole order
    order_units: int = 0  # units of the whole order; 0 where nobody knows
    resolution: str = ""  # the refund method the shopper chose when announcing the return
    history: tuple[PastReturn, ...] = ()  # other returns of this customer, from all sites
    drops: tuple[PastDrop, ...] = ()  # earlier drops of this return, from all sites
    third_party: str = ""  # fingerprint of another network's code for this return, "" for none


@dataclass(frozen=True, slots=True)
class Merchant:
    """The shop that authorised the return, as receipts and screens present it.

    `theme` names a file of assets/themes; a theme in `look` goes before it. A bundle brings looks
    beside its merchants (PolicyContent.looks): they are read with care, and `look` is empty there.
    """

    merchant_id: str
    name: str
    support: str  # how a shopper reaches it: an address or a number, printed as it stands
    timezone: str  # IANA name; windows count in the merchant's local days
    theme: str = ""
    instead: tuple[str, ...] = ()  # ways a shopper has besides the kiosk (policy.model.Instead)
    look: Look = PLAIN

    def reached(self, language: str) -> tuple[str, ...]:
        """How a shopper reaches it: its own lines in a language, else `support`; () for neither."""
        lines = self.look.receipt.support.anyhow(language) or (self.support,)
        return tuple(line for line in lines if line.strip())
