"""The codes the kiosk knows. Parsing says what a text is; it looks nothing up."""

from __future__ import annotations

from dataclasses import dataclass, field

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
class ShelfCode:
    """The label of a place where parcels lie, as its site names it."""

    shelf_id: str


@dataclass(frozen=True, slots=True)
class ContainerCode:
    """The licence plate of a tote, cage or pallet that holds bags."""

    container_id: str


@dataclass(frozen=True, slots=True)
class SealCode:
    """The number of a seal on a container."""

    seal_id: str


@dataclass(frozen=True, slots=True)
class BadgeCode:
    """A staff badge: whoever holds it has the secret, so it is never shown or logged."""

    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PickUpCode:
    """A recipient's secret for the parcels that wait; never shown or logged."""

    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """Where a new kiosk reports to (an https address) and its one-time secret."""

    centre_url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Gs1:
    """GS1 data whose check digits hold: application identifiers and values in their order.

    A retail barcode (EAN, UPC) is one element `01`, padded to fourteen digits.
    """

    elements: tuple[tuple[str, str], ...]

    def get(self, ai: str) -> str:
        """The first value under an application identifier, "" where there is none."""
        return next((value for key, value in self.elements if key == ai), "")


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
class CarrierLabel:
    """A carrier's label: every reading that is valid, best first, at least one. Two readings are
    two possibilities; who must know asks, and never takes the first for the truth."""

    readings: tuple[Tracking, ...]


@dataclass(frozen=True, slots=True)
class ThirdPartyReturn:
    """Another network's return code: an opaque secret that fits a configured form. `form` names
    the form; the secret is only ever compared, hashed."""

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
