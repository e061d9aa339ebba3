"""What a merchant authorised: a return and its lines, as the policy bundle brings them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

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
    third_party: str = ""  # fingerprint of another network's code for this return, "" for none


@dataclass(frozen=True, slots=True)
class Merchant:
    """The shop that authorised the return, as receipts and screens present it."""

    merchant_id: str
    name: str
    support: str  # how a shopper reaches it: an address or a number, printed as it stands
    timezone: str  # IANA name; windows count in the merchant's local days
    theme: str = ""
