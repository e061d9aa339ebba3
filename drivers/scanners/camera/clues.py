"""What looks like a code keeps a camera busy only while it is news. Pure but for memory; the times
are those of the frames.

Tiles, icons and worn posters look like codes all day. Nobody holds anything as still for as long,
so what stays in one place is furniture, until it has been out of sight for a while.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.scanners.decoders.quads import Point

_PLACE = 24.0  # pixels: what is nearer than this is the same thing
_FURNITURE_S, _GONE_S = 20.0, 10.0
_MOST = 64  # places remembered; grain that looks like codes must not grow without end


@dataclass(slots=True)
class _Seen:
    place: Point
    since: float
    last: float


class Clues:
    def __init__(self) -> None:
        self._seen: list[_Seen] = []

    def news(self, place: Point, at: float) -> bool:
        """Is what looks like a code at `place`, in pixels, worth a closer look? At most twenty
        seconds long; `at` in seconds, never running back."""
        self._seen = [one for one in self._seen if at - one.last <= _GONE_S][-_MOST:]
        for one in self._seen:
            if max(abs(one.place[0] - place[0]), abs(one.place[1] - place[1])) < _PLACE:
                one.last = at
                return at - one.since < _FURNITURE_S
        self._seen.append(_Seen(place, at, at))
        return True
