"""Photographs that a drop names and that cannot be read here any more: the centre is told, once.

It would wait for them for ever, and nobody would know that a picture of the goods is missing. One
whose bytes are not those of its name is looked at twice before that, with a pause between: memory
errs as well as disks. One that the disk does not give at all is tried for longer, as a disk that
answers again may give it back. What is told stands in the chain before the file is put aside, so
that a power cut between the two only makes us look again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.store.photos import PhotoFiles
    from kiosk.store.store import Store

_LOG = logging.getLogger(__name__)

CHANGED: Final = 2
UNREADABLE: Final = 8
"""So many looks at one that is not whole, or that the disk does not give, and it is lost."""


@dataclass(slots=True)
class Lost:
    """`store` is None where nobody can be told: then nothing is ever lost. Raises StoreFailed."""

    files: PhotoFiles
    store: Store | None
    _looks: dict[str, int] = field(default_factory=dict)

    def look(self, name: str, enough: int) -> bool:
        """It could not be read once more; whether it is lost and told now."""
        self._looks[name] = self._looks.get(name, 0) + 1
        if self.store is None or self._looks[name] < enough:
            return False
        self.store.run(lambda work: work.lose_photo(name, "damaged"))
        self.files.damaged(name, self.store.now())
        self.well(name)
        _LOG.error("photograph %s is damaged; the centre is told", name[:8])
        return True

    def well(self, name: str) -> None:
        """It can be read, or nobody looks for it any more."""
        self._looks.pop(name, None)

    def asked(self, names: tuple[str, ...]) -> None:
        """The centre lacks them: what a drop of ours names and is nowhere here is lost."""
        for name in names:
            if self.store is not None and not self.files.has(name):
                self._gone(self.store, name)

    def _gone(self, store: Store, name: str) -> None:
        with store.look() as work:
            ours = work.promised_photo(name)
        if ours:
            store.run(lambda work: work.lose_photo(name, "gone"))
            _LOG.error("photograph %s is gone; the centre is told", name[:8])
