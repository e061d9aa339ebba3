"""What looking costs: readable frames against zxing-cpp's own default, and a kiosk that waits.

Waiting is measured on the real camera driver with its two threads: a source hands it MJPEG frames
at 15 a second, and the processor time of the whole process is counted against the clock, so that
the share is of one core. IDLE_S (10) seconds are counted at the start of each scene and again
after three times as long, when the driver has grown used to it. FRAMES (120) readable frames; at a
quarter as many, and at as many of an empty shop, one bare look is timed for what each screen
expects, which is what the choice in kiosk.flows.expecting rests on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event

import cv2
import numpy as np

from drivers.scanners.camera import MAIN_LINE, Camera
from drivers.scanners.camera.sources import Source
from drivers.scanners.decoders import Decoder, decode_image
from drivers.scanners.decoders.zxing import look as look_bare
from drivers.scanners.formats import EVERYDAY, rows
from drivers.scanners.pictures import Picture
from kiosk.flows.expecting import symbologies
from kiosk.flows.model import ScanFor
from kiosk.ports import DeviceFault, Symbology
from tests.bench.crowd import size, spread
from tests.bench.environment import percentile
from tests.bench.rivals import Grey, zxing
from tests.bench.scoring import markdown
from tests.scenes.backgrounds import behind, painted
from tests.scenes.light import linear
from tests.scenes.make import mixed
from tests.scenes.model import HEIGHT, WIDTH, Grade, Kind
from tests.scenes.sensor import photographed
from tests.scenes.staging import dice_for

FPS = 15
INTERVAL_MS = 1000 / FPS
_LOOP = 45  # frames that a film repeats; three seconds, and no two in a row alike
_TWICE = 3  # looks at each readable frame, of which the middle one counts
_KINDS = (Kind.RETURN_PHONE, Kind.RETURN_SLIP, Kind.BAG)

Film = tuple[bytes, ...]


def _jpeg(picture: Picture) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1])


def _shot(scene: Picture, number: int, exposure: float, electrons: float) -> bytes:
    dice = dice_for("film", number, str(exposure))
    return _jpeg(photographed(linear(scene), exposure, electrons, 95, dice))


def still() -> Film:
    """An empty shop by day."""
    return tuple(_shot(behind(1), n, 1.0, 4000) for n in range(_LOOP))


def night() -> Film:
    """The same with one lamp left on: all grain."""
    return tuple(_shot(behind(1), n, 0.05, 50) for n in range(_LOOP))


def people() -> Film:
    """Somebody walks to and fro before the shelves."""
    film = []
    for number in range(_LOOP):
        scene = behind(1).copy()
        x = round(WIDTH * (0.5 + 0.42 * np.sin(2 * np.pi * number / _LOOP)))
        cloth = painted(4, 2.0)
        body = np.zeros((HEIGHT, WIDTH), np.uint8)
        cv2.ellipse(body, (x, HEIGHT), (200, 420), 0, 0, 360, 255, -1)
        scene[body > 0] = cloth[body > 0]
        cv2.ellipse(scene, (x, 230), (85, 110), 0, 0, 360, (110, 142, 196), -1, cv2.LINE_AA)
        film.append(_shot(scene, number, 1.0, 3000))
    return tuple(film)


FILMS: dict[str, Callable[[], Film]] = {
    "empty shop": still,
    "empty shop, noisy night": night,
    "people moving": people,
}


class Projector(Source):
    """A film as a USB camera sends it; decoding its pictures is timed apart."""

    alive = True

    def __init__(self, film: Film) -> None:
        self._film = film
        self._number = 0
        self._due = time.monotonic()
        self.decoded = 0
        self.decoding_s = 0.0

    def open(self) -> DeviceFault:
        self._due = time.monotonic()
        return DeviceFault.NONE

    def read(self, stop: Event) -> Picture | DeviceFault | None:
        self.skip(stop)
        started = time.thread_time()
        data = np.frombuffer(self._film[self._number % len(self._film)], np.uint8)
        picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
        self.decoding_s += time.thread_time() - started
        self.decoded += 1
        return picture

    def skip(self, stop: Event) -> DeviceFault | bool:
        self._number += 1
        self._due += 1 / FPS
        stop.wait(max(0.0, self._due - time.monotonic()))
        return True

    def close(self) -> None:
        return


@dataclass(frozen=True, slots=True)
class Wait:
    """A scene to wait before, and what is expected meanwhile."""

    film: str
    expected: frozenset[Symbology]


@dataclass(frozen=True, slots=True)
class Waited:
    """Shares of one core, in per cent: all of it, and the decoding of MJPEG in it."""

    share: float
    mjpeg: float
    decoded: int


def waiting(wait: Wait) -> tuple[Waited, Waited]:
    """At the start, and once the camera is used to the scene."""
    projector = Projector(FILMS[wait.film]())
    camera = Camera("bench", projector, time.monotonic)
    camera.expect(wait.expected)
    seconds = size("IDLE_S", 10)
    camera.start(lambda report: None)
    try:
        first = _counted(projector, seconds)
        time.sleep(3 * seconds)
        return first, _counted(projector, seconds)
    finally:
        camera.stop()


def _counted(projector: Projector, seconds: float) -> Waited:
    cpu, wall = time.process_time(), time.monotonic()
    decoding, decoded = projector.decoding_s, projector.decoded
    time.sleep(seconds)
    took = time.monotonic() - wall
    return Waited(
        100 * (time.process_time() - cpu) / took,
        100 * (projector.decoding_s - decoding) / took,
        projector.decoded - decoded,
    )


def _middle_ms(look: Callable[[], object]) -> float:
    times = []
    for _ in range(_TWICE):
        started = time.process_time()
        look()
        times.append((time.process_time() - started) * 1000)
    return sorted(times)[_TWICE // 2]


@dataclass(frozen=True, slots=True)
class Cost:
    """One frame: what each way to look at it took, in milliseconds; who read it."""

    ms: dict[str, float]
    zxing_reads: bool
    cascade_reads: bool


def _live(grey: Grey, expected: frozenset[Symbology]) -> object:
    return Decoder(expected, time.thread_time).look(grey, 0.0)


def cost(number: int) -> Cost:
    """Everybody's time for scene number so and so, easy and medium by turns."""
    scene = mixed(_KINDS[number % 3], (Grade.EASY, Grade.MEDIUM)[number % 2], 1000 + number)
    grey = np.asarray(cv2.cvtColor(scene.picture, cv2.COLOR_BGR2GRAY), np.uint8)
    truth = scene.truths[0]
    ways: dict[str, Callable[[], object]] = {
        "zxing-cpp, its default": lambda: zxing(grey),
        "decode_image, everyday formats": lambda: decode_image(grey, EVERYDAY),
        "decode_image, QR and Code 128": lambda: decode_image(grey, MAIN_LINE),
        "Decoder.look, everyday formats": lambda: _live(grey, EVERYDAY),
        "Decoder.look, QR and Code 128": lambda: _live(grey, MAIN_LINE),
    }
    return Cost(
        {name: _middle_ms(look) for name, look in ways.items()},
        any(truth.says(said.raw) for said in zxing(grey)),
        any(truth.says(read.raw) for read in decode_image(grey, EVERYDAY)),
    )


