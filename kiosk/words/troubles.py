"""What is limited at the moment, and the one thing a shopper does about it."""

from __future__ import annotations

from typing import assert_never

from kiosk.ports import Trouble
from kiosk.words.voice import Voice


def sentence(w: Voice, trouble: Trouble) -> str:
    """One plain sentence, at most twelve words."""
    match trouble:
        case Trouble.OFFLINE:
            return w.t("This kiosk works without a connection right now.")
        case Trouble.POLICY_STALE:
            return w.t("This kiosk waits for newer return rules.")
        case Trouble.POLICY_EXPIRED:
            return w.t("The return rules of this kiosk are too old.")
        case Trouble.POLICY_MISSING:
            return w.t("This kiosk has no return rules yet.")
        case Trouble.PAPER_LOW:
            return w.t("The receipt paper is nearly used up.")
        case Trouble.PAPER_OUT:
            return w.t("There is no receipt paper right now.")
        case Trouble.PRINTER_SILENT:
            return w.t("The receipt printer does not answer right now.")
        case Trouble.PRINTER_ABSENT:
            return w.t("There is no receipt printer right now.")
        case Trouble.SCANNER_ABSENT:
            return w.t("This kiosk cannot scan codes right now.")
        case Trouble.SCANNER_COVERED:
            return w.t("The camera cannot see anything right now.")
        case Trouble.STORE_FULL:
            return w.t("The memory of this kiosk is nearly full.")
        case Trouble.STORE_FAILED:
            return w.t("This kiosk cannot save returns right now.")
        case Trouble.PHOTOS_FULL:
            return w.t("This kiosk cannot keep more photos right now.")
        case Trouble.PHOTOS_ASIDE:
            return w.t("The centre does not know some photos of this kiosk.")
        case Trouble.RECORDS_ASIDE:
            return w.t("The centre could not use some records of this kiosk.")
        case Trouble.BACKUP_FAILED:
            return w.t("The last copy of this kiosk’s records failed.")
        case Trouble.STORE_MENDED:
            return w.t("The records of this kiosk were damaged and are whole again.")
        case Trouble.STORE_GAPS:
            return w.t("The records of this kiosk were damaged; some may be missing.")
        case Trouble.CLOCK_JUMPED:
            return w.t("This kiosk checks its clock.")
        case Trouble.REVOKED:
            return w.t("This kiosk takes no returns any more.")
        case Trouble.NOT_ENROLLED:
            return w.t("This kiosk is not set up yet.")
        case _:
            assert_never(trouble)


def step(w: Voice, trouble: Trouble) -> str:
    """One plain instruction, at most twelve words."""
    match trouble:
        case Trouble.OFFLINE:
            return w.t("You can go on. The refund is confirmed later.")
        case (
            Trouble.POLICY_STALE
            | Trouble.PAPER_LOW
            | Trouble.STORE_FULL
            | Trouble.STORE_MENDED
            | Trouble.STORE_GAPS
            | Trouble.PHOTOS_FULL
            | Trouble.PHOTOS_ASIDE
            | Trouble.RECORDS_ASIDE
            | Trouble.BACKUP_FAILED
            | Trouble.CLOCK_JUMPED
        ):
            return w.t("You can go on as usual.")
        case Trouble.PAPER_OUT | Trouble.PRINTER_SILENT | Trouble.PRINTER_ABSENT:
            return w.t("You can go on. Photograph the receipt on the screen.")
        case Trouble.SCANNER_ABSENT:
            return w.t("Touch “No code?” and type your code.")
        case Trouble.SCANNER_COVERED:
            return w.t("Please clear the camera, or type your code.")
        case (
            Trouble.POLICY_EXPIRED
            | Trouble.POLICY_MISSING
            | Trouble.STORE_FAILED
            | Trouble.REVOKED
            | Trouble.NOT_ENROLLED
        ):
            return w.t("Please keep your items and ask a member of staff.")
        case _:
            assert_never(trouble)


def mend(w: Voice, trouble: Trouble) -> str:
    """What staff do about it beyond docs/operator.md's table; "" where the sentence says it."""
    match trouble:
        case Trouble.STORE_MENDED:
            return w.t("Nothing is missing. Have the disk of the kiosk looked at.")
        case Trouble.STORE_GAPS:
            return w.t("Compare the bags in the kiosk with its drops. Replace the disk.")
        case Trouble.PHOTOS_ASIDE:
            return w.t("Look at the cases of this kiosk. The photos are kept for now.")
        case Trouble.RECORDS_ASIDE:
            return w.t("Look at the cases of this kiosk. Nothing of it is lost.")
        case Trouble.BACKUP_FAILED:
            return w.t("Free space on its disk, or have the disk looked at.")
        case _:
            return ""
