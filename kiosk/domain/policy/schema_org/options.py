"""What the page does not say and a person may tell the import."""

from __future__ import annotations

from dataclasses import dataclass

DEFECTS = ("faulty", "defective", "damaged")


@dataclass(frozen=True, slots=True)
class Options:
    """`defects` are the merchant's reason codes for goods with a defect; all others are the
    shopper's change of mind. `at_kiosk`: the merchant takes returns at kiosks whether its page
    says so or not. `whole_shop`: what the page says of one product holds for all."""

    defects: tuple[str, ...] = DEFECTS
    at_kiosk: bool = False
    whole_shop: bool = False
