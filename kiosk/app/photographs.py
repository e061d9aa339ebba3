"""Photographs as evidence: whether they can be taken here, and what becomes of them in a visit.

A photograph is in memory until the shopper says "use it", in `open/` until the drop is promised,
and waits for the centre from then on (kiosk.store.photos). What a visit does not promise goes with
the visit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from kiosk.app import judging
from kiosk.domain.events import PhotoFact
from kiosk.domain.policy.rules.evidence import photos_in
from kiosk.domain.visit import OpenDrop
from kiosk.ports import Photo, Photographer
from kiosk.store import StoreFailed

if TYPE_CHECKING:
    from kiosk.store import Store
    from kiosk.store.photos import PhotoFiles

logger = logging.getLogger(__name__)

QUESTION = "evidence_photo"


class Photographs:
    """On the core thread. Without `cameras` nothing can be photographed here."""

    def __init__(self, files: PhotoFiles, cameras: Sequence[Photographer]) -> None:
        self._files = files
        self._cameras = tuple(cameras)
        self._promised: set[str] = set()
        self._taken = False
        self._failing = False

    def ready(self) -> bool:
        """Whether a rule may ask for a photograph now: a camera that sees, and room on the disk.
        After one that could not be kept, not again in this visit."""
        seeing = any(camera.sees() for camera in self._cameras)
        return seeing and not self._failing and self._files.room()

    @property
    def full(self) -> bool:
        """Whether it could photograph and has no room to keep any."""
        return bool(self._cameras) and not self._files.room()

    def take(self) -> Photo | None:
        """What the first camera that sees anything sees."""
        found = (camera.photograph() for camera in self._cameras)
        return next((photo for photo in found if photo is not None), None)

    def keep(self, photo: Photo) -> str:
        """Its name, once it is on the disk; "" where the disk does not take it."""
        self._taken = True
        try:
            return self._files.keep(photo.jpeg)
        except StoreFailed:
            logger.exception("a photograph could not be kept")
            self._failing = True
            return ""

    def of(self, drop: OpenDrop) -> tuple[PhotoFact, ...] | None:
        """What the drop's event is to name: the photographs of the lines that it settles, each
        read back from the disk. None where one is not there, or not whole: then nothing may be
        promised by it. Raises StoreFailed."""
        facts: list[PhotoFact] = []
        for item, _ in judging.settled(drop):
            for name in photos_in(item.answers.get(QUESTION, "")):
                jpeg = self._files.read(name)
                if jpeg is None:
                    logger.error("a photograph that was taken is not there any more")
                    return None
                facts.append(PhotoFact(item.line.line_id, name, len(jpeg)))
        return tuple(facts)

    def promised(self, names: Iterable[str]) -> None:
        """The drop stands. Where the disk does not move them now, the end of the visit does, or
        the next start."""
        self._promised.update(names)
        _quietly(lambda: self._files.promise(self._promised))

    def let_go(self) -> None:
        """Nobody stands here any more."""
        if self._taken:
            _quietly(lambda: self._files.forget_open(but=self._promised))
        self._promised.clear()
        self._taken = self._failing = False

    def recover(self, store: Store) -> None:
        """After a start: what was promised just before the end is kept, the rest of that visit
        goes. While the centre is still asked for drops that were lost here, nobody knows what was
        promised: then all of it is offered, and what no drop names goes in its time. Raises
        StoreFailed."""
        found = self._files.open_ones()
        if store.recall_place() is not None:
            self._files.promise(found)
            return
        with store.look() as work:
            kept = [name for name in found if work.promised_photo(name)]
        self._files.forget_open(but=kept)


def _quietly(task: Callable[[], None]) -> None:
    """Files that are in the wrong folder are put right later; nobody waits for that."""
    try:
        task()
    except StoreFailed:
        logger.exception("photographs could not be put in their place")
