"""The counter book: what a site's counters go by, as one signed and numbered document.

    who works there       members with their roles, digests of badges, verifiers of start PINs
    how they sign in      the site's rule, PINs, time-outs, what one person may do alone
    what carriers want    hold periods, proofs, how much a container takes
    the shop              when it closes, and its shelves

It travels in an envelope signed like a bundle, with a type of its own. Structs are what the centre
writes; a kiosk reads the payload as plain data (kiosk.domain.counter.book), so that one part which
it cannot read costs no other. The peppers are told beside the envelope and never in it: whoever
keeps the document has no use of its digests. The document names each with a check, so that none
can be put in the place of another.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from kiosk.seal import envelope
from kiosk.seal.keys import SigningKey
from sync.wire import codec

PAYLOAD_TYPE = "application/vnd.takeback.counter-book.v1+json"
MAX_MEMBERS = 200
MAX_SHELVES = 5000
MAX_CARRIERS = 100
MAX_HOLIDAYS = 400
MAX_BOOK = 2 << 20
"""Bytes of an envelope: 5,000 shelves are about 1 MiB of it."""
MAX_ANSWER = 2 * MAX_BOOK
MAX_PEPPERS = 2
PEPPER_BYTES = 32
MAX_NUMBER = 1 << 53
_CHECK = b"takeback pepper check\0"


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    pass


class PepperNamed(_Part, frozen=True, kw_only=True):
    """`check` tells the right pepper from another and gives nothing away (`check_of`)."""

    pepper_id: str
    check: str


class MemberTold(_Part, frozen=True, kw_only=True):
    """As kiosk.domain.staff.people.Member; times are Unix seconds."""

    staff_id: str
    name: str
    roles: tuple[str, ...]
    badge: str = ""
    verifier: str = ""
    must_choose_pin: bool = True
    pin_round: int = 1
    active: bool = True
    not_before: int = 0
    until: int | None = None


class SignInTold(_Part, frozen=True, kw_only=True):
    """Roles for which a badge, or an id with a PIN, is enough. Never supervisors' or engineers'."""

    badge_alone: tuple[str, ...] = ()
    pin_alone: tuple[str, ...] = ("associate",)


class PinsTold(_Part, frozen=True, kw_only=True):
    """Digits, both ends included."""

    least: int = 6
    most: int = 12


class TimesTold(_Part, frozen=True, kw_only=True):
    """Seconds, as kiosk.domain.staff.sessions.Times."""

    idle: int = 300
    absolute: int = 36_000
    aside: int = 600
    second: int = 60


class LimitTold(_Part, frozen=True, kw_only=True):
    """What one person may do alone: `limited` is a kiosk.domain.staff.permits.Limited, the amount
    in minor units of `currency`."""

    limited: str
    minor: int
    currency: str


class HoldTold(_Part, frozen=True, kw_only=True):
    """As kiosk.domain.counter.holding.Hold."""

    days: int = 7
    counts: str = "days"
    remind: tuple[int, ...] = (2, 0)
    extend_by: int = 7
    extensions: int = 1


class ProofTold(_Part, frozen=True, kw_only=True):
    """As kiosk.domain.counter.proving.read_rule takes it."""

    ask: tuple[str, ...]
    documents: tuple[str, ...] = ("passport", "id_card", "driving_licence", "residence_permit")
    age: int = 18
    proxies: bool = False


class CarrierTold(_Part, frozen=True, kw_only=True):
    """`carrier` is the id as kiosk.domain.codes has it, `name` what people read; `hold` is None
    where the site's own counts, `room` how many bags or parcels one container takes."""

    carrier: str
    name: str
    proof: ProofTold
    hold: HoldTold | None = None
    room: int = 60


class ClosesTold(_Part, frozen=True, kw_only=True):
    """`weekday`: Monday is 0. `at` is HH:MM of the site's own clock."""

    weekday: int
    at: str


class OpeningTold(_Part, frozen=True, kw_only=True):
    """A weekday that is not named is one on which the shop stays closed. `holidays` are days
    (YYYY-MM-DD, or MM-DD for every year); `weekend` and `no_work` what no carrier counts as a
    working day."""

    zone: str = "UTC"
    closes: tuple[ClosesTold, ...] = ()
    holidays: tuple[str, ...] = ()
    weekend: tuple[int, ...] = (5, 6)
    no_work: tuple[str, ...] = ()


class ShelfTold(_Part, frozen=True, kw_only=True):
    """As kiosk.domain.counter.outbound_facts.ShelfSet."""

    shelf_id: str
    zone: str = ""
    room: int = 20
    carriers: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    returns: bool = False


class HouseTold(_Part, frozen=True, kw_only=True):
    """All of a book that is no person and no number: what a draft is of."""

    sign_in: SignInTold = SignInTold()
    pins: PinsTold = PinsTold()
    times: TimesTold = TimesTold()
    limits: tuple[LimitTold, ...] = ()
    hold: HoldTold = HoldTold()
    carriers: tuple[CarrierTold, ...] = ()
    opening: OpeningTold = OpeningTold()
    shelves: tuple[ShelfTold, ...] = ()
    language: str = "en"


