"""Wrong tries: how long until the next one, for a member and for the whole counter.

A value to be stored: a restart forgets nothing. The caller writes it before it answers; whoever
pulls the plug before has learnt nothing. Waits grow with the tries. What is tried while a wait
lasts does not count and does not lengthen it: somebody else's tries must not keep a member out
longer than they need to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

UNTIL_UNLOCKED = 1 << 40
"""Seconds to wait where time alone does not help."""
_DAY = 86_400
_LONGEST_SHIFT = 32


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` wrong tries cost nothing; the one that makes it `free` costs `first` seconds, each
    further one twice as many, `longest` at most. No more than `most` within `window` seconds; from
    `end` in a row on, nothing until it is unlocked. None: no such bound."""

    free: int
    first: int
    longest: int
    window: int
    most: int | None = None
    end: int | None = None


OF_MEMBER = Limit(free=3, first=30, longest=3600, window=7 * _DAY, most=20, end=50)
OF_DEVICE = Limit(free=10, first=30, longest=900, window=3600)
"""Without an end: else whoever stands at the counter could close the shop."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries at one thing: the times of the latest, and how many in a row."""

    wrong: tuple[int, ...] = ()
    row: int = 0


def waits(tries: Tries, limit: Limit, at: int) -> int:
    """Seconds until something may be tried; 0 for now."""
    if limit.end is not None and tries.row >= limit.end:
        return UNTIL_UNLOCKED
    recent = _recent(tries, limit, at)
    # A right PIN ends the growth, but not the count of the window: else an attacker could wait for
    # the member to sign in, and begin anew each time.
    grown = min(tries.row, len(recent))
    until = recent[-1] + _wait(grown, limit) if recent else at
    if limit.most is not None and len(recent) >= limit.most:
        until = max(until, recent[-limit.most] + limit.window)
    return max(0, until - at)


def after_wrong(tries: Tries, limit: Limit, at: int) -> Tries:
    """One more wrong try. What the bounds no longer look at is dropped."""
    return Tries((*_recent(tries, limit, at), at), tries.row + 1)


def after_right(tries: Tries) -> Tries:
    """The right PIN: the next slip costs nothing again."""
    return replace(tries, row=0)


@dataclass(frozen=True, slots=True)
class Trying:
    """All wrong tries of one counter. `members` has those of the roster alone, so that it cannot
    be filled with made-up ids. `mark` is the latest time seen: an earlier one is taken for it."""

    device: Tries = field(default_factory=Tries)
    members: tuple[tuple[str, Tries], ...] = ()
    mark: int = 0

    def of(self, staff_id: str) -> Tries:
        return dict(self.members).get(staff_id, Tries())

    def now(self, at: int) -> int:
        return max(self.mark, at)

    def with_member(self, staff_id: str, tries: Tries) -> Trying:
        others = {key: value for key, value in self.members if key != staff_id}
        if tries != Tries():
            others[staff_id] = tries
        return replace(self, members=tuple(sorted(others.items(), key=lambda item: item[0])))


def unlocked(trying: Trying, staff_id: str) -> Trying:
    """A member's wrong tries forgiven, by a supervisor (permits: UNLOCK) or the centre."""
    return trying.with_member(staff_id, Tries())


def set_back(trying: Trying, at: int) -> Trying:
    """The same tries, where the centre has proven that it is no later than `at`: each as long ago
    as it was at the latest time seen, so that no wait gets shorter and none lasts a year."""
    ahead = trying.mark - at
    if ahead <= 0:
        return trying

    def earlier(tries: Tries) -> Tries:
        return replace(tries, wrong=tuple(max(0, one - ahead) for one in tries.wrong))

    members = tuple((name, earlier(tries)) for name, tries in trying.members)
    return Trying(earlier(trying.device), members, at)


def to_data(trying: Trying) -> dict[str, object]:
    """What a store keeps, as JSON takes it."""
    return {
        "device": _to_list(trying.device),
        "members": {staff_id: _to_list(tries) for staff_id, tries in trying.members},
        "mark": trying.mark,
    }


def from_data(data: object, at: int) -> Trying:
    """What a store kept; None where it kept nothing yet. Where it cannot be read, the counter
    waits as long as it ever does, once: damage must not be worth a try, nor close the shop."""
    if data is None:
        return Trying()
    try:
        return _read(data)
    except (KeyError, TypeError, ValueError):
        steps = OF_DEVICE.free + OF_DEVICE.longest.bit_length()
        return Trying(device=Tries((at,) * steps, steps), mark=at)


def _read(data: object) -> Trying:
    if not isinstance(data, Mapping) or not isinstance(data["members"], Mapping):
        raise TypeError("no map")
    members = sorted((str(key), _from_list(value)) for key, value in data["members"].items())
    return Trying(_from_list(data["device"]), tuple(members), _whole(data["mark"]))


def _recent(tries: Tries, limit: Limit, at: int) -> tuple[int, ...]:
    return tuple(one for one in tries.wrong if one > at - limit.window)


def _wait(wrong: int, limit: Limit) -> int:
    if wrong < limit.free:
        return 0
    return min(limit.first << min(wrong - limit.free, _LONGEST_SHIFT), limit.longest)


def _to_list(tries: Tries) -> list[int]:
    return [tries.row, *tries.wrong]


def _from_list(data: object) -> Tries:
    if not isinstance(data, list):
        raise TypeError("no list")
    row, *wrong = map(_whole, data)
    return Tries(tuple(sorted(wrong)), row)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("no count")
    return value
