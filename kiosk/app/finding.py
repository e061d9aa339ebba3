"""From what was presented to the authorisation it names, or why there is none."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.domain import codes
from kiosk.domain.codes.model import (
    BadgeCode,
    BagCode,
    CarrierLabel,
    Code,
    ContainerCode,
    EnrolmentCode,
    Gs1,
    OrderLookup,
    PickUpCode,
    RoundCode,
    SealCode,
    ShelfCode,
    ShortCode,
    SignedReturn,
    ThirdPartyReturn,
    Unreadable,
)
from kiosk.domain.codes.third_party import ThirdPartyForm, fingerprint
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.returns import Authorisation, AuthorisationState
from kiosk.domain.visit import IdentifiedBy, TypedOrder
from kiosk.ports import Scanned
from kiosk.seal.codes import ReturnClaims
from kiosk.seal.keys import SigningKey

if TYPE_CHECKING:
    from kiosk.store.policy_file import ActivePolicy

DIGEST_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Found:
    """The return that was named. `code_id` is the signed code's single-use id or a third party's
    fingerprint, "" otherwise."""

    authorisation: Authorisation
    by: IdentifiedBy
    code_id: str


def read(
    presented: Scanned | str | TypedOrder, forms: Sequence[ThirdPartyForm]
) -> Code | Unreadable:
    match presented:
        case Scanned(text=text, raw=raw, aim=aim):
            return codes.parse(text, raw, aim, forms)
        case str():
            return codes.parse_short(presented)
        case TypedOrder(order_number=order_number, postal_code=postal_code):
            return codes.parse_order(order_number, postal_code)
        case _:
            assert_never(presented)


def way_of(code: Code) -> IdentifiedBy | None:
    """How this code names a return; None where it names none."""
    match code:
        case SignedReturn():
            return IdentifiedBy.SIGNED
        case ShortCode():
            return IdentifiedBy.SHORT
        case OrderLookup():
            return IdentifiedBy.ORDER
        case ThirdPartyReturn():
            return IdentifiedBy.THIRD_PARTY
        case (
            BagCode()
            | ShelfCode()
            | ContainerCode()
            | SealCode()
            | BadgeCode()
            | PickUpCode()
            | RoundCode()
            | EnrolmentCode()
            | Gs1()
            | CarrierLabel()
        ):
            return None
        case _:
            assert_never(code)


def digest(code: Code, pepper: bytes) -> str:
    """Recognises a code that comes again; "" for what names no return, which is never recorded.

    A signed code has more in it than anybody can try out. All others are few enough to be tried
    against a plain hash by whoever reads the ledger, so `pepper`, a secret of this kiosk that is
    no part of the ledger, goes in.
    """
    match code:
        case SignedReturn(cose=data):
            return hashlib.sha256(data).hexdigest()[:DIGEST_CHARACTERS]
        case ShortCode(text=text):
            data = b"short\0" + text.encode()
        case OrderLookup(order_number=number, postal_code=postal):
            data = f"order\0{number}\0{postal}".encode()
        case ThirdPartyReturn(form=form, secret=secret):
            data = f"third_party\0{form}\0".encode() + secret
        case _:
            return ""
    return hmac.new(pepper, data, hashlib.sha256).hexdigest()[:DIGEST_CHARACTERS]


def pepper_of(key: SigningKey) -> bytes:
    """The kiosk's own secret for `digest`: from its private key (HKDF's extract step, RFC 5869),
    which lies in a file of its own and never travels."""
    return hmac.new(b"takeback code digest v1", key.private, hashlib.sha256).digest()


def find(
    code: Code, policy: ActivePolicy, now: datetime, dropped: Callable[[Authorisation], bool]
) -> Found | Reason:
    """`dropped` tells whether nothing is left of a return; it settles which of an order's
    returns is meant."""
    match code:
        case SignedReturn(cose=data):
            return _signed(data, policy, now)
        case ShortCode(text=text):
            return _found(policy.find_short(text), IdentifiedBy.SHORT)
        case OrderLookup(order_number=number, postal_code=postal):
            several = policy.find_orders(number, postal)
            return _found(_one_of(several, dropped), IdentifiedBy.ORDER)
        case ThirdPartyReturn():
            return _third_party(code, policy)
        case (
            BagCode()
            | ShelfCode()
            | ContainerCode()
            | SealCode()
            | BadgeCode()
            | PickUpCode()
            | RoundCode()
            | EnrolmentCode()
            | Gs1()
            | CarrierLabel()
        ):
            return Reason(Why.CODE_NOT_A_RETURN)
        case _:
            assert_never(code)


def _third_party(code: ThirdPartyReturn, policy: ActivePolicy) -> Found | Reason:
    """Looked up by its fingerprint; what it says inside is nobody's business here."""
    print_ = fingerprint(code.form, code.secret, _unhexed(policy.content.code_pepper))
    if print_ in policy.revoked_codes:
        return Reason(Why.RETURN_CANCELLED)
    authorisation = policy.find_third_party(print_)
    if authorisation is None:
        return Reason(Why.RETURN_NOT_HERE, {"network": code.form})
    return Found(authorisation, IdentifiedBy.THIRD_PARTY, print_)


