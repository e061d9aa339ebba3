"""A pattern language too small to run away: one line that says what a text looks like.

A character stands for itself. `[...]` is a class, one character out of those listed, with ranges
(`[A-Z0-9]`), and may be followed by a count, `{8}` or `{8,12}`. A backslash takes the next
character as it is, inside a class and outside. Nothing else: no repetition without an end, no
choice, no nesting. Only printable ASCII, spaces included. The whole text must fit.

A text is matched by one pass over the pattern, with all possible positions held as the bits of
one number: the work is the pattern's longest text times the text's length, whatever either says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

LONGEST_PATTERN = 300
LONGEST = 512  # characters that a pattern may allow for


class PatternError(ValueError):
    """What is wrong with a pattern, as a sentence."""


@dataclass(frozen=True, slots=True)
class Part:
    """`least` to `most` characters out of `members`."""

    members: frozenset[str]
    least: int = 1
    most: int = 1


@lru_cache(maxsize=64)
def compiled(pattern: str) -> tuple[Part, ...]:
    """PatternError for what is no pattern."""
    if not 0 < len(pattern) <= LONGEST_PATTERN:
        raise PatternError(f"a pattern has 1 to {LONGEST_PATTERN} characters")
    if not all(" " <= character <= "~" for character in pattern):
        raise PatternError("a pattern is printable ASCII")
    parts: list[Part] = []
    at = 0
    while at < len(pattern):
        part, at = _part(pattern, at)
        parts.append(part)
    if sum(part.most for part in parts) > LONGEST:
        raise PatternError(f"a pattern allows for {LONGEST} characters at most")
    return tuple(parts)


def fits(parts: tuple[Part, ...], text: str) -> bool:
    """Whether the whole text is of the form."""
    if not sum(part.least for part in parts) <= len(text) <= sum(part.most for part in parts):
        return False
    places: dict[str, int] = {}
    for at, character in enumerate(text):
        places[character] = places.get(character, 0) | 1 << at
    reached = 1
    for part in parts:
        allowed = 0
        for character, where in places.items():
            if character in part.members:
                allowed |= where
        for _ in range(part.least):
            reached = (reached & allowed) << 1
        step = reached
        for _ in range(part.most - part.least):
            step = (step & allowed) << 1
            if not step:
                break
            reached |= step
        if not reached:
            return False
    return bool(reached >> len(text) & 1)


def overlap(one: tuple[Part, ...], other: tuple[Part, ...]) -> bool:
    """Whether some text fits both: a walk over pairs of positions, at most 513 x 513 of them."""
    left, right = _spread(one), _spread(other)
    seen: set[tuple[int, int]] = set()
    todo = [(0, 0)]
    while todo:
        pair = todo.pop()
        if pair in seen:
            continue
        seen.add(pair)
        i, j = pair
        if i == len(left) and j == len(right):
            return True
        if i < len(left) and left[i][1]:
            todo.append((i + 1, j))
        if j < len(right) and right[j][1]:
            todo.append((i, j + 1))
        if i < len(left) and j < len(right) and left[i][0] & right[j][0]:
            todo.append((i + 1, j + 1))
    return False


def _spread(parts: tuple[Part, ...]) -> list[tuple[frozenset[str], bool]]:
    """One entry a character that may come: its class, and whether it may be left out."""
    return [(part.members, count >= part.least) for part in parts for count in range(part.most)]


def _part(pattern: str, at: int) -> tuple[Part, int]:
    character = pattern[at]
    if character == "[":
        members, at = _members(pattern, at + 1)
        least, most, at = _count(pattern, at)
        return Part(members, least, most), at
    if character in "]{}":
        raise PatternError(
            f"a {character} stands alone at {at + 1}; \\{character} is the character"
        )
    return _plain(pattern, at)


def _plain(pattern: str, at: int) -> tuple[Part, int]:
    character, at = _escaped(pattern, at)
    return Part(frozenset(character)), at


def _escaped(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at] != "\\":
        return pattern[at], at + 1
    if at + 1 == len(pattern):
        raise PatternError("a backslash stands at the end")
    return pattern[at + 1], at + 2


def _members(pattern: str, at: int) -> tuple[frozenset[str], int]:
    members: set[str] = set()
    while at < len(pattern) and pattern[at] != "]":
        if pattern[at] in "[{}":
            raise PatternError(f"a {pattern[at]} inside a class needs a backslash")
        first, at = _escaped(pattern, at)
        last = first
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in ("", "]"):
            last, at = _escaped(pattern, at + 1)
            if last < first:
                raise PatternError(f"the range {first}-{last} runs backwards")
        members.update(chr(code) for code in range(ord(first), ord(last) + 1))
    if at == len(pattern):
        raise PatternError("a class has no end: ] is missing")
    if not members:
        raise PatternError("a class is empty")
    return frozenset(members), at + 1


def _count(pattern: str, at: int) -> tuple[int, int, int]:
    if pattern[at : at + 1] != "{":
        return 1, 1, at
    end = pattern.find("}", at)
    if end < 0:
        raise PatternError("a count has no end: } is missing")
    least, comma, most = pattern[at + 1 : end].partition(",")
    if not comma:
        most = least
    for number in (least, most):
        if not (number.isdigit() and len(number) <= 3):
            raise PatternError("a count is {n} or {n,m}")
    if not 0 <= int(least) <= int(most) or int(most) == 0:
        raise PatternError("a count runs backwards or is nothing")
    return int(least), int(most), end + 1
