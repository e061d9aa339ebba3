"""What a made-up scene is: a picture, the codes in it, and how hard it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from kiosk.ports import Symbology

Picture = NDArray[np.uint8]  # rows x columns x BGR
Plane = NDArray[np.float32]
Points = NDArray[np.float64]  # corners x (x, y)
Dice = np.random.Generator

WIDTH, HEIGHT = 1280, 720
FOCAL = 914.0  # pixels; a 70 degree lens at this width, as most kiosk cameras have


class Grade(IntEnum):
    """How hard a condition is. EASY is what everybody expects to work, VERY_HARD what a person
    would not hold up twice."""

    EASY = 0
    MEDIUM = 1
    HARD = 2
    VERY_HARD = 3

    @property
    def words(self) -> str:
        return self.name.lower().replace("_", " ")


class Kind(StrEnum):
    """What is held up, named by who holds it and the code it bears."""

    RETURN_PHONE = "signed return code on a phone"
    RETURN_SLIP = "signed return code on a printed slip"
    SHORT_PHONE = "short code on a phone"
    BAG = "bag plate, Code 128"
    PARCEL = "parcel label, Code 128"
    PARCEL_GS1 = "parcel label, GS1-128"
    CARTON = "carton, ITF-14"
    EAN_13 = "product, EAN-13"
    EAN_8 = "product, EAN-8"
    UPC_A = "product, UPC-A"
    UPC_E = "product, UPC-E"
    CODE_39 = "asset label, Code 39"
    DATABAR = "product, DataBar"
    DATABAR_EXPANDED = "product, DataBar Expanded"
    DATA_MATRIX = "parcel label, Data Matrix"
    AZTEC = "ticket on a phone, Aztec"
    PDF417 = "parcel label, PDF417"
    MAXICODE = "parcel label, MaxiCode"
    MICRO_QR = "small part, Micro QR"
    RMQR = "narrow label, rMQR"


@dataclass(frozen=True, slots=True)
class Truth:
    """A code that is really in the picture. `raw` is what its bytes must be, a GS1 code's without
    the leading FNC1 and with 0x1D between variable fields, `also` other spellings of the same
    number (UPC as EAN-13); `quad` its corners in pixels, in reading order, without the quiet
    zone."""

    symbology: Symbology
    raw: bytes
    quad: tuple[tuple[float, float], ...]
    also: tuple[bytes, ...] = ()

    def says(self, raw: bytes) -> bool:
        """Is this what the code holds?"""
        return raw == self.raw or raw in self.also


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture and its truth. `name` tells the condition, the grade and the seed."""

    name: str
    kind: Kind
    grade: Grade
    picture: Picture
    truths: tuple[Truth, ...]
