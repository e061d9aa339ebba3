"""Containers, and what goes with a driver."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.counter.containers import Container
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.meaning import DriverScanned
from kiosk.domain.counter.rules import Fill
from kiosk.flows.counter.states.outbound import Paper, Stroke


@dataclass(frozen=True, slots=True)
class ContainerLine:
    container: Container
    fill: Fill


@dataclass(frozen=True, slots=True)
class Containers:
    lines: tuple[ContainerLine, ...]
    page: int = 0


@dataclass(frozen=True, slots=True)
class NewContainer:
    """A plate that nobody knows: whose goods it is for, and how many it holds."""

    plate: str
    carriers: tuple[str, ...]
    carrier: str | None = None


@dataclass(frozen=True, slots=True)
class ContainerInHand:
    """Bags and parcels that are scanned go into it; a seal closes it."""

    line: ContainerLine
    bags: tuple[str, ...]
    parcels: tuple[str, ...]
    page: int = 0


class Side(StrEnum):
    """Whose turn it is to sign."""

    STAFF = "staff"
    DRIVER = "driver"


@dataclass(frozen=True, slots=True)
class HandOver:
    """What a carrier takes along. Until it is ready, the list follows what is scanned; then both
    sign for `going`, which may be less than is listed."""

    manifest: Manifest
    lines: tuple[ContainerLine, ...]
    loose: tuple[str, ...]
    going: tuple[str, ...] = ()
    round: DriverScanned | None = None


@dataclass(frozen=True, slots=True)
class Signing:
    job: HandOver
    side: Side
    strokes: tuple[Stroke, ...] = ()
    staff_signature: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """Both hold the same list: on paper, and as a QR."""

    manifest: Manifest
    qr: str
    bags: int
    parcels: int
    paper: Paper = Paper.WAITING


class LabelKind(StrEnum):
    SHELF = "shelf"
    BAG = "bag"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels to print: how many of which kind, or for which shelf."""

    kind: LabelKind = LabelKind.SHELF
    shelf_id: str = ""
    count: int = 1
    shelves: tuple[str, ...] = ()
    paper: Paper | None = field(default=None)
    page: int = 0
