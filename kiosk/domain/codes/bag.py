"""The bag's licence plate: `TB`, ten digits, a check character over the digits."""

from __future__ import annotations

from kiosk.domain.codes import plate
from kiosk.domain.codes.model import BagCode, Unreadable
from kiosk.domain.codes.presented import Presented


def bag_code(number: int) -> str:
    """A bag's number, 0 to 9,999,999,999, as its licence plate. ValueError outside."""
    return plate.plate(plate.BAG, number)


def parse(presented: Presented) -> BagCode | Unreadable | None:
    found = plate.read(presented, plate.BAG)
    return BagCode(found) if isinstance(found, str) else found
