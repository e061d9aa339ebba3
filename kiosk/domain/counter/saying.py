"""Why the counter refuses, and what to do next: closed codes, never sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Because(StrEnum):
    """Every reason of a refusal. A comment names the values that its sentence needs."""

    # parcels
    PARCEL_UNKNOWN = "parcel_unknown"
    PARCEL_NOT_HERE_YET = "parcel_not_here_yet"
    PARCEL_ALREADY_HERE = "parcel_already_here"  # shelf
    PARCEL_WAS_REFUSED = "parcel_was_refused"
    PARCEL_ON_SHELF = "parcel_on_shelf"
    PARCEL_COLLECTED = "parcel_collected"
    PARCEL_DECLINED = "parcel_declined"
    PARCEL_EXPIRED = "parcel_expired"
    PARCEL_MISSING = "parcel_missing"  # shelf
    PARCEL_GOES_BACK = "parcel_goes_back"
    PARCEL_GONE_BACK = "parcel_gone_back"
    NOTHING_SCANNED = "nothing_scanned"
    SCANNED_TWICE = "scanned_twice"  # number
    WRONG_PARCEL = "wrong_parcel"  # number, shelf
    NO_LATER = "no_later"  # until
    EXTENDED_ENOUGH = "extended_enough"  # times
    # shelves
    SHELF_UNKNOWN = "shelf_unknown"  # shelf
    SHELF_FULL = "shelf_full"  # shelf, room
    SHELF_NOT_FOR_THIS = "shelf_not_for_this"  # shelf
    # proof and codes
    PROOF_MISSING = "proof_missing"  # proof, age or documents where it asks for one
    PROXY_NOT_ALLOWED = "proxy_not_allowed"  # carrier
    CODE_NOT_GOOD = "code_not_good"  # wrong, unknown, used and expired alike
    TOO_MANY_TRIES = "too_many_tries"  # seconds
    # bags
    BAG_UNKNOWN = "bag_unknown"
    BAG_ALREADY_TAKEN = "bag_already_taken"
    BAG_NOT_CONTAINED = "bag_not_contained"
    BAG_CONTAINED = "bag_contained"  # container
    BAG_GONE = "bag_gone"
    BAG_VOIDED = "bag_voided"
    ALREADY_IN_IT = "already_in_it"  # container
    NOT_TODAY = "not_today"  # on
    # containers
    CONTAINER_UNKNOWN = "container_unknown"
    CONTAINER_NOT_OPEN = "container_not_open"
    CONTAINER_ALREADY_OPEN = "container_already_open"
    CONTAINER_CLOSED = "container_closed"
    CONTAINER_ON_MANIFEST = "container_on_manifest"
    CONTAINER_GONE = "container_gone"
    CONTAINER_DAMAGED = "container_damaged"
    CONTAINER_LOST = "container_lost"
    CONTAINER_FULL = "container_full"  # holds
    CONTAINER_EMPTY = "container_empty"
    PLATE_IN_USE = "plate_in_use"  # plate
    OTHER_CARRIER = "other_carrier"  # carrier
    SEAL_USED = "seal_used"  # seal
    SEAL_MISSING = "seal_missing"
    # manifests
    MANIFEST_UNKNOWN = "manifest_unknown"
    MANIFEST_DRAFT = "manifest_draft"
    MANIFEST_READY = "manifest_ready"
    MANIFEST_SIGNED = "manifest_signed"
    MANIFEST_ACKNOWLEDGED = "manifest_acknowledged"
    MANIFEST_SETTLED = "manifest_settled"
    MANIFEST_VOIDED = "manifest_voided"
    MANIFEST_EMPTY = "manifest_empty"
    NOT_ON_MANIFEST = "not_on_manifest"  # what
    NOT_WAITING = "not_waiting"  # what
    SIGNATURE_MISSING = "signature_missing"  # of
    # people
    REASON_MISSING = "reason_missing"
    NOT_ALLOWED = "not_allowed"
    # the machine
    NOT_RECORDED = "not_recorded"  # the disk took nothing of it


class Then(StrEnum):
    """The one next step that a refusal names."""

    RECEIVE_IT = "receive_it"
    SHELVE_IT = "shelve_it"
    PUT_IT_BACK = "put_it_back"
    SCAN_AGAIN = "scan_again"
    SCAN_SHELF = "scan_shelf"
    OTHER_SHELF = "other_shelf"
    HAND_IT_OUT = "hand_it_out"
    EXTEND_OR_STAGE = "extend_or_stage"
    STAGE_IT = "stage_it"
    LOOK_FOR_IT = "look_for_it"
    GIVE_TO_DRIVER = "give_to_driver"
    ASK_CARRIER = "ask_carrier"
    ASK_PROOF = "ask_proof"
    ASK_CODE = "ask_code"
    ASK_SUPERVISOR = "ask_supervisor"
    ASK_CENTRE = "ask_centre"
    WAIT = "wait"
    TRY_AGAIN_OR_ASK = "try_again_or_ask"
    TAKE_THE_DROP = "take_the_drop"
    CONTAIN_IT = "contain_it"
    OTHER_BAG = "other_bag"
    OPEN_CONTAINER = "open_container"
    CLOSE_CONTAINER = "close_container"
    REOPEN_CONTAINER = "reopen_container"
    OTHER_CONTAINER = "other_container"
    OTHER_SEAL = "other_seal"
    VOID_MANIFEST = "void_manifest"
    NEW_MANIFEST = "new_manifest"
    READY_MANIFEST = "ready_manifest"
    SIGN_MANIFEST = "sign_manifest"
    GIVE_REASON = "give_reason"
    NOTHING_TO_DO = "nothing_to_do"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not done: why, and the next step. Values are str or int and survive JSON unchanged."""

    because: Because
    then: Then
    values: dict[str, str | int] = field(default_factory=dict, hash=False)


NOT_RECORDED = Refused(Because.NOT_RECORDED, Then.TRY_AGAIN_OR_ASK)
"""The answer where the disk took nothing of it: then it was not done."""
