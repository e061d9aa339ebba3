"""What was just done at the counter: a short sentence for every `Did`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from kiosk.domain.counter.did import Did
from kiosk.words.voice import Voice

Values = Mapping[str, str | int]


def sentence(w: Voice, did: Did, values: Values) -> str:
    """At most twelve words. A value that did not come is left out; nothing fails for it."""
    shelf, container = _text(values, "shelf"), _text(values, "container")
    match did:
        case Did.SIGNED_IN:
            return w.t("Hello {name}.", name=_text(values, "name"))
        case Did.SIGNED_OUT:
            return w.t("You are signed out.")
        case Did.PIN_CHOSEN:
            return w.t("Your PIN is set.")
        case Did.PIN_AGAIN:
            return w.t("Type the same PIN once more.")
        case Did.UNLOCKED:
            return w.t("{name} can sign in again.", name=_text(values, "name"))
        case Did.PINS_DIFFER:
            return w.t("The two PINs differ. Begin again.")
        case Did.RECEIVED if shelf:
            return w.t("Received. It goes on {shelf}.", shelf=shelf)
        case Did.RECEIVED:
            return w.t("Received.")
        case Did.RECEIVED_UNKNOWN if shelf:
            return w.t("Received, though nobody announced it. It goes on {shelf}.", shelf=shelf)
        case Did.RECEIVED_UNKNOWN:
            return w.t("Received, though nobody announced it.")
        case Did.NOT_TAKEN:
            return w.t("Not taken. Give it back to the driver.")
        case Did.SEEN if shelf:
            return w.t("It lies on {shelf}.", shelf=shelf)
        case Did.SEEN:
            return w.t("It lies at the desk.")
        case Did.SHELF_SEEN:
            return w.t("This is {shelf}. Parcels that you scan go here.", shelf=shelf)
        case Did.SHELVED:
            return w.t("It lies on {shelf}.", shelf=shelf)
        case Did.NEARLY_FULL if not values.get("where"):
            return w.t(
                "The shelves are nearly full: {count} of {room}.",
                count=_number(values, "count"),
                room=_number(values, "room"),
            )
        case Did.NEARLY_FULL:
            return w.t(
                "{where} is nearly full: {count} of {room}.",
                where=_text(values, "where"),
                count=_number(values, "count"),
                room=_number(values, "room"),
            )
        case Did.CODE_GOOD:
            return w.t("The code is good. To fetch: {count}.", count=_number(values, "count"))
        case Did.MATCHED if _number(values, "left"):
            left = _number(values, "left")
            return w.t("The right one. Still to fetch: {left}.", left=left)
        case Did.MATCHED:
            return w.t("The right one. That is all.")
        case Did.HANDED_OUT:
            return w.t("Handed out: {count}.", count=_number(values, "count"))
        case Did.PROOF_EXPECTED:
            return w.t("First look at what must be shown.")
        case Did.FINISH_FIRST:
            return w.t("Finish with these parcels first.")
        case Did.APPROVED:
            return w.t("{name} approved it.", name=_text(values, "name"))
        case Did.LICENCE_OVER:
            return w.t("This licence ended on {on}.", on=w.day(_text(values, "on")))
        case Did.TOO_YOUNG:
            born = w.day(_text(values, "born_by"))
            return w.t("Too young: born by {born} is old enough.", born=born)
        case Did.NOT_SIGNED:
            return w.t("This is no signature yet.")
        case Did.SIGNATURE_NOT_KEPT:
            return w.t("The signature could not be saved. Sign again.")
        case Did.NOT_SHOWN:
            return w.t("Not shown. What asks for it stays here.")
        case Did.ALREADY_TAKEN if shelf:
            return w.t("Already here. It goes on {shelf}.", shelf=shelf)
        case Did.ALREADY_TAKEN:
            return w.t("This one is already here.")
        case Did.DECLINED:
            return w.t("Not wanted. It goes back to the sender.")
        case Did.MISSING_TOLD:
            return w.t("Reported missing.")
        case Did.FOUND:
            return w.t("Found again.")
        case Did.EXTENDED:
            return w.t("It may stay until {until}.", until=w.day(_text(values, "until")))
        case Did.STAGED if shelf:
            return w.t("It waits on {shelf} for the driver.", shelf=shelf)
        case Did.STAGED:
            return w.t("It waits for the driver.")
        case Did.DROP_TAKEN:
            return w.t("Taken. The receipt is being printed.")
        case Did.DROP_UNSERVED:
            carrier = _text(values, "carrier")
            return w.t("Taken. No driver of {carrier} comes here: ask.", carrier=carrier)
        case Did.DROP_VOIDED:
            return w.t("The drop is cancelled. Give the goods back.")
        case Did.DROP_KNOWN:
            return w.t("This was taken before, and is still here.")
        case Did.BAG_UNTOLD:
            return w.t("Nobody told of this bag yet. Go on, it is noted.")
        case Did.CONTAINED if container:
            return w.t("It is in {container}.", container=container)
        case Did.CONTAINED:
            return w.t("It is in the container.")
        case Did.OPENED:
            return w.t("{container} is open.", container=container)
        case Did.CLOSED:
            return w.t("{container} is closed and sealed.", container=container)
        case Did.REOPENED:
            return w.t("{container} is open again.", container=container)
        case Did.GOING:
            return w.t("{what} goes along.", what=_text(values, "what"))
        case Did.SEAL_EXPECTED:
            return w.t("Scan a seal to close {container}.", container=container)
        case Did.TOUCH_AGAIN:
            return w.t("Touch the key again. This cannot be taken back.")
        case Did.CONTAINER_DAMAGED:
            return w.t("{container} is noted as damaged.", container=container)
        case Did.CONTAINER_LOST:
            return w.t("{container} is noted as lost.", container=container)
        case Did.HANDED_OVER:
            return w.t(
                "Handed over. Containers: {containers}, single parcels: {loose}.",
                containers=_number(values, "containers"),
                loose=_number(values, "loose"),
            )
        case Did.FETCHES_DIFFER:
            return w.t(
                "The driver expects {theirs}, here are {ours}.",
                theirs=_number(values, "theirs"),
                ours=_number(values, "ours"),
            )
        case Did.NOT_LISTED:
            return w.t("This list is no longer open. Begin a new one.")
        case Did.VOIDED:
            return w.t("The list is cancelled.")
        case Did.UNDONE:
            return w.t("Taken back.")
        case Did.NOTHING_HERE:
            return w.t("This cannot be used here.")
        case Did.PARCEL_EXPECTED:
            return w.t("Scan a parcel now.")
        case Did.SHELF_EXPECTED:
            return w.t("Scan a shelf now.")
        case Did.CONTAINER_EXPECTED:
            return w.t("Scan a container first.")
        case Did.BADGE_EXPECTED:
            return w.t("Show a badge first.")
        case Did.BADGE_NOT_TYPED:
            return w.t("A badge is scanned, never typed.")
        case Did.JOB_AGAIN:
            return w.t("Hello {name}. Go on where you were.", name=_text(values, "name"))
        case Did.DONE:
            return w.t("Done.")
        case Did.BROKE:
            return w.t("Something went wrong. What was saved stands. Scan again.")
        case Did.RETURN_HERE:
            return w.t("This return is taken here.")
        case Did.TRAINING_BEGAN:
            return w.t("Training begins. Nothing counts.")
        case Did.TRAINING_ENDED:
            return w.t("Training is over. Everything counts again.")
        case _:
            assert_never(did)


def _text(values: Values, name: str) -> str:
    return str(values.get(name, ""))


def _number(values: Values, name: str) -> int:
    value = values.get(name, 0)
    return value if isinstance(value, int) else 0
