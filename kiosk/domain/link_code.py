"""A link of the chain as a receipt prints it, so that a shopper's paper pins the history."""

from __future__ import annotations

from kiosk.domain.codes import check32

BITS = 50
_LONG = BITS // 5
_HALF = _LONG // 2


def spell(link: str) -> str:
    """A link as a receipt prints it: XXXXX-XXXXX-C, its first 50 bits in Crockford's base 32 and
    a check character (kiosk.domain.codes.check32). Whoever holds the paper can point at the
    event; 50 bits find it among all of a kiosk, and the receipt's QR code has all 256."""
    text = check32.with_check(check32.spell(int(link, 16) >> (256 - BITS), BITS))
    return _grouped(text)


def read(text: str) -> str | None:
    """A typed code in its one form; None where it is none or its check character does not fit."""
    plain = check32.fold(text.upper())
    if len(plain) != _LONG + 1 or not check32.good(plain):
        return None
    return _grouped(plain)


def _grouped(text: str) -> str:
    return f"{text[:_HALF]}-{text[_HALF:_LONG]}-{text[_LONG:]}"
