"""Samples of the screens of kiosk.flows.counter.states.leaving."""

from __future__ import annotations

from kiosk.domain.codes import bag_code, container_code, seal_code
from kiosk.domain.counter.book import Carrier
from kiosk.domain.counter.containers import Container, ContainerState
from kiosk.domain.counter.did import Did
from kiosk.domain.counter.listed import Counts
from kiosk.domain.counter.manifests import Manifest, ManifestState
from kiosk.domain.counter.meaning import DriverScanned
from kiosk.domain.counter.rules import Fill
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.flows.counter.model import Note, Screen, Session, Tone
from kiosk.flows.counter.states.leaving import (
    ContainerInHand,
    ContainerLine,
    Containers,
    HandOver,
    LabelKind,
    Labels,
    NewContainer,
    Signed,
    Signing,
    Sure,
    Waiting,
)
from kiosk.flows.counter.states.outbound import Paper
from ui.counter.samples_desk import at
from ui.counter.samples_outbound import NAME

S = ContainerState
CARRIERS = (
    Carrier("bpost", "bpost", 40),
    Carrier("dhl", "DHL", 40),
    Carrier("post", "Österreichische Post", 60),
    Carrier("ups", "UPS", 30),
)
BAGS = tuple(bag_code(n) for n in range(1040, 1047))
PARCELS = ("00340434161094042557", "JVGL06250712345678901234")


def _line(n: int, state: S, carrier: str, count: int, room: int = 40) -> ContainerLine:
    seals = (seal_code(n),) if state is S.CLOSED else ()
    box = Container(f"c{n}", state, container_code(n), carrier, room, seals)
    return ContainerLine(box, Fill(count, room))


LINES = (
    _line(42, S.OPEN, "dhl", 37),
    _line(43, S.OPEN, "Österreichische Post", 12),
    _line(44, S.CLOSED, "dhl", 40),
    _line(45, S.CLOSED, "ups", 21),
    _line(46, S.AVAILABLE, "", 0),
    _line(47, S.AVAILABLE, "ups", 0, 120),
)
DRAFT = Manifest("m1", ManifestState.DRAFT, "dhl", ("c44", "c48", "c49"), PARCELS[:1])
GOING = HandOver(
    DRAFT,
    (LINES[2], _line(48, S.CLOSED, "dhl", 31), _line(49, S.CLOSED, "", 5)),
    PARCELS[:1],
    ("c44", PARCELS[0]),
    DriverScanned("dhl", "R7-0412", 38, 4),
)
READY = HandOver(
    Manifest("m1", ManifestState.READY, "dhl", ("c44",)), GOING.lines[:1], (), None, GOING.round
)
QR = "RH1:" + "6BFOXN%TSMAHN-H" * 22
SIGNED = Signed(
    Manifest("m1", ManifestState.SIGNED, "dhl", ("c44",)), QR, Counts(2, 71, 3, 1), GOING.round
)


def sessions() -> dict[str, Session]:
    """By name."""
    screens = {**_filling(), **_handing(), **_labels()}
    told = {name: at(screen) for name, screen in screens.items()}
    other = Refused(Because.OTHER_CARRIER, Then.OTHER_CONTAINER, {"carrier": "dhl"})
    told["container-wrong"] = at(screens["container-open"], other, Tone.WRONG)
    near = Note(Did.NEARLY_FULL, {"where": container_code(42), "count": 37, "room": 40})
    told["container-nearly"] = at(screens["container-open"], near, Tone.CARE)
    return told


def _filling() -> dict[str, Screen]:
    opened = ContainerInHand(LINES[0], BAGS, PARCELS)
    return {
        "containers": Containers(
            LINES, (Waiting("dhl", 3, 1), Waiting("Österreichische Post", 0, 2))
        ),
        "containers-none": Containers(()),
        "container-new": NewContainer(container_code(42), CARRIERS),
        "container-empty": ContainerInHand(_line(43, S.OPEN, "", 0), (), ()),
        "container-open": opened,
        "container-closed": ContainerInHand(LINES[2], BAGS, PARCELS, 1),
        "container-sure": ContainerInHand(LINES[0], BAGS, PARCELS, 0, Sure.DAMAGED),
    }


def _handing() -> dict[str, Screen]:
    return {
        "hand-over": GOING,
        "hand-over-ready": READY,
        "hand-over-sign": Signing(GOING),
        "hand-over-drawn": Signing(GOING, NAME),
        "hand-over-printing": SIGNED,
        "hand-over-no-paper": Signed(
            SIGNED.manifest, QR, SIGNED.counts, SIGNED.round, Paper.FAILED
        ),
    }


def _labels() -> dict[str, Screen]:
    shelves = tuple(f"{row}{n:02}" for row in "AB" for n in range(1, 7))
    return {
        "labels": Labels(shelves, shelf_id="A03"),
        "labels-plates": Labels(shelves, LabelKind.BAG, count=10, paper=Paper.FAILED),
    }
