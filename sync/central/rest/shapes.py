"""What machines send and are answered, as JSON. From these come the checks and the OpenAPI.

Requests are read strictly: a field that is not known is refused, for a slip in the name of a date
must not be a return without one. Answers may gain fields; who reads them passes over what it does
not know. Amounts are whole numbers of the currency's minor unit, times RFC 3339 with an offset.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

ID = r"^[A-Za-z0-9][A-Za-z0-9._:~-]{0,95}$"
"""Ids that merchants choose: they stand in paths, so nothing in them needs escaping."""
MOST_MINOR = 10**12
MOST_UNITS = 10_000

Id = Annotated[str, Meta(pattern=ID, max_length=96)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=200)]
Count = Annotated[int, Meta(ge=0, le=MOST_UNITS)]
Units = Annotated[int, Meta(ge=1, le=MOST_UNITS)]
Small = Annotated[int, Meta(ge=0, le=10**9)]
Instant = Annotated[datetime, Meta(tz=True)]
Country = Annotated[str, Meta(pattern=r"^([A-Z]{2})?$", description="ISO 3166-1 alpha-2")]
Begin = Literal["requested", "in_review", "authorised"]
State = Literal[
    "requested", "in_review", "authorised", "rejected", "expired", "cancelled", "closed"
]


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of what is sent."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The base of what is answered."""


class Amount(Asked, frozen=True, kw_only=True):
    """Money: 7990 EUR is 79.90 euro, 500 JPY is 500 yen."""

    minor: Annotated[int, Meta(ge=0, le=MOST_MINOR)]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$", description="ISO 4217")]


class Item(Asked, frozen=True, kw_only=True):
    """One item of a return; `quantity` units of it may come back."""

    line_id: Name
    sku: Name
    name: Name
    category: Name
    quantity: Units
    price: Amount
    """What was paid for one unit."""
    tags: tuple[Text, ...] = ()
    final_sale: bool = False
    hazard: Text = ""
    reason: Text = ""
    type: Text = ""
    vendor: Text = ""
    discount: Annotated[int, Meta(ge=0, le=10_000, description="basis points")] = 0
    weight_g: Small = 0
    longest_mm: Small = 0
    age: Annotated[int, Meta(ge=0, le=150)] = 0
    hygiene: bool = False
    serials: tuple[Text, ...] = ()
    resolution: Text = ""


Language = Annotated[str, Meta(max_length=35, description="BCP 47, as de or pt-BR")]


class ContactTold(Asked, frozen=True, kw_only=True):
    """Whom to tell, and in which language (BCP 47). It is never answered again, is kept sealed,
    and goes once there is nothing to tell any more. The ways are tried in the order in which they
    stand here, the next one where the last refused."""

    language: Language = "en"
    name: Text = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    whatsapp: Annotated[str, Meta(max_length=20, description="E.164, as +491701234567")] = ""
    sms: Annotated[str, Meta(max_length=20, description="E.164, as +491701234567")] = ""


class NewReturn(Asked, frozen=True, kw_only=True):
    """A return as its merchant authorises it. What a rule may ask for can be left out; a rule that
    asks for it then decides without."""

    order_number: Name
    ordered_on: date
    lines: Annotated[tuple[Item, ...], Meta(min_length=1, max_length=1000)]
    state: Begin = "authorised"
    postal_code: Text = ""
    short_code: Text = ""
    delivered_on: date | None = None
    fulfilled_on: date | None = None
    expires_at: Instant | None = None
    country: Country = ""
    zone: Text = ""
    channel: Text = ""
    customer: Text = ""
    segments: tuple[Text, ...] = ()
    order_value: Amount | None = None
    order_units: Count = 0
    resolution: Text = ""
    network: Text = ""
    """Another network's form, by name, where its code stands for this return."""
    network_code: Text = ""
    """That code. Only its fingerprint is kept; left out, the one that is known stays."""
    contact: ContactTold | None = None
    """Whom to tell that goods came and that money goes back; left out, whoever is known stays."""


class Money(Told, frozen=True, kw_only=True):
    """An amount in minor units."""

    minor: int
    currency: str


class Line(Told, frozen=True, kw_only=True):
    """One item of a return as it stands."""

    line_id: str
    sku: str
    name: str
    category: str
    quantity: int
    price: Money
    tags: tuple[str, ...]
    final_sale: bool
    hazard: str
    reason: str
    type: str
    vendor: str
    discount: int
    weight_g: int
    longest_mm: int
    age: int
    hygiene: bool
    serials: tuple[str, ...]
    resolution: str


