"""Signatures that were drawn at the counter: the lines alone, as JSON, named by its SHA-256.

Kept as photographs of goods are (kiosk.store.photos), in a folder of their own, and told to
nobody: what is told of one is its name, in the fact of the hand-out or of the hand-over. It lies in
`open/` until that fact is on the disk, then in `sent/` for as long as the settings say.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.ports import Ids
from kiosk.store.photos import SIGNATURES, PhotoFiles

KEEP: Final = timedelta(days=90)
"""Carriers ask who signed within weeks; nobody needs the drawing after that."""
_BUDGET: Final = 64 << 20


class SignatureFiles(PhotoFiles):
    """`keep` one; then `given` once its fact is on the disk, or `forget_open`."""

    def __init__(self, data_dir: Path, ids: Ids, keep: timedelta = KEEP) -> None:
        super().__init__(data_dir, ids, _BUDGET, keep, folder=SIGNATURES)

    def given(self, names: Iterable[str], now: datetime) -> None:
        """Facts name them: from now on their time runs."""
        for name in names:
            self.promise((name,))
            self.sent(name, now)
