"""The codes the kiosk knows. Parsing says what a text is; it looks nothing up."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class SignedReturn:
    """`RK1:` + Base45(COSE_Sign1): the envelope's bytes, not yet verified."""

    cose: bytes


@dataclass(frozen=True, slots=True)
class ShortCode:
    """Eight characters of Crockford Base32, the last one a check character; stored upper case,
    without separators, look-alikes folded."""

    text: str


@dataclass(frozen=True, slots=True)
class OrderLookup:
    """Typed by the shopper; both normalised (upper case, letters and digits only)."""

    order_number: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class BagCode:
    """A bag's licence plate."""

    bag_id: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that is none of ours, and why; `kind` is a short word for the log, never the text."""

    reason: Reason
    kind: str = ""


Code = SignedReturn | ShortCode | OrderLookup | BagCode