class Return(Told, frozen=True, kw_only=True):
    """A return as it stands."""

    return_id: str
    state: State
    order_number: str
    ordered_on: date
    lines: tuple[Line, ...]
    postal_code: str
    short_code: str
    delivered_on: date | None
    fulfilled_on: date | None
    expires_at: datetime | None
    country: str
    zone: str
    channel: str
    customer: str
    segments: tuple[str, ...]
    order_value: Money | None
    order_units: int
    resolution: str
    network_known: bool
    """Whether another network's code stands for it."""
    bundle: int
    """The first policy bundle with it as it stands; 0 until the next one is published."""
    possible: tuple[State, ...]
    """The states that it can be taken to."""


class Returns(Told, frozen=True, kw_only=True):
    """A page, in the order of ids. `next` is the `after` of the following one, "" at the end. With
    a filter a page may hold fewer than asked for, or none, and not be the last."""

    returns: tuple[Return, ...]
    next: str


class Cancel(Asked, frozen=True, kw_only=True):
    """Why, for the record."""

    reason: Text = ""


class Extend(Asked, frozen=True, kw_only=True):
    """The new end; null is none. An expired return stands again."""

    expires_at: Instant | None


class Move(Asked, frozen=True, kw_only=True):
    """To another state: after a review, or to close and reopen."""

    to: Literal["in_review", "authorised", "rejected", "closed"]
    reason: Text = ""


class NewRefund(Asked, frozen=True, kw_only=True):
    """Money that went back to the shopper."""

    amount: Amount
    done_at: Instant


class Refund(Told, frozen=True, kw_only=True):
    """A refund as it was told; it is not changed afterwards."""

    refund_id: str
    return_id: str
    amount: Money
    done_at: datetime
    told_at: datetime


class Refunds(Told, frozen=True, kw_only=True):
    """All that was told for a return, in the order of telling."""

    refunds: tuple[Refund, ...]


class DropLine(Told, frozen=True, kw_only=True):
    """One line as the kiosk decided it. Amounts in minor units of `currency`."""

    line_id: str
    sku: str
    outcome: str
    reason: str
    brought: int
    price: int
    refund: int
    fee: int
    withheld: int
    currency: str
    disposal: str
    provisional: bool
    state: str
    """accepted, refused, returnless, not_presented or staff"""


class Voided(Told, frozen=True, kw_only=True):
    """Staff gave the goods back on the day of the drop: no refund is due for it. `at` is the
    counter's time, corrected by the centre; `received_at` when the centre first heard of it."""

    at: datetime
    received_at: datetime
    reason: str


class Drop(Told, frozen=True, kw_only=True):
    """Goods handed in at a kiosk. `dropped_at` is the kiosk's time, corrected by the centre.
    `voided` is null while the drop stands."""

    drop_id: str
    drop_number: str
    return_id: str
    bag_id: str
    site: str
    dropped_at: datetime
    received_at: datetime
    offline: bool
    provisional: bool
    disputed: bool
    refund: int
    fee: int
    currency: str
    voided: Voided | None
    lines: tuple[DropLine, ...]


class Drops(Told, frozen=True, kw_only=True):
    """All drops of a return, the first first."""

    drops: tuple[Drop, ...]


class Event(Told, frozen=True, kw_only=True):
    """Something that happened to one of the merchant's returns."""

    id: str
    position: int
    type: str
    subject: str
    at: datetime
    data: msgspec.Raw


class Events(Told, frozen=True, kw_only=True):
    """A page in order. `next` is the `after` to ask with next time, also where there is no more:
    keep it, and nothing is missed or comes twice."""

    events: tuple[Event, ...]
    next: int
    more: bool


class KeyTold(Told, frozen=True, kw_only=True):
    """The key of this request."""

    prefix: str
    name: str
    role: str
    subject: str
    read_only: bool
    expires_at: datetime | None


class ReturnsQuery(Asked, frozen=True, kw_only=True):
    after: Annotated[str, Meta(max_length=200, description="`next` of the page before")] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    state: State | None = None
    order_number: Text = ""


class EventsQuery(Asked, frozen=True, kw_only=True):
    after: Annotated[int, Meta(ge=0, le=1 << 53, description="`next` of the answer before")] = 0
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
