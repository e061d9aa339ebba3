"""What goes wrong, and when: a few of each kind, at fixed places of the story."""

from __future__ import annotations

from collections import Counter
from enum import Enum, auto


class Fault(Enum):
    NOT_CONTAINED = auto()  # a bag is in no container
    CONTAINED_LATE = auto()  # and turns up two days later: the centre settles that itself
    STRANGE_BAG = auto()  # in a container, and nobody dropped it
    CONTAINER_LOST = auto()  # the carrier has it, the hub does not
    BAGS_DIFFER = auto()  # the carrier counts one bag less than the shop
    UNITS_DIFFER = auto()  # the hub takes less out of a bag than went in
    UNKNOWN_PARCEL = auto()  # at the hub, and nobody sent it
    REFUND_MORE = auto()
    REFUND_LESS = auto()
    NOT_REFUNDED = auto()
    DUPLICATE = auto()  # the same goods at two kiosks, one of them offline
    WRONG_VERDICT = auto()  # a kiosk leaves out a fee
    NUMBER_SKIPPED = auto()
    UNREADABLE = auto()  # a record that is none
    NO_PHOTO = auto()  # named, and never sent
    OFFLINE = auto()  # a kiosk is cut off for three days


_PER_CENT: dict[Fault, tuple[int, ...]] = {
    Fault.NOT_CONTAINED: (14, 82),
    Fault.CONTAINED_LATE: (38,),
    Fault.STRANGE_BAG: (24, 76),
    Fault.CONTAINER_LOST: (31, 66),
    Fault.BAGS_DIFFER: (42, 86),
    Fault.UNITS_DIFFER: (21, 55, 79),
    Fault.UNKNOWN_PARCEL: (35, 84),
    Fault.REFUND_MORE: (28, 72),
    Fault.REFUND_LESS: (10, 34),
    Fault.NOT_REFUNDED: (6, 39),
    Fault.DUPLICATE: (26, 90),
    Fault.WRONG_VERDICT: (60, 93),
    Fault.NUMBER_SKIPPED: (50,),
    Fault.UNREADABLE: (45, 92),
    Fault.NO_PHOTO: (88,),
    Fault.OFFLINE: (52,),
}
"""How much of the time is over then."""


class Faults:
    """Which of them wait for somebody whom they fit; each happens once."""

    def __init__(self, days: int) -> None:
        self._at = [
            (days * percent // 100, fault)
            for fault, places in _PER_CENT.items()
            for percent in places
        ]
        self._due: Counter[Fault] = Counter()

    def day(self, number: int) -> None:
        """A new day; days count from 0."""
        self._due.update(fault for at, fault in self._at if at == number)

    def happens(self, fault: Fault) -> bool:
        """Whether it is its turn: then it is over with this question."""
        if not self._due[fault]:
            return False
        self._due[fault] -= 1
        return True
