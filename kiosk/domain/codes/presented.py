"""A scan as it came in, cut to what the families look at."""

from __future__ import annotations

from dataclasses import dataclass

# Symbology identifiers (ISO/IEC 15424) of the carriers our own codes may come in. The character
# after the letter says how the symbol was encoded; GS1 variants (]C1 ]d2 ]Q3 ]J1) are not ours.
_OURS = ("]C0", "]A", "]d0", "]d1", "]d4", "]Q0", "]Q1", "]Q2", "]z", "]L")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_MODIFIERS = _LETTERS | frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Presented:
    """`text` is ASCII, upper case, without a scanner's line end; `line` is it before folding.

    Letters are folded because a hand-held scanner under Caps Lock swaps their case; none of our
    alphabets has both. Inner and outer spaces stay: Base45 uses them.
    """

    line: str
    text: str
    aim: str

    @property
    def may_be_ours(self) -> bool:
        """Whether the symbol can carry our codes; a scanner that names none gets the benefit."""
        return self.aim == "" or self.aim.startswith(_OURS)


def cut(payload: bytes, aim: str) -> Presented:
    """Undecodable bytes become U+FFFD, which no family of ours accepts. A scanner that sends the
    identifier in front of the text (`]C1...`) and a driver that did not take it off are helped."""
    line = payload.decode("utf-8", errors="replace").rstrip("\r\n\t")
    if not aim and _is_labelled(line):
        aim, line = line[:3], line[3:]
    return Presented(line=line, text=_upper(line), aim=aim)


def _is_labelled(line: str) -> bool:
    return len(line) > 3 and line[0] == "]" and line[1] in _LETTERS and line[2] in _MODIFIERS


def _upper(line: str) -> str:
    """ASCII letters only: `str.upper` maps some foreign letters onto them."""
    return "".join(c.upper() if c.isascii() else c for c in line)
