"""Why the counter refuses: a sentence for every `Because`. What to do next: refusal_steps."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter.saying import Because, Refused
from kiosk.words.counter import refusal_steps
from kiosk.words.voice import Voice


def sentence(w: Voice, refused: Refused) -> str:
    """Why, and what to do: two short sentences, at most fourteen words together."""
    return f"{because(w, refused)} {refusal_steps.then(w, refused)}"


def because(w: Voice, refused: Refused) -> str:
    """Why, in one plain sentence. A value that did not come is left out; nothing fails for it."""
    shelf = told(refused, "shelf")
    match refused.because:
        case Because.NOT_RECORDED:
            return w.t("This could not be recorded.")
        case Because.PARCEL_UNKNOWN:
            return w.t("This parcel is not known here.")
        case Because.PARCEL_NOT_HERE_YET:
            return w.t("This parcel is announced, but not here yet.")
        case Because.PARCEL_ALREADY_HERE if shelf:
            return w.t("This parcel is already here, on {shelf}.", shelf=shelf)
        case Because.PARCEL_ALREADY_HERE:
            return w.t("This parcel is already here.")
        case Because.PARCEL_WAS_REFUSED:
            return w.t("This parcel was not taken from the driver.")
        case Because.PARCEL_ON_SHELF if shelf:
            return w.t("This parcel belongs on {shelf}.", shelf=shelf)
        case Because.PARCEL_ON_SHELF:
            return w.t("This parcel is already here.")
        case Because.PARCEL_COLLECTED:
            return w.t("This parcel was already handed out.")
        case Because.PARCEL_DECLINED:
            return w.t("The recipient does not want this parcel.")
        case Because.PARCEL_EXPIRED:
            return w.t("Its last day is over.")
        case Because.PARCEL_MISSING if shelf:
            return w.t("This parcel is missing. It was on {shelf}.", shelf=shelf)
        case Because.PARCEL_MISSING:
            return w.t("This parcel is missing.")
        case Because.PARCEL_GOES_BACK:
            return w.t("This parcel goes back to its sender.")
        case Because.PARCEL_GONE_BACK:
            return w.t("This parcel went back to its sender.")
        case Because.NOTHING_SCANNED:
            return w.t("No parcel was scanned.")
        case Because.SCANNED_TWICE:
            return w.t("This parcel was scanned twice.")
        case Because.WRONG_PARCEL:
            return w.t("This is another recipient’s parcel.")
        case Because.NO_LATER if until := told(refused, "until"):
            return w.t("This parcel already waits until {day}.", day=w.day(until))
        case Because.NO_LATER:
            return w.t("This parcel cannot wait longer.")
        case Because.EXTENDED_ENOUGH:
            return w.t("It was extended as often as its carrier allows.")
        case Because.SHELF_UNKNOWN if shelf:
            return w.t("There is no shelf {shelf} here.", shelf=shelf)
        case Because.SHELF_UNKNOWN:
            return w.t("There is no such shelf here.")
        case Because.SHELF_FULL if shelf:
            return w.t("Shelf {shelf} is full.", shelf=shelf)
        case Because.SHELF_FULL:
            return w.t("This shelf is full.")
        case Because.SHELF_NOT_FOR_THIS if shelf:
            return w.t("Shelf {shelf} is not for this parcel.", shelf=shelf)
        case Because.SHELF_NOT_FOR_THIS:
            return w.t("This shelf is not for this parcel.")
        case Because.PROOF_MISSING:
            return _proof(w, refused)
        case Because.PROXY_NOT_ALLOWED:
            return w.t("Only the recipient may collect this parcel.")
        case Because.CODE_NOT_GOOD:
            return w.t("This pick-up code opens nothing here.")
        case Because.TOO_MANY_TRIES:
            return w.t("Too many wrong codes.")
        case Because.NOT_ALLOWED:
            return w.t("You may not do this alone.")
        case Because.REASON_MISSING:
            return w.t("A reason is missing.")
        case Because.SEAL_USED | Because.SEAL_MISSING | Because.SIGNATURE_MISSING:
            return _seal(w, refused)
        case (
            Because.BAG_UNKNOWN
            | Because.BAG_ALREADY_TAKEN
            | Because.BAG_NOT_CONTAINED
            | Because.BAG_CONTAINED
            | Because.BAG_GONE
            | Because.BAG_VOIDED
            | Because.ALREADY_IN_IT
            | Because.NOT_TODAY
        ):
            return _bag(w, refused)
        case (
            Because.CONTAINER_UNKNOWN
            | Because.CONTAINER_NOT_OPEN
            | Because.CONTAINER_ALREADY_OPEN
            | Because.CONTAINER_CLOSED
            | Because.CONTAINER_ON_MANIFEST
            | Because.CONTAINER_GONE
            | Because.CONTAINER_DAMAGED
            | Because.CONTAINER_LOST
            | Because.CONTAINER_FULL
            | Because.CONTAINER_EMPTY
            | Because.PLATE_IN_USE
            | Because.OTHER_CARRIER
        ):
            return _container(w, refused)
        case (
            Because.MANIFEST_UNKNOWN
            | Because.MANIFEST_DRAFT
            | Because.MANIFEST_READY
            | Because.MANIFEST_SIGNED
            | Because.MANIFEST_ACKNOWLEDGED
            | Because.MANIFEST_SETTLED
            | Because.MANIFEST_VOIDED
            | Because.MANIFEST_EMPTY
            | Because.NOT_ON_MANIFEST
            | Because.NOT_WAITING
        ):
            return _manifest(w, refused.because)
        case _:
            assert_never(refused.because)


def told(refused: Refused, name: str) -> str:
    """A value as text that stays on one line; "" where it did not come."""
    return str(refused.values.get(name, "")).replace(" ", "\u00a0")


def _proof(w: Voice, refused: Refused) -> str:
    """A kind of proof that is not known here asks for a supervisor, as its rule does."""
    match told(refused, "proof"):
        case "code":
            return w.t("The pick-up code is still needed.")
        case "name":
            return w.t("The name was not compared yet.")
        case "document":
            return w.t("An identity document is still needed.")
        case "signature":
            return w.t("The recipient’s signature is still needed.")
        case "age" if age := told(refused, "age"):
            return w.t("This parcel is for people from {age} years on.", age=age)
        case "age":
            return w.t("The age was not checked yet.")
        case _:
            return w.t("A supervisor must agree to this.")


def _seal(w: Voice, refused: Refused) -> str:
    seal = told(refused, "seal")
    if refused.because is Because.SIGNATURE_MISSING and told(refused, "of") == "driver":
        return w.t("The driver’s signature is missing.")
    if refused.because is Because.SIGNATURE_MISSING:
        return w.t("Your signature is missing.")
    if refused.because is Because.SEAL_USED and seal:
        return w.t("Seal {seal} was used before.", seal=seal)
    if refused.because is Because.SEAL_USED:
        return w.t("This seal was used before.")
    return w.t("A seal is missing.")


def _bag(w: Voice, refused: Refused) -> str:
    match refused.because:
        case Because.BAG_UNKNOWN:
            return w.t("This bag is not known here.")
        case Because.BAG_ALREADY_TAKEN:
            return w.t("This bag already belongs to another return.")
        case Because.BAG_NOT_CONTAINED:
            return w.t("This bag is in no container yet.")
        case Because.BAG_CONTAINED:
            return w.t("This bag is already in a container.")
        case Because.BAG_GONE:
            return w.t("This bag went with its carrier.")
        case Because.BAG_VOIDED:
            return w.t("The return in this bag was given back.")
        case Because.NOT_TODAY if on := told(refused, "on"):
            return w.t("This was handed in on {day}, not today.", day=w.day(on))
        case Because.NOT_TODAY:
            return w.t("This was not handed in today.")
        case _:
            return w.t("It is in this container already.")


def _container(w: Voice, refused: Refused) -> str:
    match refused.because:
        case Because.CONTAINER_UNKNOWN:
            return w.t("This container is not known here.")
        case Because.CONTAINER_NOT_OPEN:
            return w.t("This container is not open yet.")
        case Because.CONTAINER_ALREADY_OPEN:
            return w.t("This container is already open.")
        case Because.CONTAINER_CLOSED:
            return w.t("This container is closed.")
        case Because.CONTAINER_ON_MANIFEST:
            return w.t("This container is on a hand-over list.")
        case Because.CONTAINER_GONE:
            return w.t("This container went with its carrier.")
        case Because.CONTAINER_DAMAGED:
            return w.t("This container is damaged.")
        case Because.CONTAINER_LOST:
            return w.t("This container was reported lost.")
        case Because.CONTAINER_EMPTY:
            return w.t("This container is empty.")
        case Because.PLATE_IN_USE if plate := told(refused, "plate"):
            return w.t("Container {plate} is already in use.", plate=plate)
        case Because.PLATE_IN_USE:
            return w.t("This container is already in use.")
        case Because.OTHER_CARRIER if carrier := told(refused, "carrier"):
            return w.t("This container is for {carrier} only.", carrier=carrier)
        case Because.OTHER_CARRIER:
            return w.t("This container is for another carrier.")
        case _:
            return w.t("This container is full.")


def _manifest(w: Voice, because: Because) -> str:
    match because:
        case Because.MANIFEST_UNKNOWN:
            return w.t("This hand-over list is not known here.")
        case Because.MANIFEST_DRAFT:
            return w.t("This hand-over list is not ready yet.")
        case Because.MANIFEST_READY:
            return w.t("This hand-over list waits for signatures.")
        case Because.MANIFEST_SIGNED:
            return w.t("This hand-over list is already signed.")
        case Because.MANIFEST_ACKNOWLEDGED:
            return w.t("The carrier has confirmed this list.")
        case Because.MANIFEST_SETTLED:
            return w.t("This hand-over list is settled.")
        case Because.MANIFEST_VOIDED:
            return w.t("This hand-over list was cancelled.")
        case Because.MANIFEST_EMPTY:
            return w.t("Nothing on this list can go.")
        case Because.NOT_ON_MANIFEST:
            return w.t("It is not on this hand-over list.")
        case _:
            return w.t("It does not wait for this carrier.")
