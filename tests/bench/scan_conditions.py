"""Generated kiosk scenes: per condition and grade, and per symbology, every decoder beside.

SCENES (1) multiplies the number of scenes. The QR scenes are half phones, half printed slips; the
other symbologies are on what bears them. The cascade looks for the everyday formats, and for Micro
QR, rMQR and UPC-E only in scenes of those, because that is how screens ask for them; for MaxiCode
with the other families of parcels' labels, because it is searched for in any turn by name alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from drivers.scanners.formats import EVERYDAY
from kiosk.ports import Symbology
from tests.bench.crowd import size, spread
from tests.bench.rivals import CASCADE, JOINED, OPENCV, ZBAR, ZXING, Said, ask_all
from tests.bench.scoring import Outcome, judged, markdown, summary, tallies
from tests.scenes.make import mixed, under_one
from tests.scenes.model import Grade, Kind, Scene, Truth
from tests.scenes.optics import Condition, fits

LABEL = frozenset(
    {
        Symbology.MAXICODE,
        Symbology.CODE_128,
        Symbology.DATA_MATRIX,
        Symbology.PDF417,
        Symbology.AZTEC,
        Symbology.ITF,
        Symbology.QR,
    }
)  # the families on parcels' labels
QR_KINDS = (Kind.RETURN_PHONE, Kind.RETURN_SLIP)
_EACH, _MIXED, _OTHERS = 5, 30, 3


@dataclass(frozen=True, slots=True)
class Order:
    """Which scene to make; `condition` None is a mixture."""

    condition: Condition | None
    grade: Grade
    kind: Kind
    seed: int

    def make(self) -> Scene:
        if self.condition is None:
            return mixed(self.kind, self.grade, self.seed)
        return under_one(self.condition, self.grade, self.kind, self.seed)


@dataclass(frozen=True, slots=True)
class Held:
    """A scene's truth, as every decoder's answer is held against it."""

    truth: Truth

    def says(self, said: Said) -> bool:
        return self.truth.says(said.raw)


@dataclass(frozen=True, slots=True)
class Looked:
    order: Order
    outcomes: dict[str, Outcome]


def _expected(there: set[Symbology]) -> frozenset[Symbology]:
    return LABEL if Symbology.MAXICODE in there else EVERYDAY | there


def look(order: Order) -> Looked:
    """Make the scene and ask everybody."""
    scene = order.make()
    grey = np.asarray(cv2.cvtColor(scene.picture, cv2.COLOR_BGR2GRAY), np.uint8)
    truths = [Held(truth) for truth in scene.truths]
    answers = ask_all(grey, _expected({truth.symbology for truth in scene.truths}))
    return Looked(order, {name: judged(answer, truths) for name, answer in answers.items()})


def _kinds(condition: Condition) -> list[Kind]:
    return [kind for kind in QR_KINDS if fits(condition, kind)]


def orders(times: int) -> list[Order]:
    """480 QR scenes and about half as many others, times `times`."""
    single = [
        Order(condition, grade, kinds[seed % len(kinds)], seed)
        for condition in Condition
        for grade in Grade
        for kinds in [_kinds(condition)]
        for seed in range(_EACH * times)
    ]
    mixtures = [
        Order(None, grade, QR_KINDS[seed % 2], seed)
        for grade in Grade
        for seed in range(_MIXED * times)
    ]
    others = [
        Order(None, grade, kind, seed)
        for kind in Kind
        if kind not in QR_KINDS
        for grade in Grade
        for seed in range(_OTHERS * times)
    ]
    return single + mixtures + others


def _shares(looked: Iterable[Looked]) -> tuple[str, ...]:
    """Cascade, joined, zxing-cpp, pyzbar, OpenCV in per cent; then misreads of cascade, zxing-cpp
    and pyzbar."""
    sums = tallies(one.outcomes for one in looked)
    read = tuple(f"{sums[name].share:.0f}" for name in (CASCADE, JOINED, ZXING, ZBAR, OPENCV))
    wrong = tuple(f"{sums[name].misread}" for name in (CASCADE, ZXING, ZBAR))
    return (f"{sums[CASCADE].asked}", *read, *wrong)


_HEAD = (
    "scenes",
    "cascade %",
    "joined %",
    "zxing-cpp %",
    "pyzbar %",
    "OpenCV %",
    "misread: cascade",
    "zxing-cpp",
    "pyzbar",
)


def _table(
    title: str,
    looked: list[Looked],
    key: Callable[[Looked], Hashable],
    name: Callable[[Looked], str],
) -> list[str]:
    groups: dict[Hashable, list[Looked]] = {}
    for one in looked:
        groups.setdefault(key(one), []).append(one)
    return markdown(
        (title, *_HEAD), [(name(group[0]), *_shares(group)) for group in groups.values()]
    )


def _grades(looked: list[Looked]) -> list[str]:
    """Per condition the cascade's and the joined share at each grade."""
    rows = []
    for condition in (*Condition, None):
        cells = []
        for grade in Grade:
            group = [x for x in looked if x.order.condition is condition and x.order.grade is grade]
            sums = tallies(one.outcomes for one in group)
            cells.append(f"{sums[CASCADE].share:.0f} / {sums[JOINED].share:.0f}")
        rows.append((condition.value if condition else "mixed", *cells))
    return markdown(("cascade % / joined %", *(grade.words for grade in Grade)), rows)


def _wrong(looked: list[Looked]) -> list[str]:
    """Every wrong text of the cascade, so that somebody can look into it."""
    return [
        f"  cascade misread {said.aim} {said.raw!r}, routes: {said.routes}: {one.order}"
        for one in looked
        for said in one.outcomes[CASCADE].wrong
    ]


def run() -> list[str]:
    times = size("SCENES", 1)
    looked = spread(look, orders(times))
    qr = [one for one in looked if one.order.kind in QR_KINDS]
    return [
        f"{len(looked)} generated frames of 1280 x 720, {len(qr)} of them signed QR codes",
        "",
        *summary(tallies(one.outcomes for one in looked)),
        "",
        f"the {len(qr)} QR frames alone",
        "",
        *summary(tallies(one.outcomes for one in qr)),
        "",
        *_grades(qr),
        "",
        *_table(
            "condition",
            qr,
            lambda x: x.order.condition,
            lambda x: x.order.condition.value if x.order.condition else "mixed",
        ),
        "",
        *_table("held up", looked, lambda x: x.order.kind, lambda x: x.order.kind.value),
        *_wrong(looked),
    ]
