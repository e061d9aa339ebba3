"""What is to be said about the ledger's files, for an engineer: `takeback store check`.

Looks only. Beside a running kiosk the log is left to the kiosk, which writes it at this moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from kiosk.store import backup, beside, tables
from kiosk.store.errors import StoreCause, StoreFailed
from kiosk.store.lock import DirectoryLock, holder
from kiosk.store.outbox import chains, verify_chains
from kiosk.store.recovery import looking, told
from kiosk.store.recovery.places import LEDGER, finish


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    well: bool
    sentence: str


def inspect(data_dir: Path, now: datetime) -> list[Finding]:
    """Every page, index and link, the copies, and what happened before. Raises StoreFailed for
    what kept us from looking."""
    found = [_file(data_dir)]
    if found[0].well and (data_dir / LEDGER).exists():
        try:
            with beside.look(data_dir) as connection:
                found += _content(connection, now)
        except StoreFailed as failure:
            if failure.cause is not StoreCause.CORRUPT:
                raise
            found[0] = Finding("ledger", False, str(failure))
    return [*found, *_copies(data_dir, now)]


def damage(data_dir: Path) -> tuple[str, str]:
    """(cause, sentence) of what is wrong with a ledger that nobody has open, both "" where
    nothing is. Raises StoreFailed: IN_USE beside a running kiosk."""
    lock = DirectoryLock(data_dir)
    try:
        finish(data_dir)
        looking.before_opening(data_dir)
        why = looking.complaint(data_dir) if (data_dir / LEDGER).exists() else ""
    except StoreFailed as failure:
        if failure.cause not in (StoreCause.CORRUPT, StoreCause.LOST):
            raise
        return failure.cause.value, failure.detail
    finally:
        lock.release()
    return ("corrupt", why) if why else ("", "")


def _file(data_dir: Path) -> Finding:
    if holder(data_dir) is None:
        try:
            looking.before_opening(data_dir)
        except StoreFailed as failure:
            return Finding("ledger", False, failure.detail)
    if not (data_dir / LEDGER).exists():
        return Finding("ledger", True, "none yet; made when the kiosk first starts")
    return Finding("ledger", True, f"{(data_dir / LEDGER).stat().st_size >> 10} KiB")


def _content(connection: Connection, now: datetime) -> Iterator[Finding]:
    complaint = beside.sound(connection, whole=True)
    yield Finding("pages", not complaint, complaint or _pages(connection))
    if complaint:
        return
    fault = verify_chains(connection)
    if fault is not None:
        yield Finding(
            "chain",
            False,
            f"event {fault.sequence} of epoch {fault.epoch} is not what was recorded",
        )
        return
    held = connection.execute(select(func.count()).select_from(tables.events)).scalar_one()
    epochs = chains(connection)
    yield Finding("chain", True, f"{held} events in {len(epochs)} epochs follow from each other")
    waiting = epochs[-1].sequence - epochs[-1].cursor if epochs else 0
    yield Finding("queue", True, f"{waiting} events wait for the centre")
    looked = looking.last(connection)
    when = "never since it was made" if looked is None else f"{ago(now - looked)} ago"
    yield Finding("last look", True, f"by the kiosk itself: {when}")
    mended = told.last(connection)
    if mended is not None:
        yield Finding("recovery", True, told_of(mended))


def _pages(connection: Connection) -> str:
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
    free = connection.exec_driver_sql("PRAGMA freelist_count").scalar() or 0
    return f"all {pages} are whole, {free} of them free for what comes"


def _copies(data_dir: Path, now: datetime) -> Iterator[Finding]:
    """Each was proven when it was made; the newest is proven once more."""
    found = backup.copies(data_dir)
    if not found:
        yield Finding("copies", True, "none")
        return
    newest = found[0]
    try:
        backup.prove(newest.path)
    except StoreFailed as failure:
        yield Finding("copies", False, f"{newest.path}: {failure.detail}")
        return
    yield Finding(
        "copies", True, f"{len(found)}, the newest made {ago(now - newest.at)} ago, whole"
    )


def told_of(mended: told.Mended) -> str:
    """What a recovery did, in a sentence."""
    more = " or more" if mended.uncounted else ""
    lost = f"{mended.missing}{more} missing, {mended.damaged} without content"
    return f"mended on {mended.when:%Y-%m-%d}: {mended.events} events kept, {lost}"


def ago(span: timedelta) -> str:
    """As a person says it."""
    hours = max(0, int(span.total_seconds() // 3600))
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"
