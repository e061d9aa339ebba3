"""Two seconds of holding a code up: how often it is read in time, and how soon.

HOLDS (30) holds a grade; FRAMES (15) frames in the two seconds. Time is modelled as the camera's
two threads have it: a decoder that is still busy when frames come misses all but the newest. The
cost of a look is the processor time it took here, so that other work on this machine does not
count. The cascade is the live one, `Decoder.look`, expecting what the attract screen expects; the
others look as they come. A hold ends at its first true read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from drivers.scanners.camera import MAIN_LINE
from drivers.scanners.decoders import Decoder
from drivers.scanners.formats import EVERYDAY
from kiosk.ports import Symbology
from tests.bench.crowd import size, spread
from tests.bench.environment import percentile
from tests.bench.rivals import Grey, Said, opencv, zbar, zxing
from tests.bench.scoring import markdown
from tests.scenes.hold import FRAMES, SECONDS, Shot, hold
from tests.scenes.model import Grade, Kind

LIVE, LIVE_ALL, JOINED = "cascade, live", "cascade, all formats", "joined"
_KINDS = (Kind.RETURN_PHONE, Kind.RETURN_SLIP)
_ASKED = (Grade.EASY, Grade.MEDIUM, Grade.HARD)
_GOAL = {Grade.EASY: 97, Grade.MEDIUM: 97, Grade.HARD: 85}
Look = Callable[[Grey, float], list[Said]]


@dataclass(frozen=True, slots=True)
class Timed:
    """What one decoder made of a hold: seconds until the read, or None; wrong texts before it."""

    seconds: float | None
    wrong: tuple[Said, ...]
    looked: int
    cost_ms: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Order:
    grade: Grade
    kind: Kind
    seed: int


def live(expected: frozenset[Symbology]) -> Look:
    """The kiosk's own decoder, its budget kept by processor time."""
    decoder = Decoder(expected, time.thread_time)

    def look(grey: Grey, at: float) -> list[Said]:
        return [Said(read.text, read.raw, read.aim) for read in decoder.look(grey, at)]

    return look


def joined(grey: Grey, at: float) -> list[Said]:
    return [*zxing(grey), *zbar(grey), *opencv(grey)]


def _ignoring_time(decode: Callable[[Grey], list[Said]], grey: Grey, at: float) -> list[Said]:
    return decode(grey)


def lookers() -> dict[str, Look]:
    return {
        LIVE: live(MAIN_LINE),
        LIVE_ALL: live(EVERYDAY),
        "zxing-cpp": partial(_ignoring_time, zxing),
        "pyzbar": partial(_ignoring_time, zbar),
        "OpenCV": partial(_ignoring_time, opencv),
        JOINED: joined,
    }


def newest(times: Sequence[float], costs: Callable[[int], float]) -> Iterator[tuple[int, float]]:
    """Which frames a looker takes, and when it is done with each: always the newest that has
    come. `costs` looks at a frame and says how long that took, in seconds."""
    now, last = times[0], -1
    while last + 1 < len(times):
        come = [n for n in range(last + 1, len(times)) if times[n] <= now]
        last = come[-1] if come else last + 1
        now = max(now, times[last])
        now += costs(last)
        yield last, now


def watched(shots: Sequence[tuple[Shot, Grey]], look: Look) -> Timed:
    """One decoder over one hold."""
    said: list[Said] = []
    cost_ms: list[float] = []

    def costs(number: int) -> float:
        started = time.thread_time()
        said[:] = look(shots[number][1], shots[number][0].at)
        cost_ms.append((time.thread_time() - started) * 1000)
        return cost_ms[-1] / 1000

    wrong: dict[bytes, Said] = {}
    for number, done in newest([shot.at for shot, _ in shots], costs):
        truths = shots[number][0].truths
        wrong |= {one.raw: one for one in said if not any(t.says(one.raw) for t in truths)}
        if any(t.says(one.raw) for one in said for t in truths):
            in_time = done if done <= SECONDS else None
            return Timed(in_time, tuple(wrong.values()), len(cost_ms), tuple(cost_ms))
    return Timed(None, tuple(wrong.values()), len(cost_ms), tuple(cost_ms))


def watch(order: Order) -> dict[str, Timed]:
    """Make the hold's frames once and let everybody look at them."""
    holding = hold(order.kind, order.grade, order.seed)
    shots = [
        (shot, np.asarray(cv2.cvtColor(shot.picture, cv2.COLOR_BGR2GRAY), np.uint8))
        for shot in holding.frames(size("FRAMES", FRAMES))
    ]
    return {name: watched(shots, look) for name, look in lookers().items()}


def _row(name: str, grade: Grade, timed: Sequence[Timed]) -> tuple[str, ...]:
    took = [one.seconds * 1000 for one in timed if one.seconds is not None]
    costs = [ms for one in timed for ms in one.cost_ms]
    wrong = [said for one in timed for said in one.wrong]
    return (
        f"{grade.words}, {name}",
        f"{len(took)}",
        f"{len(timed)}",
        f"{100 * len(took) / len(timed):.0f}",
        f"{percentile(took, 0.5):.0f}" if took else "-",
        f"{percentile(took, 0.9):.0f}" if took else "-",
        f"{len(wrong)}",
        f"{sum(one.routes for one in wrong)}",
        f"{percentile(costs, 0.5):.0f}",
        f"{percentile(costs, 0.95):.0f}",
        f"{_GOAL[grade]}" if name.startswith("cascade") else "",
    )


def run() -> list[str]:
    count = size("HOLDS", 30)
    orders = [
        Order(grade, _KINDS[seed % 2], seed // 2) for grade in _ASKED for seed in range(count)
    ]
    results = spread(watch, orders, chunk=1)
    frames = size("FRAMES", FRAMES)
    rows = [
        _row(
            name, grade, [r[name] for r, o in zip(results, orders, strict=True) if o.grade is grade]
        )
        for grade in _ASKED
        for name in lookers()
    ]
    head = (
        "grade, decoder",
        "read",
        "of",
        "%",
        "median ms",
        "p90 ms",
        "misread",
        "routes",
        "a look, median ms",
        "a look, p95 ms",
        "goal %",
    )
    missed = [
        f"  not read by the cascade: {order}"
        for result, order in zip(results, orders, strict=True)
        if result[LIVE].seconds is None
    ]
    return [
        f"{count} holds a grade, {frames} frames in {SECONDS:.0f} s "
        f"({1000 * SECONDS / frames:.0f} ms between frames), half phones, half slips",
        "",
        *markdown(head, rows),
        *missed,
    ]
