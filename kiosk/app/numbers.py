"""Drop numbers: what a shopper reads out to support."""

from __future__ import annotations

from kiosk.domain.codes import check32

# Letters that the check alphabet leaves out, as those they are mistaken for.
_FOLD = str.maketrans("ILOU", "110V")


def drop_number(kiosk_code: str, count: int) -> str:
    """`<kiosk code>-<six digits>-<check>`; the check character covers both parts before it."""
    digits = f"{count:06d}"
    return f"{kiosk_code}-{digits}-{_check(kiosk_code + digits)}"


def read_drop_number(text: str) -> str | None:
    """A typed number in its one form; None where the check character does not fit."""
    parts = text.strip().upper().replace(" ", "").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isalnum() for part in parts):
        return None
    code, digits, check = parts
    known = 0 < len(code) + len(digits) < check32.LONGEST
    return "-".join(parts) if known and _check(code + digits) == check else None


def _check(text: str) -> str:
    return check32.check_character(text.translate(_FOLD))
