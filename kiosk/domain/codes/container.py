"""The licence plate of a tote, cage or pallet: `TC`, ten digits, a check character over both."""

from __future__ import annotations

from kiosk.domain.codes import plate
from kiosk.domain.codes.model import ContainerCode, Unreadable
from kiosk.domain.codes.presented import Presented


def container_code(number: int) -> str:
    """A container's number, 0 to 9,999,999,999, as its licence plate. ValueError outside."""
    return plate.plate(plate.CONTAINER, number)


def parse(presented: Presented) -> ContainerCode | Unreadable | None:
    found = plate.read(presented, plate.CONTAINER)
    return ContainerCode(found) if isinstance(found, str) else found
