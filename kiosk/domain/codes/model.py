"""The codes the kiosk knows. Parsing says what a text is; it looks nothing up.

The one place that lists them: a new kind of code is a class here, a line in `Code`, and its
parser among the families of `kiosk.domain.codes`. Whoever acts on codes matches `Code` and is
told by the type checker.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from kiosk.domain.reasons import Reason


class _Told:
    """What every code says of itself: `family`, its kind as people and commands call it; `number`,
    what may be shown of it; `hidden`, whether that is nothing at all."""

    __slots__ = ()
    family: ClassVar[str]
    hidden: ClassVar[bool] = False

    @property
    def number(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class SignedReturn(_Told):
    """`RK1:` + Base45(COSE_Sign1): the envelope's bytes, not yet verified."""

    family = "signed_return"
    hidden = True
    cose: bytes


@dataclass(frozen=True, slots=True)
class ShortCode(_Told):
    """Eight characters of Crockford Base32, the last one a check character; stored upper case,
    without separators, look-alikes folded."""

    family = "short_code"
    text: str

    @property
    def number(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class OrderLookup(_Told):
    """Typed by the shopper; both normalised (upper case, letters and digits only)."""

    family = "order"
    order_number: str
    postal_code: str

    @property
    def number(self) -> str:
        return self.order_number


@dataclass(frozen=True, slots=True)
class BagCode(_Told):
    """A bag's licence plate."""

    family = "bag"
    bag_id: str

    @property
    def number(self) -> str:
        return self.bag_id


@dataclass(frozen=True, slots=True)
class ShelfCode(_Told):
    """The label of a place where parcels lie, as its site names it."""

    family = "shelf"
    shelf_id: str

    @property
    def number(self) -> str:
        return self.shelf_id


@dataclass(frozen=True, slots=True)
class ContainerCode(_Told):
    """The licence plate of a tote, cage or pallet that holds bags."""

    family = "container"
    container_id: str

    @property
    def number(self) -> str:
        return self.container_id


@dataclass(frozen=True, slots=True)
class SealCode(_Told):
    """The number of a seal on a container."""

    family = "seal"
    seal_id: str

    @property
    def number(self) -> str:
        return self.seal_id


@dataclass(frozen=True, slots=True)
class BadgeCode(_Told):
    """A staff badge: whoever holds it has the secret, so it is never shown or logged."""

    family = "badge"
    hidden = True
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PickUpCode(_Told):
    """A recipient's secret for the parcels that wait; never shown or logged."""

    family = "pick_up"
    hidden = True
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoundCode(_Told):
    """A driver's round: whose it is, by the carrier's key (kiosk.domain.codes.round), and how many
    parcels it brings and pieces it fetches by the driver's own books; None where these do not
    say. No secret and no proof."""

    family = "round"
    carrier_key: str
    round_id: str
    brings: int | None = None
    fetches: int | None = None

    @property
    def number(self) -> str:
        return f"{self.carrier_key} {self.round_id}"


@dataclass(frozen=True, slots=True)
class EnrolmentCode(_Told):
    """Where a new kiosk reports to (an https address) and its one-time secret."""

    family = "enrolment"
    hidden = True
    centre_url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Gs1(_Told):
    """GS1 data whose check digits hold: application identifiers and values in their order.

    A retail barcode (EAN, UPC) is one element `01`, padded to fourteen digits.
    """

    family = "gs1"
    elements: tuple[tuple[str, str], ...]

    def get(self, ai: str) -> str:
        """The first value under an application identifier, "" where there is none."""
        return next((value for key, value in self.elements if key == ai), "")

    @property
    def number(self) -> str:
        """The transport unit, else the item, else what comes first."""
        return self.get("00") or self.get("01") or self.elements[0][1]


@dataclass(frozen=True, slots=True)
class Tracking:
    """One reading of a number: whose it may be. `number` is what that carrier tracks by;
    `service` is "" where the number does not tell. Not `valid`: it has the form and fails the
    carrier's own check."""

    carrier: str
    service: str
    number: str
    valid: bool = True


@dataclass(frozen=True, slots=True)
class CarrierLabel(_Told):
    """A carrier's label: every reading that is valid, best first, at least one. Two readings are
    two possibilities; who must know asks, and never takes the first for the truth."""

    family = "carrier"
    readings: tuple[Tracking, ...]


@dataclass(frozen=True, slots=True)
class ThirdPartyReturn(_Told):
    """Another network's return code: an opaque secret that fits a configured form. `form` names
    the form; the secret is only ever compared, hashed."""

    family = "third_party"
    hidden = True
    form: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that is none of ours, and why; `kind` is a short word for the log, never the text."""

    reason: Reason
    kind: str = ""


Code = (
    SignedReturn
    | ShortCode
    | OrderLookup
    | BagCode
    | ShelfCode
    | ContainerCode
    | SealCode
    | BadgeCode
    | PickUpCode
    | RoundCode
    | EnrolmentCode
    | Gs1
    | CarrierLabel
    | ThirdPartyReturn
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a text may be, for whoever looks at it. `family` names the kind of code (`carrier`,
    `gs1`, `bag` ...); not `valid` where it has the form and fails its own check. `number` is ""
    for secrets."""

    family: str
    carrier: str
    service: str
    number: str
    valid: bool
