"""Why a picture shows no code that reads: what is seen in it, and what was tried."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from drivers.scanners.camera.lens import detail_of, share_of_white
from drivers.scanners.camera.unread import Finder, Pattern, Trouble, cut_out, judge, module_size
from drivers.scanners.decoders.bullseyes import rings
from drivers.scanners.decoders.patterns import shrunk
from drivers.scanners.decoders.rungs import LADDER
from drivers.scanners.formats import Format
from drivers.scanners.pictures import Picture

_WORK = 1600  # pixels; a longer picture is looked at shrunk, as the decoders do
_DARK, _BRIGHT, _PLAIN = 30.0, 0.5, 7.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What looks like a code and does not read; `box` in pixels of the picture."""

    family: str
    box: tuple[float, float, float, float]
    trouble: Trouble
    module_px: float


@dataclass(frozen=True, slots=True)
class Tried:
    """One rung of the ladder, its time, and what it read that nothing else confirmed."""

    rung: str
    ms: float
    unproven: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """`picture` says what is wrong with it as a whole."""

    seen: tuple[Seen, ...]
    picture: tuple[str, ...]
    tried: tuple[Tried, ...] = ()


def why_not(grey: Picture) -> WhyNot:
    """What keeps a picture in which nothing was read from being read."""
    small, scale = shrunk(grey, _WORK)
    found = Finder().find(small)
    seen = (_seen(small, found, scale),) if found is not None else ()
    return WhyNot(seen, _picture(small))


def tried(
    grey: Picture, wanted: Sequence[Format], monotonic: Callable[[], float]
) -> tuple[Tried, ...]:
    """Every rung of the ladder once more, timed one by one."""
    small, _ = shrunk(grey, _WORK)
    told = []
    for rung in LADDER:
        if not rung.suits(wanted):
            continue
        started = monotonic()
        reads = rung.climb(small, wanted)
        spent = (monotonic() - started) * 1000
        told.append(Tried(rung.name, spent, tuple(f"{r.symbology.value} {r.text}" for r in reads)))
    return tuple(told)


def _seen(small: Picture, found: Pattern, scale: float) -> Seen:
    left, top, right, bottom = (edge / scale for edge in found.box)
    size = module_size(cut_out(small, found)) / scale
    family = "bars" if found.linear else "qr"
    return Seen(family, (left, top, right, bottom), judge(small, found), size)


def _picture(small: Picture) -> tuple[str, ...]:
    thumb = np.asarray(cv2.resize(small, (160, 90), interpolation=cv2.INTER_AREA), np.uint8)
    told = []
    if float(np.percentile(thumb, 99)) < _DARK * 2 and float(thumb.mean()) < _DARK:
        told.append("the picture is dark")
    if share_of_white(thumb) > _BRIGHT:
        told.append("the picture is burnt out")
    if detail_of(thumb) <= _PLAIN:
        told.append("the picture shows hardly any detail")
    if rings(small):
        told.append("it may show a MaxiCode: --only maxicode looks for one in any turn")
    return tuple(told)
