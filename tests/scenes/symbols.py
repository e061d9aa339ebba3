"""Codes as modules: dark and light cells, cut to the symbol, with a quiet zone of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import segno
import zxingcpp
from numpy.typing import NDArray

from drivers.scanners.formats import BY_SYMBOLOGY
from kiosk.ports import Symbology
from tests.scenes.payloads import Payload

# Light modules on each side, across and along, as the standards ask.
_QUIET: Mapping[Symbology, tuple[int, int]] = {
    Symbology.QR: (4, 4),
    Symbology.MICRO_QR: (2, 2),
    Symbology.RMQR: (2, 2),
    Symbology.DATA_MATRIX: (2, 2),
    Symbology.AZTEC: (2, 2),
    Symbology.PDF417: (4, 4),
    Symbology.MAXICODE: (2, 2),
}
_LINEAR_QUIET = (11, 2)
_TALL: Mapping[Symbology, int] = {Symbology.CODE_128: 60, Symbology.ITF: 55, Symbology.CODE_39: 45}


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """`cells` are 1 where dark, `step` cells to a module (MaxiCode's are no squares); `quiet` in
    modules across and along."""

    cells: NDArray[np.uint8]
    step: float
    quiet: tuple[int, int]


def _written(payload: Payload) -> NDArray[np.uint8]:
    row = BY_SYMBOLOGY[payload.symbology]
    options: dict[str, Any] = {"gs1": True} if payload.gs1 else {}
    barcode = zxingcpp.create_barcode(payload.content, row.zxing, **options)
    image = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    return (np.array(image) < 128).astype(np.uint8)


def _cut(cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
    return cells[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def symbol(payload: Payload) -> Symbol:
    """The payload as an encoder draws it. QR codes have error correction M, as most do."""
    if payload.symbology is Symbology.QR:
        made = segno.make_qr(payload.content, error="m", boost_error=False)
        cells = np.array([list(row) for row in made.matrix], np.uint8)
        return Symbol(cells, 1.0, (4, 4))
    cells = _cut(_written(payload))
    step = cells.shape[1] / 30 if payload.symbology is Symbology.MAXICODE else 1.0
    if payload.symbology in _TALL:
        cells = np.repeat(cells[cells.shape[0] // 2][None], _TALL[payload.symbology], axis=0)
    return Symbol(cells, step, _QUIET.get(payload.symbology, _LINEAR_QUIET))
