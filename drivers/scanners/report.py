"""What a file shows to the scanner, and why not: the pure part of `takeback scan`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import numpy as np

from drivers.scanners.camera.sources import file_source, read_picture
from drivers.scanners.decoders import Decoder, decode_image
from drivers.scanners.decoders.reads import Key, Read
from drivers.scanners.formats import EVERYDAY, rows
from drivers.scanners.pictures import Picture, grey_of
from drivers.scanners.why import Seen, WhyNot, tried, why_not
from kiosk.ports import Symbology

_FRAMES = 300  # of a video; ten seconds of it


@dataclass(frozen=True, slots=True)
class Film:
    """Of a video: the frames that were looked at, and the number of the one, counted from 1, that
    gave the first read; None without any."""

    frames: int
    first_read: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """`ms` is the time spent on decoding alone, not on reading the file nor on asking why not."""

    file: str
    ms: float
    reads: tuple[Read, ...]
    film: Film | None = None
    why: WhyNot | None = None


def scan_file(
    path: Path,
    monotonic: Callable[[], float],
    expected: Iterable[Symbology] = EVERYDAY,
    thoroughly: bool = False,
) -> Report:
    """Every code in a picture, or in the first frames of a video; where there is none, why.

    `thoroughly` also times each rung of the ladder on a picture without a read, which takes as
    long again. Raises ValueError with a sentence when the file is neither picture nor video.
    """
    wanted = frozenset(expected)
    picture = read_picture(path)
    if picture is None:
        return _scan_film(path, monotonic, wanted)
    started = monotonic()
    reads = decode_image(picture, wanted)
    report = Report(str(path), (monotonic() - started) * 1000, tuple(reads))
    if reads:
        return report
    why = why_not(grey_of(picture))
    if thoroughly:
        why = replace(why, tried=tried(grey_of(picture), rows(wanted), monotonic))
    return replace(report, why=why)


def _scan_film(path: Path, monotonic: Callable[[], float], wanted: frozenset[Symbology]) -> Report:
    source = file_source(path, loop=False, monotonic=monotonic)
    hurry = Event()
    hurry.set()  # frames as fast as they can be had
    decoder = Decoder(wanted, monotonic)
    found: dict[Key, Read] = {}
    before: Picture | None = None
    spent, frames, first = 0.0, 0, None
    source.open()
    for number in range(_FRAMES):
        frame = source.read(hurry)
        if not isinstance(frame, np.ndarray) or frame is before:
            break
        started = monotonic()
        for read in decoder.look(grey_of(frame), number / 25, frozenset(found)):
            found.setdefault(read.key, read)
        spent, before, frames = spent + monotonic() - started, frame, number + 1
        first = frames if found and first is None else first
    source.close()
    why = why_not(grey_of(before)) if before is not None and not found else None
    film = Film(frames, first)
    return Report(str(path), spent * 1000, tuple(found.values()), film, why)


def as_dict(report: Report) -> dict[str, object]:
    """For `--json`. `bytes` are in hexadecimal, since a code may hold any. `frames` and
    `first_read` are told of videos, `why_not` of files without a read."""
    told: dict[str, object] = {
        "file": report.file,
        "ms": round(report.ms, 1),
        "reads": [
            {
                "symbology": read.symbology.value,
                "aim": read.aim,
                "text": read.text,
                "bytes": read.raw.hex(),
                "quad": [[round(x, 1), round(y, 1)] for x, y in read.quad],
                "quality": round(read.quality, 3),
            }
            for read in report.reads
        ],
    }
    if report.film is not None:
        told |= {"frames": report.film.frames, "first_read": report.film.first_read}
    if report.why is not None:
        told["why_not"] = _why_as_dict(report.why)
    return told


def _why_as_dict(why: WhyNot) -> dict[str, object]:
    told: dict[str, object] = {
        "seen": [
            {
                "family": seen.family,
                "box": [round(edge) for edge in seen.box],
                "trouble": seen.trouble.name.lower(),
                "module_px": round(seen.module_px, 1),
            }
            for seen in why.seen
        ],
        "picture": list(why.picture),
    }
    if why.tried:
        told["tried"] = [
            {"rung": one.rung, "ms": round(one.ms, 1), "unproven": list(one.unproven)}
            for one in why.tried
        ]
    return told


def as_text(report: Report) -> str:
    """For people: one line a code, or some that say why not. Control characters are spelt out, so
    that no code can move the cursor of the terminal that shows it."""
    film = report.film
    of = "" if film is None else f" in {film.frames} frames"
    if not report.reads:
        lines = [f"{report.file}: no code found{of} ({report.ms:.0f} ms)"]
        return "\n".join([*lines, *_why_as_text(report.why)] if report.why else lines)
    if film is not None:
        of += f", the first in frame {film.first_read}"
    lines = [f"{report.file}: {len(report.reads)} found{of} ({report.ms:.0f} ms)"]
    for read in report.reads:
        lines.append(f"  {read.symbology.value} {read.aim}  {_spelt(read.text)}")
    return "\n".join(lines)


def _why_as_text(why: WhyNot) -> list[str]:
    lines = [f"  {_sentence(seen)}" for seen in why.seen] or ["  nothing that looks like a code"]
    lines += [f"  {sentence}" for sentence in why.picture]
    if why.tried:
        times = ", ".join(f"{one.rung} {one.ms:.0f} ms" for one in why.tried)
        lines.append(f"  tried: {times}")
    doubted = sorted({text for one in why.tried for text in one.unproven})
    lines += [f"  read and not confirmed: {_spelt(text)}" for text in doubted]
    return lines


def _sentence(seen: Seen) -> str:
    left, top, right, bottom = (round(edge) for edge in seen.box)
    what = "bars" if seen.family == "bars" else "a QR code"
    size = f"{right - left} x {bottom - top} px at {left}, {top}"
    return f"{what}, {size}, about {seen.module_px:.1f} px a module: {seen.trouble.value}"


def _spelt(text: str) -> str:
    return "".join(c if c.isprintable() else f"<{ord(c):02X}>" for c in text)