class CounterBook(_Part, frozen=True, kw_only=True):
    """`number` is that of the site's book, from 1 on, and never goes back. `peppers`: the one that
    new digests are made with first."""

    tenant: str
    site: str
    number: int
    issued: datetime
    peppers: tuple[PepperNamed, ...]
    members: tuple[MemberTold, ...]
    house: HouseTold


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a kiosk must be able to read of a book, or it is none."""

    tenant: str
    site: str
    number: int
    issued: datetime
    peppers: tuple[PepperNamed, ...]


class PepperTold(msgspec.Struct, frozen=True, kw_only=True):
    pepper_id: str
    secret: str
    """Hex. Kept outside the ledger, and never logged."""

    def __repr__(self) -> str:
        return f"PepperTold({self.pepper_id!r})"


class BookAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """GET /v1/devices/{id}/counter/book. `book` is the envelope as its text (it is JSON)."""

    book: str
    peppers: tuple[PepperTold, ...]


class BookFault(StrEnum):
    """Why a book is not taken: told as the cause of BookRejected."""

    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    UNREADABLE = "unreadable"  # cut, or no book
    TOO_LARGE = "too_large"
    WRONG_TENANT = "wrong_tenant"
    WRONG_SITE = "wrong_site"
    ROLLBACK = "rollback"
    NUMBER_REUSED = "number_reused"
    WRONG_PEPPER = "wrong_pepper"  # one that is named is not there, or another
    WRONG_ROSTER = "wrong_roster"  # people who cannot be so: see staff.people.newer


class _Envelope(msgspec.Struct, frozen=True):
    payload: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A book whose signature held: its head, and all of it as plain data. `digest` tells two of
    one number apart, whoever signed them."""

    head: Head
    data: Mapping[str, Any]
    digest: str


def seal(book: CounterBook, key: SigningKey) -> bytes:
    return envelope.seal(codec.encode(book), PAYLOAD_TYPE, key)


def open_book(data: bytes, keys: Mapping[str, bytes]) -> Opened | BookFault:
    """A book that one of `keys` signed. Nothing is read before that. Never raises."""
    if len(data) > MAX_BOOK:
        return BookFault.TOO_LARGE
    payload = envelope.open(data, PAYLOAD_TYPE, keys)
    match payload:
        case bytes():
            return _read(payload)
        case envelope.Fault.UNKNOWN_KEY:
            return BookFault.UNKNOWN_KEY
        case envelope.Fault.BAD_SIGNATURE:
            return BookFault.BAD_SIGNATURE
        case envelope.Fault.TOO_LARGE:
            return BookFault.TOO_LARGE
        case envelope.Fault.MALFORMED | envelope.Fault.WRONG_TYPE:
            return BookFault.UNREADABLE


def reopened(data: bytes, digest: str) -> Opened | None:
    """A book that was opened before, by the digest that it had then. Never raises."""
    try:
        payload = base64.b64decode(msgspec.json.decode(data, type=_Envelope).payload, validate=True)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        return None
    found = _read(payload)
    return found if isinstance(found, Opened) and found.digest == digest else None


def _read(payload: bytes) -> Opened | BookFault:
    head = codec.decode(payload, Head)
    told = codec.decode(payload, dict[str, Any])
    if head is None or told is None or head.issued.tzinfo is None:
        return BookFault.UNREADABLE
    if not 0 < head.number <= MAX_NUMBER or not 0 < len(head.peppers) <= MAX_PEPPERS:
        return BookFault.UNREADABLE
    house = told.get("house")
    shelves = house.get("shelves", ()) if isinstance(house, dict) else ()
    many = ((told.get("members"), MAX_MEMBERS), (shelves, MAX_SHELVES))
    if any(isinstance(part, list) and len(part) > most for part, most in many):
        return BookFault.TOO_LARGE
    return Opened(head, told, hashlib.sha256(payload).hexdigest())


def check_of(pepper: bytes) -> str:
    """16 hex digits."""
    return hmac.new(pepper, _CHECK, hashlib.sha256).hexdigest()[:16]


def peppers_of(head: Head, told: BookAnswer) -> tuple[tuple[str, bytes], ...] | None:
    """The peppers that a book names, in its order; None where one is missing or another."""
    came = {one.pepper_id: _bytes(one.secret) for one in told.peppers}
    found = [(named.pepper_id, came.get(named.pepper_id, b"")) for named in head.peppers]
    right = (
        len(pepper) == PEPPER_BYTES and hmac.compare_digest(check_of(pepper), named.check)
        for (_, pepper), named in zip(found, head.peppers, strict=True)
    )
    return tuple(found) if all(right) else None


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
