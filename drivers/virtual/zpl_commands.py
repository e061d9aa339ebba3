"""ZPL II as a label printer reads it: a strict reader of the commands that a label needs. What it
does not know is an error, so that a test sees what a real printer would ignore or misread."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COMMAND = re.compile(r"([\^~])([A-Z][A-Z0-9@]|[A-Z]{2})")
_TWENTIES = {chr(ord("g") + at): 20 * (at + 1) for at in range(20)}
_ONES = {chr(ord("G") + at): at + 1 for at in range(19)}
_HEX = frozenset("0123456789ABCDEF")


class NotZpl(ValueError):
    """A printer would do something else than was meant."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of two letters, its control character in front, and what follows it."""

    name: str
    rest: str


def commands(text: str) -> list[Command]:
    """The commands of a format, in order."""
    found = list(_COMMAND.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return [
        Command(one[0], text[one.end() : end].rstrip("\r\n"))
        for one, end in zip(found, ends, strict=True)
    ]


def graphic(rest: str) -> tuple[int, bytes]:
    """`^GFA,total,total,stride,data`: bytes a row, and the rows; 1 is black."""
    form, transmitted, total, stride, data = rest.split(",", 4)
    if form != "A" or int(transmitted) != int(total):
        raise NotZpl("only ASCII graphics with one length")
    rows = _rows(data, int(stride))
    if len(rows) != int(total):
        raise NotZpl(f"{len(rows)} bytes where {total} were announced")
    return int(stride), rows


def _rows(data: str, stride: int) -> bytes:
    """The alternative compression undone, row by row."""
    out, row, before, times = bytearray(), "", "", 0
    for sign in data:
        if sign in _HEX:
            row += sign * (times or 1)
            times = 0
        elif sign in _ONES or sign in _TWENTIES:
            times += _ONES.get(sign, 0) + _TWENTIES.get(sign, 0)
        elif sign in ",!:":
            if times or (sign == ":" and row):
                raise NotZpl("a count without its digit")
            row = before if sign == ":" else row.ljust(2 * stride, "0" if sign == "," else "F")
        else:
            raise NotZpl(f"{sign!r} in a picture")
        if len(row) > 2 * stride:
            raise NotZpl("a row that is too long")
        if len(row) == 2 * stride:
            out += bytes.fromhex(row)
            before, row = row, ""
    if row or times:
        raise NotZpl("a row that is too short")
    return bytes(out)
