"""Pictures of the screen for the back office: of a fault that stays, and when the centre asks.

Taken only while nobody's visit is on the screen (kiosk.ports.ScreenLook says so), a few an hour at
most, and told as an event; the picture follows behind everything else (kiosk.store.screens).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final, assert_never

import msgspec

from kiosk.domain.events import ScreenPictured
from kiosk.ports import Clock, ScreenLook, Trouble, Unseen
from kiosk.store import Store, StoreFailed
from kiosk.store.screens import LARGEST, ScreenFiles

log = logging.getLogger("takeback")

STANDS_S: Final = 30.0
"""A fault that stays so long is pictured: paper is changed in less."""
MOST: Final = 3
WITHIN: Final = timedelta(hours=1)
_KEPT: Final = "screen.pictured"


class Pictured(msgspec.Struct, frozen=True):
    """What outlives a restart: faults that have their picture, and when the last were taken."""

    troubles: tuple[str, ...] = ()
    at: tuple[datetime, ...] = ()


class Picturing:
    """`standing` from any thread; `begin`, `look` and `take` on one, which waits for the window.
    `screen` is None where there is no window; `told` is called once there is one to send. `look`
    and `take` raise StoreFailed."""

    def __init__(
        self,
        store: Store,
        files: ScreenFiles,
        screen: ScreenLook | None,
        clock: Clock,
        told: Callable[[], None],
    ) -> None:
        self._store, self._files, self._screen, self._clock = store, files, screen, clock
        self._told = told
        self._since: dict[Trouble, float] = {}
        self._began = clock.monotonic()

    def begin(self) -> None:
        """What a crash left half-way goes: no event names it."""
        try:
            self._files.forget_open()
        except StoreFailed as failure:
            log.warning("pictures of the screen: %s", failure)

    def standing(self, troubles: Collection[Trouble]) -> None:
        """What is wrong now; quick."""
        now, before = self._clock.monotonic(), self._since
        self._since = {one: before.get(one, now) for one in troubles}

    def look(self) -> None:
        """Take a picture if a fault that stays has none."""
        now, since = self._clock.monotonic(), self._since
        if now - self._began < STANDS_S:
            return  # devices have not all spoken
        kept = self._kept()
        here = tuple(one for one in kept.troubles if one in since)
        if here != kept.troubles:
            kept = Pictured(here, kept.at)
            self._keep(kept)
        stays = {one.value for one, at in since.items() if worth(one) and now - at >= STANDS_S}
        if not stays - set(here) or len(self._lately(kept)) >= MOST or self._screen is None:
            return
        if self.take(0) in (Unseen.SILENT, Unseen.FAILED):
            self._keep(Pictured(here, (*self._lately(kept), self._clock.now())))

    def take(self, ordered: int) -> Unseen | None:
        """One picture now, whoever asks: None once it is told of."""
        if self._screen is None:
            return Unseen.FAILED
        found = self._screen()
        if isinstance(found, bytes) and len(found) > LARGEST:
            found = Unseen.FAILED
        if isinstance(found, Unseen):
            if found is not Unseen.BUSY:
                log.warning("no picture of the screen: %s", found.value)
            return found
        wrong = tuple(sorted(one.value for one in self._since))
        try:
            name = self._files.keep(found)
        except StoreFailed as failure:  # no reason for other orders to wait
            log.warning("no picture of the screen: %s", failure)
            return Unseen.FAILED
        fact = ScreenPictured(name, len(found), wrong, ordered)
        self._store.record(fact, "kiosk")
        self._files.promise([name])
        self._files.thin()
        kept = self._kept()
        self._keep(Pictured(wrong, (*self._lately(kept), self._clock.now())))
        self._told()
        return None

    def _lately(self, kept: Pictured) -> tuple[datetime, ...]:
        """Tries count as well. What a clock that was wrong puts into the future does not: there
        would be none for years."""
        now = self._clock.now()
        return tuple(at for at in kept.at[-MOST:] if now - WITHIN < at <= now)

    def _kept(self) -> Pictured:
        text = self._store.meta.get(_KEPT)
        try:
            return msgspec.json.decode(text or "{}", type=Pictured)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return Pictured()  # a damaged disk left something else

    def _keep(self, pictured: Pictured) -> None:
        self._store.meta.set(_KEPT, msgspec.json.encode(pictured).decode())


def worth(trouble: Trouble) -> bool:
    """Whether a picture tells more than the trouble's name: where shoppers see something of it,
    and it can still be recorded and sent."""
    match trouble:
        case (
            Trouble.PAPER_OUT
            | Trouble.PRINTER_SILENT
            | Trouble.PRINTER_ABSENT
            | Trouble.SCANNER_ABSENT
            | Trouble.SCANNER_COVERED
            | Trouble.POLICY_EXPIRED
            | Trouble.POLICY_MISSING
            | Trouble.PHOTOS_FULL
            | Trouble.CLOCK_JUMPED
        ):
            return True
        case (
            Trouble.OFFLINE
            | Trouble.POLICY_STALE
            | Trouble.PAPER_LOW
            | Trouble.STORE_FULL
            | Trouble.STORE_FAILED
            | Trouble.PHOTOS_ASIDE
            | Trouble.RECORDS_ASIDE
            | Trouble.BACKUP_FAILED
            | Trouble.STORE_MENDED
            | Trouble.STORE_GAPS
            | Trouble.REVOKED
            | Trouble.NOT_ENROLLED
        ):
            return False
        case _:
            assert_never(trouble)
