"""A thin call of zbar, on the library handle that pyzbar loads.

pyzbar's own `decode` hides two things that routing needs: whether a code carries FNC1 (GS1), and
the bytes of a QR code before zbar guesses their character set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import c_uint, c_void_p, string_at
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyzbar import wrapper

from drivers.scanners.decoders.quads import Quad
from drivers.scanners.decoders.reads import Read, check_digit_holds
from drivers.scanners.decoders.retail import contradicted
from drivers.scanners.formats import BY_ZBAR, Format
from drivers.scanners.texts import text_of
from kiosk.ports import Symbology

_modifiers = wrapper.zbar_function(
    "zbar_symbol_get_modifiers", c_uint, *wrapper.zbar_symbol_next.argtypes
)
_GREY = 0x30303859  # fourcc "Y800"
_BINARY = 4  # ZBAR_CFG_BINARY of zbar 0.23: hand out the bytes as they are
_GS1 = {"]Q1": "]Q3", "]C0": "]C1"}


@contextmanager
def _scanner(formats: Sequence[Format]) -> Iterator[Any]:
    scanner = wrapper.zbar_image_scanner_create()
    try:
        configure = wrapper.zbar_image_scanner_set_config
        configure(scanner, 0, wrapper.ZBarConfig.CFG_ENABLE, 0)
        for row in formats:
            configure(scanner, row.zbar, wrapper.ZBarConfig.CFG_ENABLE, 1)
        configure(scanner, wrapper.ZBarSymbol.QRCODE, _BINARY, 1)
        yield scanner
    finally:
        wrapper.zbar_image_scanner_destroy(scanner)


@contextmanager
def _image(grey: NDArray[np.uint8]) -> Iterator[Any]:
    image = wrapper.zbar_image_create()
    try:
        wrapper.zbar_image_set_format(image, _GREY)
        wrapper.zbar_image_set_size(image, grey.shape[1], grey.shape[0])
        wrapper.zbar_image_set_data(image, c_void_p(grey.ctypes.data), grey.size, None)
        yield image
    finally:
        wrapper.zbar_image_destroy(image)


def _quad(symbol: Any) -> Quad:
    """zbar gives four corners for QR and loose points along a scan line for the others."""
    count = int(wrapper.zbar_symbol_get_loc_size(symbol))
    points = [
        (
            float(wrapper.zbar_symbol_get_loc_x(symbol, i)),
            float(wrapper.zbar_symbol_get_loc_y(symbol, i)),
        )
        for i in range(count)
    ]
    if count == 4:
        return points[0], points[3], points[2], points[1]
    xs, ys = [p[0] for p in points] or [0.0], [p[1] for p in points] or [0.0]
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _read(symbol: Any) -> Read | None:
    row = BY_ZBAR.get(symbol.contents.type)
    if row is None:
        return None
    length = wrapper.zbar_symbol_get_data_length(symbol)
    raw = string_at(wrapper.zbar_symbol_get_data(symbol), length)
    return Read(row.symbology, _aim(row, raw, _modifiers(symbol)), text_of(raw), raw, _quad(symbol))


def _aim(row: Format, raw: bytes, modifiers: int) -> str:
    """The identifier as zxing-cpp gives it, so that both decoders' reads are the same code."""
    if row.symbology is Symbology.ITF and check_digit_holds(raw):
        return "]I1"
    return _GS1.get(row.identifier, row.identifier) if modifiers & 1 else row.identifier


def _doubtful(grey: NDArray[np.uint8], read: Read) -> bool:
    return read.symbology is Symbology.EAN_13 and contradicted(grey, read.quad, read.text)


def read(grey: NDArray[np.uint8], formats: Sequence[Format]) -> list[Read]:
    """Every code of the named formats in a grey picture; zbar releases the GIL meanwhile."""
    known = [row for row in formats if row.zbar is not None]
    if not known:
        return []
    picture = np.ascontiguousarray(grey)
    reads: list[Read] = []
    with _scanner(known) as scanner, _image(picture) as image:
        wrapper.zbar_scan_image(scanner, image)
        symbol = wrapper.zbar_image_first_symbol(image)
        while symbol:
            found = _read(symbol)
            if found is not None and not _doubtful(picture, found):
                reads.append(found)
            symbol = wrapper.zbar_symbol_next(symbol)
    return reads
