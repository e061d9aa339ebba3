"""A recipient's pick-up code, checked without the line.

Only a keyed hash of a code is ever held (HMAC-SHA256, RFC 2104, with a pepper that lies outside
the database). It is looked up by that hash: how long that takes tells of the hash, which nobody
without the pepper can steer, and nothing of the secret. Wrong, unknown, used and expired are one
answer. Tries are counted for the counter and for each parcel that was named; the caller keeps the
counts where they survive a restart, and writes them before it answers.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from kiosk.domain.codes.model import PickUpCode
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.shop import Shop

_USE = b"takeback pick-up code\0"
NOT_GOOD = Refused(Because.CODE_NOT_GOOD, Then.ASK_CODE)
"""The answer to every code that opens nothing, whatever the cause."""


def digest(code: PickUpCode, pepper: bytes) -> str:
    """What is held of a code: 64 hex digits."""
    return hmac.new(pepper, _USE + code.secret.encode(), hashlib.sha256).hexdigest()


def good_for(parcel: Parcel, held: str) -> bool:
    """Whether a digest is that of the parcel's code. In constant time; a parcel without a code
    has none."""
    return hmac.compare_digest(parcel.code.encode(), held.encode()) and parcel.code != ""


def opened(shop: Shop, held: str) -> tuple[Parcel, ...] | Refused:
    """The parcels that wait for a code's digest, by number."""
    found = tuple(parcel for parcel in shop.of_code(held) if good_for(parcel, held))
    return found or NOT_GOOD


@dataclass(frozen=True, slots=True)
class Limit:
    """So many wrong tries within `window` seconds; then nothing for `pause` seconds."""

    tries: int = 5
    window: int = 600
    pause: int = 600


@dataclass(frozen=True, slots=True)
class Tries:
    """The wrong tries at one thing. Times are Unix seconds of a clock that never goes back: the
    highest time ever seen, where the wall's was set back."""

    wrong: tuple[int, ...] = ()
    barred_at: int | None = None

    @property
    def latest(self) -> int:
        """When the last wrong one was; 0 for none."""
        return max(*self.wrong, self.barred_at or 0, 0)

    def earlier(self, seconds: int) -> Tries:
        """The same, where the centre has proven that it all was so much earlier."""
        wrong = tuple(max(0, one - seconds) for one in self.wrong)
        barred = None if self.barred_at is None else max(0, self.barred_at - seconds)
        return Tries(wrong, barred)


def may_try(tries: Tries, limit: Limit, at: int) -> Refused | None:
    """None where a code may be tried."""
    if tries.barred_at is None or at >= tries.barred_at + limit.pause:
        return None
    left = tries.barred_at + limit.pause - at
    return Refused(Because.TOO_MANY_TRIES, Then.WAIT, {"seconds": left})


def after_wrong(tries: Tries, limit: Limit, at: int) -> Tries:
    """One more wrong try."""
    recent = (*(one for one in tries.wrong if one > at - limit.window), at)
    return Tries((), at) if len(recent) >= limit.tries else Tries(recent)
