"""Frames without any code: what is read although nothing is there, and what of it would route.

FRAMES (5,000) frames from number FIRST (0) on, so that 100,000 may be run in parts. Each goes
through the live decoder with every everyday format on, as if 15 a second came. Every STILLS-th
(20) also goes through `decode_image`, which climbs its whole ladder because nothing ends it, and
through the other decoders.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import cv2
import numpy as np

from drivers.scanners.decoders import Decoder
from drivers.scanners.formats import EVERYDAY
from tests.bench.crowd import size, spread, workers
from tests.bench.rivals import NAMES, Said, ask_all
from tests.bench.scoring import markdown
from tests.scenes.empty import empty, kind_of

LIVE = "cascade, live"
_CHUNK = 100
_SECONDS = 1 / 15


@dataclass(frozen=True, slots=True)
class Phantom:
    """A text read where none is."""

    decoder: str
    number: int
    said: Said


@dataclass(slots=True)
class Part:
    """What some frames gave: phantoms; frames looked at by decoder; seconds of processor time."""

    phantoms: list[Phantom] = field(default_factory=list)
    looked: Counter[str] = field(default_factory=Counter)
    spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))


def watch(numbers: range) -> Part:
    """The frames of these numbers, one live decoder over all of them."""
    part = Part()
    decoder = Decoder(EVERYDAY, time.thread_time)
    stills = size("STILLS", 20)
    for number in numbers:
        grey = np.asarray(cv2.cvtColor(empty(number), cv2.COLOR_BGR2GRAY), np.uint8)
        started = time.process_time()
        reads = decoder.look(grey, number * _SECONDS)
        part.spent[LIVE] += time.process_time() - started
        part.looked[LIVE] += 1
        part.phantoms += [
            Phantom(LIVE, number, Said(read.text, read.raw, read.aim)) for read in reads
        ]
        if number % stills == 0:
            for name, answer in ask_all(grey).items():
                part.looked[name] += 1
                part.spent[name] += answer.ms / 1000
                part.phantoms += [Phantom(name, number, said) for said in answer.said]
    return part


def _row(name: str, parts: list[Part]) -> tuple[str, ...]:
    frames = sum(part.looked[name] for part in parts)
    seconds = sum(part.spent[name] for part in parts)
    phantoms = [p for part in parts for p in part.phantoms if p.decoder == name]
    routes = sum(phantom.said.routes for phantom in phantoms)
    return name, f"{frames}", f"{len(phantoms)}", f"{routes}", f"{1000 * seconds / frames:.0f}"


def run() -> list[str]:
    first, count = size("FIRST", 0), size("FRAMES", 5000)
    started = time.perf_counter()
    chunks = [range(n, min(n + _CHUNK, first + count)) for n in range(first, first + count, _CHUNK)]
    parts = spread(watch, chunks, chunk=1)
    took = time.perf_counter() - started
    head = ("decoder", "frames", "false reads", "that route", "ms a frame")
    told = [
        f"  {p.decoder}: {p.said.aim} {p.said.raw!r}, routes: {p.said.routes}, "
        f"frame {p.number} ({kind_of(p.number)})"
        for part in parts
        for p in part.phantoms
        if p.decoder.startswith("cascade") or p.said.routes
    ]
    return [
        f"frames {first} to {first + count - 1} without a code, 1280 x 720; {took:.0f} s in "
        f"{workers()} processes, {count / took:.1f} frames/s",
        "",
        *markdown(head, [_row(name, parts) for name in (LIVE, *NAMES)]),
        *told,
    ]
