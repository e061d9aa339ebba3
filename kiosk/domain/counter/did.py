"""What was just done at the counter, or is the case there: closed codes, never sentences.

`kiosk.words.counter.notes` makes a sentence of each in every language.
"""

from __future__ import annotations

from enum import StrEnum


class Did(StrEnum):
    """What was just done, or is the case. A comment names the values that its sentence needs."""

    SIGNED_IN = "signed_in"  # name
    SIGNED_OUT = "signed_out"
    PIN_CHOSEN = "pin_chosen"
    PIN_AGAIN = "pin_again"  # type it once more
    PINS_DIFFER = "pins_differ"
    UNLOCKED = "unlocked"  # name; their wrong PINs are forgiven
    RECEIVED = "received"  # number, shelf ("" for none)
    RECEIVED_UNKNOWN = "received_unknown"  # number, shelf; nobody announced it
    NOT_TAKEN = "not_taken"  # number, cause
    ALREADY_TAKEN = "already_taken"  # number, shelf; it was received and lies at the desk
    SEEN = "seen"  # number, shelf; a parcel that is here was scanned, shelf is where it lies
    SHELF_SEEN = "shelf_seen"  # shelf
    SHELVED = "shelved"  # number, shelf
    NEARLY_FULL = "nearly_full"  # where, count, room
    CODE_GOOD = "code_good"  # count
    MATCHED = "matched"  # number, left
    HANDED_OUT = "handed_out"  # count
    PROOF_EXPECTED = "proof_expected"
    FINISH_FIRST = "finish_first"  # parcels of another code are in hand
    APPROVED = "approved"  # name
    LICENCE_OVER = "licence_over"  # on; the licence that was scanned is no longer valid
    TOO_YOUNG = "too_young"  # born_by
    NOT_SIGNED = "not_signed"  # what is drawn is no signature yet
    SIGNATURE_NOT_KEPT = "signature_not_kept"
    NOT_SHOWN = "not_shown"  # what is asked was not shown: what asks for it stays here
    DECLINED = "declined"  # number
    MISSING_TOLD = "missing_told"  # number
    FOUND = "found"  # number
    EXTENDED = "extended"  # number, until
    STAGED = "staged"  # number, shelf
    DROP_TAKEN = "drop_taken"  # number, carrier
    DROP_UNSERVED = "drop_unserved"  # carrier; taken, but none of its drivers is known here
    DROP_VOIDED = "drop_voided"  # number
    DROP_KNOWN = "drop_known"  # number; it was taken before, and is still here
    BAG_UNTOLD = "bag_untold"  # number; nobody has told of its drop yet
    CONTAINED = "contained"  # what, container
    OPENED = "opened"  # container
    CLOSED = "closed"  # container, seal
    REOPENED = "reopened"  # container
    GOING = "going"  # what
    SEAL_EXPECTED = "seal_expected"  # container
    TOUCH_AGAIN = "touch_again"  # container; what is told of it cannot be taken back
    CONTAINER_DAMAGED = "container_damaged"  # container
    CONTAINER_LOST = "container_lost"  # container
    HANDED_OVER = "handed_over"  # containers, loose
    FETCHES_DIFFER = "fetches_differ"  # theirs, ours; the driver's own books say otherwise
    NOT_LISTED = "not_listed"  # the list was given up or signed elsewhere
    VOIDED = "voided"  # the manifest
    UNDONE = "undone"
    NOTHING_HERE = "nothing_here"  # what was scanned fits no job here
    PARCEL_EXPECTED = "parcel_expected"
    SHELF_EXPECTED = "shelf_expected"
    CONTAINER_EXPECTED = "container_expected"
    BADGE_EXPECTED = "badge_expected"
    BADGE_NOT_TYPED = "badge_not_typed"  # a badge is shown, never typed
    JOB_AGAIN = "job_again"  # name; what was laid aside is in hand again
    DONE = "done"  # what a second person signed for
    BROKE = "broke"  # a step failed: what was recorded stands, the rest is to be done again
    RETURN_HERE = "return_here"
    TRAINING_BEGAN = "training_began"
    TRAINING_ENDED = "training_ended"
