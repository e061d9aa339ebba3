"""Pictures of the kiosk's own screen, on their way to the centre.

They are kept and sent as photographs of goods are (kiosk.store.photos), in a folder of their own
and with less care: no promise hangs on one. Few are kept, the newest; what the centre has, or does
not want, or what the disk has spoilt, is deleted at once.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.ports import Ids
from kiosk.store.photos import SCREENS, WAITING, PhotoFiles

NEWEST: Final = 8
LARGEST: Final = 256 << 10  # bytes of one; sync.wire.messages.MAX_SCREEN
_BUDGET: Final = (NEWEST + 1) * LARGEST + (1 << 20)


class ScreenFiles(PhotoFiles):
    """As PhotoFiles: `keep` one, record its event, then `promise` it."""

    def __init__(self, data_dir: Path, ids: Ids) -> None:
        super().__init__(data_dir, ids, _BUDGET, folder=SCREENS)

    def thin(self) -> None:
        """Only the newest are worth a line that was away for long."""
        for name in self.waiting()[:-NEWEST]:
            self._drop(name)

    def read(self, name: str) -> bytes | None:
        found = super().read(name)
        if found is None:
            self._drop(name)
        return found

    def sent(self, name: str, now: datetime) -> None:  # noqa: ARG002 - as PhotoFiles has it
        self._drop(name)

    def set_aside(self, name: str, now: datetime) -> None:  # noqa: ARG002 - as PhotoFiles has it
        self._drop(name)

    def _drop(self, name: str) -> None:
        self._remove([self._home / WAITING / name])
