"""Samples of the screens of kiosk.flows.counter.states.outbound."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.did import Did
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.planning import Plan
from kiosk.domain.counter.proving import Document, Proof
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.flows.counter.model import Flash, Note, Screen, Session, Tone
from kiosk.flows.counter.states.outbound import (
    Approving,
    BagInHand,
    CodeBarred,
    DropTaken,
    HandedOut,
    HandingOut,
    Paper,
    Place,
    PlaceKind,
    Returning,
    SigningFor,
    Staying,
    Stays,
    WhoseDrop,
)
from kiosk.flows.model import Session as Visit
from ui import samples as shoppers
from ui.counter.samples_desk import at

S = ParcelState
NUMBERS = ("00340434161094042557", "1Z12345E0205271688", "JVGL06250712345678901234")
PARCELS = (
    Parcel(NUMBERS[0], S.SHELVED, "dhl", shelf_id="A12"),
    Parcel(NUMBERS[1], S.SHELVED, "ups", shelf_id="A12"),
    Parcel(NUMBERS[2], S.EXPIRED, "dpd", shelf_id="C3"),
)
DOCUMENTS = tuple(sorted(Document))
PLAN = Plan((), (), (), 18, DOCUMENTS, proxies=True)
SHELF = Place(PlaceKind.SHELF, "A12", NUMBERS[:2])
WALK = (SHELF, Place(PlaceKind.SHELF, "C3", NUMBERS[2:]))
JOB = HandingOut("c0de", PLAN, PARCELS, (), (), WALK, ("A11", "A13", ""))
NAME = (
    ((90, 620), (140, 300), (190, 240), (200, 420), (160, 700), (260, 560), (320, 480)),
    ((330, 560), (380, 480), (400, 560), (450, 480), (480, 600), (560, 460), (700, 520)),
    ((120, 800), (800, 720)),
)


def sessions() -> dict[str, Session]:
    """By name."""
    screens = {**_hand_outs(), **_questions(), **_drops()}
    told = {name: at(screen) for name, screen in screens.items()}
    wrong = Refused(Because.WRONG_PARCEL, Then.PUT_IT_BACK, {"number": "X", "shelf": "B27"})
    for name, tone, said in (
        ("hand-out-wrong", Tone.WRONG, wrong),
        ("hand-out-some", Tone.RIGHT, Note(Did.MATCHED, {"number": NUMBERS[0], "left": 2})),
        ("handed-out", Tone.RIGHT, Note(Did.HANDED_OUT, {"count": 3})),
        ("handed-out-part", Tone.WRONG, Note(Did.NOT_SHOWN)),
        ("drop-taken", Tone.RIGHT, Note(Did.DROP_TAKEN)),
    ):
        told[name] = replace(told[name], flash=Flash(tone, said, 9.0, 1))
    for name, visit in _visits().items():
        told[f"return-{name}"] = at(Returning(visit))
    return told


def _hand_outs() -> dict[str, Screen]:
    some = replace(JOB, scanned=NUMBERS[:1], places=(replace(SHELF, numbers=NUMBERS[1:2]), WALK[1]))
    last = replace(JOB, scanned=NUMBERS[:2], places=WALK[1:])
    stranger = Parcel("00340434161094099999", S.SHELVED, "dhl", shelf_id="B27")
    missing = replace(PLAN, missing=NUMBERS[:1])
    sealed = Place(PlaceKind.CLOSED_CONTAINER, "TC00000012347", NUMBERS[:1])
    stay = (
        Staying(PARCELS[0], Stays.NO_PROOF, fetched=True),
        Staying(PARCELS[1], Stays.DECLINED, fetched=True),
        Staying(PARCELS[2], Stays.NO_PROOF),
    )
    return {
        "hand-out": JOB,
        "hand-out-some": some,
        "hand-out-last": last,
        "hand-out-wrong": replace(some, stopped=stranger),
        "hand-out-declining": replace(some, declining=True),
        "hand-out-missing": replace(JOB, plan=missing, places=(), near=("A12", "A11", "")),
        "hand-out-other-desk": replace(
            JOB, places=(Place(PlaceKind.OTHER_DESK, "", NUMBERS[:1]),), near=("A11",)
        ),
        "hand-out-sealed": replace(JOB, places=(sealed,), near=()),
        "handed-out": HandedOut(3),
        "handed-out-part": HandedOut(1, 2, stay),
        "handed-out-none": HandedOut(0, 1),
        "code-barred": CodeBarred(574, 574.0),
    }


def _questions() -> dict[str, Screen]:
    fetched = replace(JOB, scanned=NUMBERS, places=(), near=())
    walking = {proof: replace(JOB, asks=(proof,), born_by="2007-03-10") for proof in Proof}
    asked = {proof: replace(fetched, asks=(proof,), born_by="2007-03-10") for proof in Proof}
    return {
        **{f"ask-on-the-way-{proof}": job for proof, job in walking.items()},
        **{f"ask-{proof}": asked[proof] for proof in (Proof.NAME, Proof.DOCUMENT, Proof.AGE)},
        "signing": SigningFor(fetched),
        "signing-drawn": SigningFor(fetched, NAME),
        "approving": Approving(fetched),
        "approving-wait": Approving(fetched, wait=30, until=30.0),
        "approving-pin": Approving(fetched, "badge", "1234"),
    }


def _drops() -> dict[str, Screen]:
    taken = DropTaken(NUMBERS[0], "dhl", "482-917", "TAKEBACK DROP 482-917 DHL " + NUMBERS[0])
    bag = BagInHand("TB00000012347", "dhl", "TC00000012347", "", voidable=True)
    readings = tuple(Tracking(one, "", NUMBERS[0]) for one in ("dhl", "gls", "hermes"))
    return {
        "whose-drop": WhoseDrop(readings),
        "drop-taken": taken,
        "drop-taken-no-paper": replace(taken, paper=Paper.FAILED),
        "bag": bag,
        "bag-inside": replace(bag, inside="TC00000099999", voidable=False),
        "bag-label": replace(bag, bag_id=NUMBERS[0], suggested="", label=True),
    }


def _visits() -> dict[str, Visit]:
    """A few of the shopper's own samples, as the counter shows them."""
    all_of_them = shoppers.sessions()
    return {name: all_of_them[name] for name in _SHOPPERS}


_SHOPPERS = (
    "items-many",
    "asking-four",
    "asking-refund",
    "bag-check",
    "bagging-many",
    "refused-many",
    "receipt-printed",
    "countdown-items",
)
