"""What both sides hold after a hand-over, and labels to print."""

from __future__ import annotations

from typing import assert_never

from kiosk.flows.counter.leaving_labels import COUNTS, PAGE, pages
from kiosk.flows.counter.model import Key
from kiosk.flows.counter.states.leaving import LabelKind, Labels, Signed
from kiosk.flows.counter.states.outbound import Paper
from kiosk.words import Words
from ui.counter.frame import Drawn, Props, carrier_of, choice, key


def signed(screen: Signed, words: Words) -> Props:
    counts = screen.counts
    figures = [
        (counts.containers, words.t("Containers")),
        (counts.bags, words.t("Bags")),
        (counts.parcels + counts.loose, words.t("Parcels")),
    ]
    theirs = None if screen.round is None else screen.round.fetches
    if theirs is not None:
        figures.append((theirs, words.t("The driver says")))
    keys = []
    if screen.paper is not Paper.WAITING:
        keys.append(key(words.t("Print again"), Key.REPRINT, "receipt"))
    keys.append(key(words.t("Done"), Key.DONE, "check", main=True))
    return {
        "title": words.t("Handed over to {carrier}", carrier=carrier_of(screen.manifest.carrier)),
        "subtitle": words.t("The driver scans this code."),
        "figures": [{"count": count, "label": label} for count, label in figures],
        "sentence": _paper(screen.paper, words),
        "tone": "muted" if screen.paper in (Paper.WAITING, Paper.PRINTED) else "caution",
        "code": screen.qr,
        "codeLabel": words.t("Code of the hand-over list"),
        "keys": keys,
    }


def _paper(paper: Paper, words: Words) -> str:
    """The hand-over stands; what becomes of the paper is said beside it."""
    match paper:
        case Paper.WAITING:
            return words.t("Two lists are being printed.")
        case Paper.PRINTED:
            return words.t("One list is for the driver, one for you.")
        case Paper.UNCONFIRMED:
            return words.t("Look whether both lists came out.")
        case Paper.FAILED:
            return words.t("The lists did not print. The hand-over stands.")
        case Paper.NONE:
            return words.t("No printer here. The hand-over stands.")
        case _:
            assert_never(paper)


# --- labels --------------------------------------------------------------------------------------


def labels(screen: Labels, words: Words) -> Drawn:
    several = screen.kind is LabelKind.SHELF and pages(screen) > 1
    turning = [key(words.t("Next page"), Key.NEXT_PAGE, "forward")] if several else []
    common: Props = {
        "title": words.t("Print labels"),
        "keys": [*_kinds(screen, words), *turning, _print(screen, words)],
    }
    if screen.kind is LabelKind.SHELF:
        shown = screen.shelves[screen.page * PAGE : (screen.page + 1) * PAGE]
        shelves = [choice(name, name, on=name == screen.shelf_id, icon="shelf") for name in shown]
        return "Reason", common | {
            "subtitle": _outcome(screen, words) or words.t("Choose a shelf."),
            "choices": shelves,
        }
    counts = [choice(str(count), str(count), on=count == screen.count) for count in COUNTS]
    return "Reason", common | {
        "subtitle": _outcome(screen, words) or words.t("How many? Each has a new number."),
        "choices": counts,
    }


def _kinds(screen: Labels, words: Words) -> list[Props]:
    named = (
        (LabelKind.SHELF, words.t("Shelf"), "shelf"),
        (LabelKind.BAG, words.t("Bag"), "bag"),
        (LabelKind.CONTAINER, words.t("Container"), "tote"),
    )
    return [
        choice(label, kind.value, on=kind is screen.kind, icon=icon) for kind, label, icon in named
    ]


def _print(screen: Labels, words: Words) -> Props:
    chosen = screen.kind is not LabelKind.SHELF or screen.shelf_id != ""
    may = chosen and screen.paper is not Paper.WAITING
    return key(words.t("Print"), Key.PRINT, "receipt", main=True) | {"enabled": may}


def _outcome(screen: Labels, words: Words) -> str:
    match screen.paper:
        case None:
            return ""
        case Paper.WAITING:
            return words.t("Printing.")
        case Paper.PRINTED:
            return words.t("Printed. Stick it on.")
        case Paper.UNCONFIRMED:
            return words.t("Look whether it came out.")
        case Paper.FAILED:
            return words.t("It did not print. Look at the printer.")
        case Paper.NONE:
            return words.t("No printer here.")
        case _:
            assert_never(screen.paper)
