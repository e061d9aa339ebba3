"""Why an offered bundle is not taken: a closed list, told as the cause of PolicyRejected."""

from __future__ import annotations

from enum import StrEnum


class BundleFault(StrEnum):
    """One word a cause; the old bundle goes on serving whatever it is."""

    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    REVOKED_KEY = "revoked_key"
    KEY_NOT_VALID = "key_not_valid"  # not yet, or no more
    UNREADABLE = "unreadable"  # cut, or not what its name and the manifest say
    WRONG_TENANT = "wrong_tenant"
    WRONG_SCOPE = "wrong_scope"  # for other kiosks
    ROLLBACK = "rollback"
    NUMBER_REUSED = "number_reused"  # the number in force, with other content
    EXPIRED = "expired"
    FROM_THE_FUTURE = "from_the_future"
    CLIENT_TOO_OLD = "client_too_old"
    INCOMPLETE = "incomplete"  # a file the kiosk needs is not named
    NAMED_TWICE = "named_twice"
    BAD_NAME = "bad_name"  # a file, or its hash, is named as none of ours ever is
    WRONG_BASE = "wrong_base"  # deltas that do not lead from our bundle to this one
    TOO_LARGE = "too_large"
    BOMB = "bomb"  # unpacks, nests or counts beyond what is allowed
    WRONG_HASH = "wrong_hash"


class Broken(Exception):
    """A file turned out bad while it was read; nothing of it may come into force."""

    def __init__(self, fault: BundleFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


__all__ = ["Broken", "BundleFault"]