def screens() -> dict[str, frozenset[Symbology]]:
    """What screens expect, and what it would be with one family more."""
    returns = symbologies(ScanFor.RETURN, ())
    sets = {
        "a bag (QR, Code 128)": symbologies(ScanFor.BAG, ()),
        "a return (the same, EAN and UPC)": returns,
        "a serial number": symbologies(ScanFor.SERIAL, ()),
    }
    more = {"Code 39": "]A", "ITF": "]I", "Data Matrix": "]d", "Aztec": "]z", "PDF417": "]L"}
    sets |= {f"a return and {n}": symbologies(ScanFor.RETURN, (i,)) for n, i in more.items()}
    return sets | {"QR alone": frozenset({Symbology.QR}), "everyday formats": EVERYDAY}


def bare(number: int) -> tuple[dict[str, float], dict[str, float]]:
    """One bare look for each set: at a readable frame, and at one of an empty shop."""
    held = mixed(_KINDS[number % 3], (Grade.EASY, Grade.MEDIUM)[number % 2], 1000 + number).picture
    shop = photographed(linear(behind(1 + number)), 1.0, 4000, 95, dice_for("bare", number))
    found = []
    for picture in (held, shop):
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        wanted = {name: rows(expected) for name, expected in screens().items()}
        found.append(
            {n: _middle_ms(partial(look_bare, grey, formats)) for n, formats in wanted.items()}
        )
    return found[0], found[1]


def _screens() -> list[str]:
    costs = spread(bare, range(max(1, size("FRAMES", 120) // 4)))
    cells = []
    for name in screens():
        times = [[pair[which][name] for pair in costs] for which in (0, 1)]
        cells.append(
            (name, *(f"{percentile(t, share):.1f}" for t in times for share in (0.5, 0.95)))
        )
    head = ("expected", "held up: median ms", "p95 ms", "empty shop: median ms", "p95 ms")
    title = f"one bare look at {len(costs)} frames each, by what is expected"
    return [title, "", *markdown(head, cells), ""]


def _costs(title: str, costs: Sequence[Cost]) -> list[str]:
    if not costs:
        return [f"{title}: none"]
    base = percentile([one.ms["zxing-cpp, its default"] for one in costs], 0.95)
    table = []
    for name in costs[0].ms:
        times = [one.ms[name] for one in costs]
        p95 = percentile(times, 0.95)
        share = f"{100 * p95 / INTERVAL_MS:.0f}"
        table.append(
            (name, f"{percentile(times, 0.5):.1f}", f"{p95:.1f}", f"{p95 / base:.2f}", share)
        )
    head = ("", "median ms", "p95 ms", "p95 / zxing-cpp", "p95, % of a frame's interval")
    return [f"{len(costs)} frames {title}", "", *markdown(head, table), ""]


def run() -> list[str]:
    costs = spread(cost, range(size("FRAMES", 120)))
    waits = [Wait(film, expected) for film in FILMS for expected in (MAIN_LINE, EVERYDAY)]
    waited = spread(waiting, waits, chunk=1)
    table = []
    for wait, parts in zip(waits, waited, strict=True):
        what = "QR and Code 128" if wait.expected == MAIN_LINE else "everyday formats"
        for when, part in zip(("at first", "later"), parts, strict=True):
            a_frame = part.share * 10 / FPS
            table.append(
                (
                    f"{wait.film}, {what}, {when}",
                    f"{part.share:.1f}",
                    f"{part.mjpeg:.1f}",
                    f"{part.share - part.mjpeg:.1f}",
                    f"{a_frame:.1f}",
                    f"{part.decoded}",
                )
            )
    head = ("scene, expected", "% of a core", "MJPEG", "looking", "ms a frame", "frames decoded")
    return [
        f"processor time; a frame's interval at {FPS} a second is {INTERVAL_MS:.1f} ms",
        "",
        *_costs(
            "that zxing-cpp reads (goal: p95 at most 1.5 times)",
            [c for c in costs if c.zxing_reads],
        ),
        *_costs("that the cascade reads", [c for c in costs if c.cascade_reads]),
        *_screens(),
        f"a camera that waits, {FPS} frames/s of 1280 x 720 MJPEG (goal: under 10 % of a core)",
        "",
        *markdown(head, table),
    ]
