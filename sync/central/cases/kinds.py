"""What a case can be about, and how each kind can end: two closed lists.

A new kind is named here; the pages ask for its words, and a test for its ways to end.
"""

from __future__ import annotations

from enum import StrEnum, unique
from typing import Final


@unique
class Kind(StrEnum):
    DUPLICATE_DROP = "duplicate_drop"  # more was brought than was authorised
    VERDICT_DIFFERS = "verdict_differs"  # the centre judges a drop otherwise than its kiosk
    MISSING = "missing"  # promised, and not seen where it should be by now
    EXTRA = "extra"  # seen, and never promised
    COUNT_DIFFERS = "count_differs"
    VALUE_DIFFERS = "value_differs"
    LATE_UPLOAD = "late_upload"  # told for a day whose books are closed
    UNKNOWN_PARCEL = "unknown_parcel"
    PHOTO_LATE = "photo_late"
    PHOTO_LOST = "photo_lost"  # its kiosk cannot read it any more
    QUARANTINED_EVENT = "quarantined_event"  # a record that could not be used
    CLASH = "clash"  # one id, two contents
    SEQUENCE_GAP = "sequence_gap"
    FORK = "fork"  # a kiosk began its records again
    STORE_MENDED = "store_mended"  # a kiosk may have lost records
    COUNTER_CONFLICT = "counter_conflict"  # what two counters did cannot both be so
    PARCEL_MISSING = "parcel_missing"  # not where it should lie, at a counter
    LEFT_BEHIND = "left_behind"  # in a container that went without it
    WEBHOOK_DEAD = "webhook_dead"  # what a shop should be told does not get through


@unique
class Resolution(StrEnum):
    FIRST_ONLY = "first_only"  # the first drop's refund stands, no other is paid
    BOTH_RIGHT = "both_right"  # two real units: both are paid
    KIOSK_STANDS = "kiosk_stands"  # what the shopper was promised is kept
    CENTRE_STANDS = "centre_stands"  # the centre's verdict is carried out
    TOLD_MERCHANT = "told_merchant"  # the merchant decides and was told
    FOUND = "found"  # the goods, the record or the photograph turned up
    CLAIMED = "claimed"  # whoever lost it was asked to pay
    WRITTEN_OFF = "written_off"
    BOOKED = "booked"  # taken into the books by hand
    SENT_ON = "sent_on"  # given to whom it belongs
    NO_EFFECT = "no_effect"  # looked at; nothing follows
    KIOSK_MENDED = "kiosk_mended"
    KIOSK_REVOKED = "kiosk_revoked"
    CAUSE_GONE = "cause_gone"  # by the centre itself: later facts explain it


_GOODS: Final = (Resolution.FOUND, Resolution.CLAIMED, Resolution.WRITTEN_OFF)
_NUMBERS: Final = (
    Resolution.FOUND,
    Resolution.BOOKED,
    Resolution.CLAIMED,
    Resolution.WRITTEN_OFF,
)
_RECORDS: Final = (Resolution.BOOKED, Resolution.NO_EFFECT, Resolution.KIOSK_MENDED)
_KIOSK: Final = (Resolution.KIOSK_MENDED, Resolution.KIOSK_REVOKED, Resolution.NO_EFFECT)

RESOLUTIONS: Final[dict[Kind, tuple[Resolution, ...]]] = {
    Kind.DUPLICATE_DROP: (
        Resolution.FIRST_ONLY,
        Resolution.BOTH_RIGHT,
        Resolution.TOLD_MERCHANT,
    ),
    Kind.VERDICT_DIFFERS: (
        Resolution.KIOSK_STANDS,
        Resolution.CENTRE_STANDS,
        Resolution.TOLD_MERCHANT,
    ),
    Kind.MISSING: (*_GOODS, Resolution.TOLD_MERCHANT),
    Kind.EXTRA: (Resolution.BOOKED, Resolution.SENT_ON, Resolution.TOLD_MERCHANT),
    Kind.COUNT_DIFFERS: _NUMBERS,
    Kind.VALUE_DIFFERS: (*_NUMBERS, Resolution.TOLD_MERCHANT),
    Kind.LATE_UPLOAD: (Resolution.BOOKED, Resolution.NO_EFFECT),
    Kind.UNKNOWN_PARCEL: (Resolution.BOOKED, Resolution.SENT_ON, Resolution.NO_EFFECT),
    Kind.PHOTO_LATE: (Resolution.FOUND, Resolution.WRITTEN_OFF, Resolution.NO_EFFECT),
    Kind.PHOTO_LOST: (Resolution.FOUND, Resolution.WRITTEN_OFF, Resolution.NO_EFFECT),
    Kind.QUARANTINED_EVENT: _RECORDS,
    Kind.CLASH: _RECORDS,
    Kind.SEQUENCE_GAP: (Resolution.FOUND, *_RECORDS),
    Kind.FORK: _KIOSK,
    Kind.STORE_MENDED: (Resolution.BOOKED, *_KIOSK),
    Kind.COUNTER_CONFLICT: (
        Resolution.FOUND,
        Resolution.CLAIMED,
        Resolution.WRITTEN_OFF,
        Resolution.SENT_ON,
        Resolution.NO_EFFECT,
    ),
    Kind.PARCEL_MISSING: _GOODS,
    Kind.LEFT_BEHIND: (*_GOODS, Resolution.SENT_ON),
    Kind.WEBHOOK_DEAD: (Resolution.TOLD_MERCHANT, Resolution.NO_EFFECT),
}
"""What a person may settle a case of each kind with. CAUSE_GONE is the centre's own."""
