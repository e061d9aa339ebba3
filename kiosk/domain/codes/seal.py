"""The number of a seal: `TZ`, ten digits, a check character over both."""

from __future__ import annotations

from kiosk.domain.codes import plate
from kiosk.domain.codes.model import SealCode, Unreadable
from kiosk.domain.codes.presented import Presented


def seal_code(number: int) -> str:
    """A seal's number, 0 to 9,999,999,999, as its code. ValueError outside."""
    return plate.plate(plate.SEAL, number)


def parse(presented: Presented) -> SealCode | Unreadable | None:
    found = plate.read(presented, plate.SEAL)
    return SealCode(found) if isinstance(found, str) else found
