"""A self-service kiosk with a staffed counter beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.app.counter.drops import bag_committed
from kiosk.domain.visit import CommittedDrop

if TYPE_CHECKING:
    from kiosk.store import Work


class Beside:
    """kiosk.app.committing.Goods: the bag of a drop is the counter's from the same moment on. It
    hears of it over the centre; until then it takes the bag and says that nobody told of it.

    What the counter takes back on its day is not known here: the kiosk goes on to say that the
    return was dropped, and staff take it at the counter when it comes again."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)

    def within(self, work: Work, promise: CommittedDrop) -> None:
        day = promise.committed_at.astimezone(self._zone).date()
        for fact in bag_committed(promise, day):
            work.tell(fact, fact.bag_id)

    def after(self) -> None:
        """The counter keeps the shop, not the kiosk."""
