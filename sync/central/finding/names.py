"""What a text may be the name of: as typed, as scanned, or inside a code of ours.

A code is read here without asking who signed it: whoever searches may see the return anyhow, and
nothing is decided by what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kiosk.domain import codes
from kiosk.domain.codes import check32
from kiosk.domain.codes.model import (
    BagCode,
    CarrierLabel,
    ContainerCode,
    Gs1,
    ShortCode,
    SignedReturn,
)
from kiosk.seal import codes as sealed
from kiosk.seal import receipts

LONGEST: Final = 900  # a receipt's code is the longest
_TRIED: Final = 12  # forms of one text
_TYPED: Final = re.compile(r"([A-Z0-9]{1,20})[-\s]+([0-9]{1,6})(?:[-\s]+[0-9A-Z])?", re.ASCII)
_COUNT: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
_FOLD: Final = str.maketrans("ILOU", "110V")


@dataclass(frozen=True, slots=True)
class Names:
    """`forms` are what is looked for, the likeliest first; `count` a drop's number without its
    kiosk, "" for none; `kiosk` the code before it. `short` is the code that a shopper types, as it
    is kept, "" for none."""

    text: str
    forms: tuple[str, ...]
    kiosk: str = ""
    count: str = ""
    short: str = ""

    def numbers(self, kiosks: Iterable[str]) -> tuple[str, ...]:
        """The drop numbers that are meant, of these kiosks where none is named."""
        if not self.count:
            return ()
        which = [self.kiosk] if self.kiosk else kiosks
        return tuple(drop_number(code, int(self.count)) for code in which)


def drop_number(kiosk_code: str, count: int) -> str:
    """As kiosks write it: `K1-000123-X`, with the check character over both parts."""
    digits = f"{count:06d}"
    check = check32.check_character((kiosk_code + digits).translate(_FOLD))
    return f"{kiosk_code}-{digits}-{check}"


def read(text: str) -> Names:
    """Never raises; no forms for an empty text."""
    plain = " ".join("".join(one if one.isprintable() else " " for one in text).split())[:LONGEST]
    forms = tuple(dict.fromkeys(one for one in _forms(plain) if one))[:_TRIED]
    kiosk, count = _drop(plain)
    typed = codes.parse_short(plain)
    return Names(plain, forms, kiosk, count, typed.text if isinstance(typed, ShortCode) else "")


def _drop(plain: str) -> tuple[str, str]:
    if _COUNT.fullmatch(plain):
        return "", plain
    typed = _TYPED.fullmatch(plain.upper())
    return (typed[1], typed[2]) if typed and len(typed[1]) + 6 < check32.LONGEST else ("", "")


def _forms(plain: str) -> Iterator[str]:
    yield from _inside(plain)
    together = plain.replace(" ", "")
    for one in (plain, together):
        yield one
        yield one.upper()
        yield one.lower()
    yield plain.upper().replace(" ", "-")


def _inside(plain: str) -> Iterator[str]:
    """What a code says that somebody scanned into the field."""
    receipt = receipts.claimed(plain)
    if receipt is not None:
        yield receipt.drop_number
        return
    code = codes.parse(plain, plain.encode("utf-8", "replace"), "")
    match code:
        case SignedReturn(cose=data):
            claims = sealed.claimed(data)
            if claims is not None:
                yield claims.return_id
        case BagCode(bag_id=name) | ContainerCode(container_id=name):
            yield name
        case Gs1():
            yield code.get("00") or code.get("8003") or code.number
        case CarrierLabel(readings=readings):
            yield from (one.number for one in readings[:3])
        case _:
            return
