"""Whose a tracking number is: one table a carrier, one engine for all.

To add a carrier: a file with its `ROWS` and one line in `tables`. The tests run over every row.
"""

from __future__ import annotations

from kiosk.domain.codes.model import Tracking

__all__ = ["prepare", "recognise"]


def recognise(text: str, aim: str) -> tuple[Tracking, ...]:
    """Every carrier's reading of a text, valid ones first, the better evidence first.

    `aim` is the symbol's identifier (ISO/IEC 15424), "" for what was typed. Spaces, hyphens,
    brackets and lower case do not matter. () for what is no carrier's, or longer than 100
    characters. Never raises.
    """
    from kiosk.domain.codes.carriers.tables import TABLES

    return TABLES.recognise(text, aim)


def prepare() -> None:
    """Build the tables that the first text would otherwise wait for."""
    import kiosk.domain.codes.carriers.tables  # noqa: F401  # for its rows
