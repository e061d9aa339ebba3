"""The newest lines of the program's own log, for whoever cannot come to the kiosk.

They are kept in memory: what a crash took is in the log of the machine. Only sentences of this
program are kept, which name nobody and no code; they may end in what a disk or a line said. Of a
traceback the kind and the places are kept, and not its text: that may be anything that somebody
put in.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections import deque
from pathlib import PurePath
from types import TracebackType
from typing import Final

MOST: Final = 200
LONGEST: Final = 300  # signs of one line
_DEEPEST: Final = 6  # places of an error, the innermost
_OURS: Final = frozenset({"takeback", "kiosk", "sync", "drivers", "ui"})


class Logbook(logging.Handler):
    """Bounded, whatever happens: MOST lines of LONGEST signs. Times are UTC by the machine's
    clock."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[str] = deque(maxlen=MOST)

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] in _OURS:
            try:
                self._lines.append(_line(record))
            except Exception:  # noqa: BLE001 - a line that cannot be said must stop nobody
                self.handleError(record)

    def newest(self) -> list[str]:
        """Oldest first."""
        self.acquire()
        try:
            return list(self._lines)
        finally:
            self.release()


def begin() -> Logbook:
    """The book of this process, from now on; the same one when it is begun again."""
    book = _begun()
    if book is None:
        book = Logbook()
        logging.getLogger().addHandler(book)
    return book


def newest() -> list[str]:
    """Of this process, oldest first; nothing where no book was begun."""
    book = _begun()
    return [] if book is None else book.newest()


def _begun() -> Logbook | None:
    found = (one for one in logging.getLogger().handlers if isinstance(one, Logbook))
    return next(found, None)


def _line(record: logging.LogRecord) -> str:
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
    said = f"{at} {record.levelname} {record.threadName} {record.name}: {record.getMessage()}"
    if record.exc_info is not None and record.exc_info[0] is not None:
        said += f" [{_error(*record.exc_info)}]"
    plain = "".join(sign if sign.isprintable() else "�" for sign in said)
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def _error(kind: type[BaseException], _said: BaseException, at: TracebackType | None) -> str:
    frames = traceback.extract_tb(at)[-_DEEPEST:]
    places = (f"{PurePath(one.filename).name}:{one.lineno} {one.name}" for one in reversed(frames))
    return " < ".join((kind.__name__, *places))
