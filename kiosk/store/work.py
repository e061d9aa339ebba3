"""A unit of work: everything in it reaches the disk together, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from kiosk.domain.events import PhotoLost
from kiosk.ports import Clock, Ids
from kiosk.store import events, meta, photos
from kiosk.store.drops import Drops

if TYPE_CHECKING:
    from kiosk.domain.events import Event


class Work:
    """Valid inside its `with` only."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        ids: Ids,
        policy_number: int,
        offset_ms: Callable[[], int | None],
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._ids = ids
        self._policy_number = policy_number
        self._offset_ms = offset_ms
        self.drops = Drops(connection)

    def record(self, event: Event, subject: str) -> str:
        """Append a fact to the chain and to the outbox; its link."""
        return events.record(
            self._connection,
            self._clock,
            self._ids,
            event,
            subject,
            self._policy_number,
            self._offset_ms(),
        )

    def tell(self, event: Event, subject: str, past: str = "") -> tuple[str, str]:
        """As `record`: its link and its stamp of the logical clock, which lies after `past`."""
        return events.append_one(
            self._connection,
            self._clock,
            self._ids,
            event,
            subject,
            self._policy_number,
            self._offset_ms(),
            past,
        )

    @property
    def connection(self) -> Connection:
        """For the store's own modules."""
        return self._connection

    def promised_photo(self, name: str) -> bool:
        """Whether a drop names this photograph (kiosk.store.photos)."""
        return photos.promised(self._connection, name)

    def lose_photo(self, name: str, cause: str) -> None:
        """Tell, once, that it cannot be read here any more."""
        if not photos.told_lost(self._connection, name):
            self.record(PhotoLost(name, cause), name)

    def epoch(self) -> str:
        """The one that events are recorded in now."""
        return str(events.current_epoch(self._connection).epoch)

    def lot(self, many: int) -> int:
        """One of so many numbers, each as likely as the others: 0 to `many` - 1."""
        return self._ids.token(many.bit_length() + 64) % many

    def get(self, key: str) -> str | None:
        return meta.read(self._connection, key)

    def set(self, key: str, value: str) -> None:
        meta.write(self._connection, key, value)
