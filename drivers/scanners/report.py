"""What a file shows to the scanner: the pure part of `takeback scan`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import numpy as np

from drivers.scanners.decoders import Decoder, decode_image, grey_of
from drivers.scanners.formats import EVERYDAY
from drivers.scanners.reads import Key, Read
from drivers.scanners.sources import file_source, read_picture
from kiosk.ports import Symbology

_FRAMES = 300  # of a video; ten seconds of it


@dataclass(frozen=True, slots=True)
class Report:
    """`ms` is the time spent on decoding alone, not on reading the file."""

    file: str
    ms: float
    reads: tuple[Read, ...]


def scan_file(
    path: Path, monotonic: Callable[[], float], expected: Iterable[Symbology] = EVERYDAY
) -> Report:
    """Every code in a picture, or in the first frames of a video.

    Raises ValueError with a sentence when the file is neither.
    """
    wanted = frozenset(expected)
    picture = read_picture(path)
    if picture is None:
        return _scan_film(path, monotonic, wanted)
    started = monotonic()
    reads = decode_image(picture, wanted)
    return Report(str(path), (monotonic() - started) * 1000, tuple(reads))


def _scan_film(path: Path, monotonic: Callable[[], float], wanted: frozenset[Symbology]) -> Report:
    source = file_source(path, loop=False, monotonic=monotonic)
    hurry = Event()
    hurry.set()  # frames as fast as they can be had
    decoder = Decoder(wanted, monotonic)
    found: dict[Key, Read] = {}
    spent, before = 0.0, None
    source.open()
    for number in range(_FRAMES):
        frame = source.read(hurry)
        if not isinstance(frame, np.ndarray) or frame is before:
            break
        started = monotonic()
        for read in decoder.look(grey_of(frame), number / 25, frozenset(found)):
            found.setdefault(read.key, read)
        spent, before = spent + monotonic() - started, frame
    source.close()
    return Report(str(path), spent * 1000, tuple(found.values()))


def as_dict(report: Report) -> dict[str, object]:
    """For `--json`. `bytes` are in hexadecimal, since a code may hold any."""
    return {
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


def as_text(report: Report) -> str:
    """For people: one line a code. Control characters are spelt out, so that no code can move the
    cursor of the terminal that shows it."""
    if not report.reads:
        return f"{report.file}: no code found ({report.ms:.0f} ms)"
    lines = [f"{report.file}: {len(report.reads)} found ({report.ms:.0f} ms)"]
    for read in report.reads:
        text = "".join(c if c.isprintable() else f"<{ord(c):02X}>" for c in read.text)
        lines.append(f"  {read.symbology.value} {read.aim}  {text}")
    return "\n".join(lines)
