"""What the kiosk must never lose: the ledger, its outbox, and the policy it decides by.

Importing this package costs nothing; SQLAlchemy is loaded when a store is opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.ports import Clock, Ids
from kiosk.store.errors import StoreCause, StoreFailed, Unavailable

if TYPE_CHECKING:
    from kiosk.store.store import Store as Store
    from kiosk.store.work import Work as Work

__all__ = ["Store", "StoreCause", "StoreFailed", "Unavailable", "Work", "open_store", "try_open"]


def open_store(data_dir: Path, clock: Clock, ids: Ids) -> Store:
    """Open or create the store in `data_dir`; migrates and checks it first.

    Raises StoreFailed, whose `cause` says why: IN_USE when another process holds it.
    """
    from kiosk.store import store

    return store.open_store(data_dir, clock, ids)


def try_open(data_dir: Path, clock: Clock, ids: Ids) -> Store | Unavailable:
    """As `open_store`, with the failure as a value."""
    try:
        return open_store(data_dir, clock, ids)
    except StoreFailed as failure:
        return Unavailable(failure.cause, failure.detail)


def __getattr__(name: str) -> object:
    if name == "Store":
        from kiosk.store.store import Store

        return Store
    if name == "Work":
        from kiosk.store.work import Work

        return Work
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
