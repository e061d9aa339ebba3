"""The one next step that a refusal at the counter names: an instruction for every `Then`."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.words.voice import Voice


def then(w: Voice, refused: Refused) -> str:
    """What to do next, in one plain instruction."""
    match refused.then:
        case Then.RECEIVE_IT:
            return w.t("Receive it first.")
        case Then.SHELVE_IT:
            return w.t("Put it on a shelf.")
        case Then.PUT_IT_BACK:
            return _put_back(w, refused)
        case Then.SCAN_AGAIN:
            return w.t("Scan the parcel once.")
        case Then.SCAN_SHELF:
            return w.t("Scan the label of a shelf.")
        case Then.OTHER_SHELF:
            return w.t("Choose another shelf.")
        case Then.HAND_IT_OUT:
            return w.t("Hand it out, or leave it there.")
        case Then.EXTEND_OR_STAGE:
            return w.t("Extend it, or put it with the returns.")
        case Then.STAGE_IT:
            return w.t("Put it on a shelf for returns.")
        case Then.LOOK_FOR_IT:
            return w.t("Look for it, and scan it.")
        case Then.GIVE_TO_DRIVER:
            return w.t("Give it to the driver.")
        case Then.ASK_CARRIER:
            return w.t("Ask the carrier.")
        case Then.ASK_PROOF:
            return _ask_proof(w, refused)
        case Then.ASK_CODE:
            return w.t("Ask for the pick-up code.")
        case Then.ASK_SUPERVISOR:
            return w.t("Ask a supervisor.")
        case Then.ASK_CENTRE:
            return w.t("Ask the back office.")
        case Then.TRY_AGAIN_OR_ASK:
            return w.t("Try again, or ask a supervisor.")
        case Then.WAIT:
            return _wait(w, refused)
        case Then.TAKE_THE_DROP:
            return w.t("Take the return first.")
        case Then.CONTAIN_IT if refused.because is Because.CONTAINER_EMPTY:
            return w.t("Put something into it first.")
        case Then.CONTAIN_IT:
            return w.t("Put it into a container.")
        case Then.OTHER_BAG:
            return w.t("Take another bag.")
        case Then.OPEN_CONTAINER:
            return w.t("Open it first.")
        case Then.CLOSE_CONTAINER if refused.because is Because.MANIFEST_EMPTY:
            return w.t("Close a container first.")
        case Then.CLOSE_CONTAINER:
            return w.t("Close it with a seal.")
        case Then.REOPEN_CONTAINER:
            return w.t("Open it again, with a reason.")
        case Then.OTHER_CONTAINER:
            return w.t("Take another container.")
        case Then.OTHER_SEAL:
            return w.t("Scan a new seal.")
        case Then.VOID_MANIFEST:
            return w.t("Cancel that list first.")
        case Then.NEW_MANIFEST:
            return w.t("Begin a new list.")
        case Then.READY_MANIFEST:
            return w.t("Make it ready first.")
        case Then.SIGN_MANIFEST:
            return w.t("Sign on the screen.")
        case Then.GIVE_REASON:
            return w.t("Choose a reason.")
        case Then.NOTHING_TO_DO:
            return w.t("There is nothing to do.")
        case _:
            assert_never(refused.then)


def _put_back(w: Voice, refused: Refused) -> str:
    shelf = str(refused.values.get("shelf", ""))
    if shelf and refused.because is not Because.PARCEL_ON_SHELF:  # that one names it already
        return w.t("Put it back on {shelf}.", shelf=shelf)
    return w.t("Put it back.")


def _ask_proof(w: Voice, refused: Refused) -> str:
    match refused.values.get("proof"):
        case "name":
            return w.t("Ask for the name, and compare it.")
        case "signature":
            return w.t("Have them sign on the screen.")
        case "age":
            return w.t("Look at the date of birth.")
        case _:
            return w.t("Ask to see it.")


def _wait(w: Voice, refused: Refused) -> str:
    seconds = refused.values.get("seconds")
    if isinstance(seconds, int):
        return w.t("Wait {seconds} s, then try again.", seconds=seconds)
    return w.t("Wait for its count.")
