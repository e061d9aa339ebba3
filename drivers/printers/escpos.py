"""Documents and bitmaps as ESC/POS bytes. Pure; python-escpos is used as encoder only.

A job is: initialise, automatic status on, body, cut, two marks that a printer answers when it
got there (GS ( H function 48 and GS r 1), automatic status off. The body is one raster, so that
every script looks the same on every printer; native text is what remains when nothing can be
drawn.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from enum import StrEnum
from functools import cache
from typing import Any

from PIL import Image

from drivers.printers import native
from kiosk.ports import Bitmap, Document

CHUNK_ROWS = 256
BAD_MULTIPLE = 48  # some clones print garbage for rasters whose height is a multiple of this

# Once a stopped printer's buffer is full no question reaches it any more, so it must speak by
# itself: on-line, error and paper changes.
AUTOMATIC_STATUS = b"\x1d\x61\x0e"
NO_AUTOMATIC_STATUS = b"\x1d\x61\x00"
PAPER_SENSOR = b"\x1d\x72\x01"

# A printer obeys these real-time commands (DLE EOT, DLE ENQ, DLE DC4) wherever the bytes stand,
# also inside picture data: status bytes nobody asked for, a cleared buffer, a drawer pulse.
_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")


class Cut(StrEnum):
    """PART leaves a tab, so that the receipt does not fall before the shopper takes it."""

    PART = "part"
    FULL = "full"
    NONE = "none"


def encode_bitmap(picture: Bitmap, cut: Cut, job: bytes | None) -> bytes:
    """A whole job. `job` is four printable ASCII bytes, None for a printer that would print
    the mark instead of obeying it."""
    encoder = _encoder(picture.width)
    _begin(encoder)
    _raster(encoder, picture)
    _finish(encoder, cut, job)
    return bytes(encoder.output)


def encode_text(document: Document, width: int, cut: Cut, job: bytes | None) -> bytes:
    """The same job in the printer's own letters: plain Latin text, the QR still as a raster."""
    encoder = _encoder(width)
    _begin(encoder)
    encoder.charcode("CP858")
    for part in native.layout(document, width):
        match part:
            case native.Line():
                encoder.set(
                    align=part.align,
                    bold=part.bold,
                    custom_size=True,
                    width=part.scale,
                    height=part.scale,
                )
                encoder.text(part.text + "\n")
            case Bitmap():
                encoder.set(align="left")
                _raster(encoder, part)
    _finish(encoder, cut, job)
    return bytes(encoder.output)


def clear_wreck(width: int) -> bytes:
    """What must precede the next job when one broke off: its last picture may still want rows
    and would swallow the job's head. Outside a picture a printer ignores NUL. Then the torn
    piece is cut away."""
    return bytes((width + 7) // 8 * CHUNK_ROWS) + b"\x1b\x40\x1d\x56\x42\x00"


def _begin(encoder: Any) -> None:
    encoder.hw("INIT")
    encoder._raw(AUTOMATIC_STATUS)


def _finish(encoder: Any, cut: Cut, job: bytes | None) -> None:
    match cut:
        case Cut.PART:
            encoder.cut(feed=False)  # GS V 66 0: feeds the last line past the blade by itself
        case Cut.FULL:
            encoder._raw(b"\x1d\x56\x41\x00")
        case Cut.NONE:
            encoder.print_and_feed(6)
    if job is not None:
        encoder._raw(b"\x1d\x28\x48\x06\x00\x30\x30" + job)
    encoder._raw(PAPER_SENSOR + NO_AUTOMATIC_STATUS)


def _raster(encoder: Any, picture: Bitmap) -> None:
    stride = (picture.width + 7) // 8
    rows = disarm(picture.rows)
    for top in range(0, picture.height, CHUNK_ROWS):
        height = min(CHUNK_ROWS, picture.height - top)
        part = rows[top * stride : (top + height) * stride]
        if height % BAD_MULTIPLE == 0:
            part, height = part + bytes(stride), height + 1
        white_is_one = bytes(b ^ 0xFF for b in part)
        image = Image.frombytes("1", (picture.width, height), white_is_one)
        encoder.image(image, impl="bitImageRaster", fragment_height=CHUNK_ROWS)


def disarm(rows: bytes) -> bytes:
    """Picture data in which no real-time command can be seen.

    10h is one black dot; 18h makes it two dots wide, which nobody sees and no printer obeys.
    """
    return _REAL_TIME.sub(b"\x18", rows)


# --- the library -----------------------------------------------------------------------------


def _encoder(width: int) -> Any:
    """A fresh encoder: it remembers a code page that `ESC @` makes the printer forget."""
    profile_type, dummy = _library()
    profile = profile_type(features={"paperPartCut": True, "paperFullCut": True})
    # Without a width the library prints a complaint to standard output for every picture.
    profile.profile_data = {**profile.profile_data, "media": {"width": {"pixels": width}}}
    return dummy(profile=profile)


@cache
def _library() -> tuple[Any, Any]:
    """Import python-escpos late (0.7 s) and undo what its import does to the process: a handler
    on the root logger and a folder with a cache in the temporary directory."""
    root = logging.getLogger()
    handlers = list(root.handlers)
    from escpos import capabilities
    from escpos.printer import Dummy

    root.handlers[:] = handlers
    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return capabilities.Profile, Dummy
