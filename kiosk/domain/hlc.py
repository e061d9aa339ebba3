"""A hybrid logical clock: never runs back, stays near the wall clock (Kulkarni et al., 2014).

A stamp is 12 hex digits of Unix milliseconds, a hyphen, 4 hex digits of a counter; stamps sort
as text.
"""

from __future__ import annotations

_MOST = 0xFFFF


def advance(last: str, wall_ms: int) -> str:
    """The stamp after `last` ("" for none yet) at `wall_ms`. ValueError for a malformed stamp."""
    millis, counter = _read(last)
    wall_ms = max(0, wall_ms)  # a clock before 1970 is a flat battery
    if wall_ms > millis:
        return _stamp(wall_ms, 0)
    if counter < _MOST:
        return _stamp(millis, counter + 1)
    return _stamp(millis + 1, 0)


def wall_ms(stamp: str) -> int:
    """The Unix milliseconds of a stamp. ValueError for a malformed one, and for ""."""
    if not stamp:
        raise ValueError("no clock stamp")
    return _read(stamp)[0]


def _stamp(millis: int, counter: int) -> str:
    return f"{millis:012x}-{counter:04x}"


def _read(stamp: str) -> tuple[int, int]:
    if not stamp:
        return -1, _MOST
    if len(stamp) != 17 or stamp[12] != "-":
        raise ValueError(f"no clock stamp: {stamp!r}")
    return int(stamp[:12], 16), int(stamp[13:], 16)