def _unhexed(pepper: str) -> bytes:
    """Under a pepper that is none, no fingerprint is found, and nothing breaks."""
    try:
        return bytes.fromhex(pepper)
    except ValueError:
        return b""


def _signed(data: bytes, policy: ActivePolicy, now: datetime) -> Found | Reason:
    claims = policy.pinned.verify(data, policy.content.audience, now)
    match claims:
        case Reason():
            return claims
        case ReturnClaims():
            pass
        case _:
            assert_never(claims)
    if claims.code_id in policy.revoked_codes:
        return Reason(Why.RETURN_CANCELLED)
    authorisation = policy.find_return(claims.return_id)
    if authorisation is None:
        return Reason(Why.RETURN_UNKNOWN)
    if authorisation.merchant_id != claims.issuer:  # no merchant signs for another's returns
        return Reason(Why.CODE_FORGED)
    return Found(authorisation, IdentifiedBy.SIGNED, claims.code_id)


def _found(authorisation: Authorisation | None, by: IdentifiedBy) -> Found | Reason:
    return Reason(Why.RETURN_UNKNOWN) if authorisation is None else Found(authorisation, by, "")


def _one_of(
    several: tuple[Authorisation, ...], dropped: Callable[[Authorisation], bool]
) -> Authorisation | None:
    """One merchant's returns of an order come one after the other; two merchants that happen to
    use the same number are never guessed between."""
    if len({authorisation.merchant_id for authorisation in several}) != 1:
        return None
    good = (a for a in several if a.state is AuthorisationState.AUTHORISED and not dropped(a))
    return next(good, several[0])


def standing(authorisation: Authorisation, timezone: str, now: datetime) -> Reason | None:
    """Why the merchant's permission does not hold now; None where it does."""
    match authorisation.state:
        case AuthorisationState.AUTHORISED:
            ends = authorisation.expires_at
            if ends is None or now < ends:
                return None
            return Reason(Why.RETURN_EXPIRED, {"expired_on": local_day(ends, timezone).isoformat()})
        case AuthorisationState.EXPIRED:
            on = local_day(authorisation.expires_at or now, timezone)
            return Reason(Why.RETURN_EXPIRED, {"expired_on": on.isoformat()})
        case AuthorisationState.CANCELLED:
            return Reason(Why.RETURN_CANCELLED)
        case (
            AuthorisationState.REQUESTED
            | AuthorisationState.IN_REVIEW
            | AuthorisationState.REJECTED
            | AuthorisationState.CLOSED
        ):
            return Reason(Why.RETURN_NOT_AUTHORISED)
        case _:
            assert_never(authorisation.state)


def local_day(moment: datetime, timezone: str) -> date:
    """The calendar day there; in UTC where the zone is unknown to this machine."""
    try:
        return moment.astimezone(ZoneInfo(timezone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return moment.astimezone(UTC).date()
