"""Which events are what was recorded: the hash chain says it, row by row.

SQLite does not notice a changed bit. An event whose link follows from the one before it is
proven; one whose link does not is damaged: its body may not be told as true, its id may.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from kiosk.store import events
from kiosk.store.recovery import lost_links
from kiosk.store.recovery.lost_links import link as _link
from kiosk.store.recovery.rows import Row, Rows
from kiosk.store.values import stamp

_END_OF_TIME_MS = 253_402_300_800_000  # the year 10000


class Proof(IntEnum):
    """The lower, the better."""

    PROVEN = 0
    UNPROVEN = 1  # whole, and nothing is left to prove it by
    DAMAGED = 2


@dataclass(frozen=True, slots=True)
class Found:
    row: Row
    proof: Proof


@dataclass(frozen=True, slots=True)
class Gap:
    """Sequence numbers of an epoch, both ends included, whose events are not there."""

    epoch: str
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Told:
    """`events` in the order in which they were recorded, each id once; `gaps` of the newest epoch,
    the only one that must be whole."""

    events: tuple[Found, ...]
    gaps: tuple[Gap, ...]


def prove(rows: Rows) -> Told:
    by_number: dict[int, list[Row]] = {}
    for versions in rows.versions("events"):
        for row in versions:
            by_number.setdefault(row["number"], []).append(row)
    proofs: dict[str, Found] = {}
    for versions in by_number.values():
        for row in versions:
            _better(proofs, row, Proof.UNPROVEN if _whole(row) else Proof.DAMAGED)
    epochs = _epochs(rows, by_number)
    bad: set[str] = set()
    for epoch, links in epochs.items():
        _follow(epoch, links, _bases(rows, epoch), by_number, proofs, bad)
    found = [_judged(one, bad) for one in proofs.values()]
    numbers = {one.row["number"] for one in found}
    # Copies of two lives may both begin at 1; the logical clock goes on over all of them.
    one_life = len(numbers) == len(found)
    found.sort(key=lambda one: (one_life or one.row["hlc"], one.row["number"]))
    return Told(tuple(found), tuple(_gaps(rows, epochs, numbers, one_life)))


def _follow(
    epoch: str,
    links: dict[int, Row],
    bases: dict[int, list[str]],
    by_number: dict[int, list[Row]],
    proofs: dict[str, Found],
    bad: set[str],
) -> None:
    """Along one epoch. What a link is stored as and what it should be are both gone on from: the
    stored one may be what the disk has changed."""
    for sequence in sorted(links):
        link, before = links[sequence], bases.get(sequence - 1, [])
        should: list[str] = []
        doubted: list[str] = []
        for row in by_number.get(link["event"], ()):
            expected = [_link(one, epoch, sequence, row) for one in before]
            should += expected
            if link["chain"] in expected or _goes_on(
                expected, epoch, links.get(sequence + 1), by_number
            ):
                _better(proofs, row, Proof.PROVEN)
                doubted = []
                break  # the others of that number are older, or of another life
            doubted.append(row["id"])
        bad |= set(doubted if before else ())
        bases[sequence] = [link["chain"], *(one for one in should if one != link["chain"])]


def _better(proofs: dict[str, Found], row: Row, proof: Proof) -> None:
    known = proofs.get(row["id"])
    if known is None or proof < known.proof:
        proofs[row["id"]] = Found(row, proof)


def _judged(found: Found, bad: set[str]) -> Found:
    if found.proof is Proof.UNPROVEN and found.row["id"] in bad:
        return Found(found.row, Proof.DAMAGED)
    return found


def linkable(row: Row) -> Row:
    """An event that a link can be made for: of a damaged one no more may be left than its id, in
    which its time stands (UUIDv7, RFC 9562)."""
    if _link("", "", 0, row):
        return row
    milliseconds = int(row["id"].replace("-", "")[:12], 16)
    at = datetime.fromtimestamp(milliseconds % _END_OF_TIME_MS / 1000, UTC)
    return {**row, "time": stamp(at), "data": "{}"}


def _whole(row: Row) -> bool:
    try:
        events.link("", "", 0, row)
        return isinstance(json.loads(row["data"]), dict)
    except (ValueError, TypeError):
        return False


def _epochs(rows: Rows, by_number: dict[int, list[Row]]) -> dict[str, dict[int, Row]]:
    """The links of each epoch by sequence; those that were lost as well, where the chain tells
    them again."""
    found: dict[str, dict[int, Row]] = {}
    for link in rows.best("outbox"):
        found.setdefault(link["epoch"], {})[link["sequence"]] = link
    for known in rows.best("epochs"):
        links = found.setdefault(known["epoch"], {})
        links |= lost_links.found_again(known, links, by_number)
    return found


def _bases(rows: Rows, epoch: str) -> dict[int, list[str]]:
    """The links before the first event held, as retention left them."""
    found: dict[int, list[str]] = {}
    for _, row in rows.found["epochs"].get((epoch,), []):
        found.setdefault(row["base_sequence"], []).append(row["base_chain"])
    return found


def _goes_on(
    expected: list[str], epoch: str, after: Row | None, by_number: dict[int, list[Row]]
) -> bool:
    """Whether the next event follows from what this one's link should be."""
    if after is None:
        return False
    return any(
        one and _link(one, epoch, after["sequence"], row) == after["chain"]
        for one in expected
        for row in by_number.get(after["event"], ())
    )


def _gaps(
    rows: Rows, epochs: dict[str, dict[int, Row]], numbers: set[int], one_life: bool
) -> Iterator[Gap]:
    """What the newest epoch should hold between its base and its end, and does not. An event
    whose link alone is lost is there; which it is, its number says, as long as no other life
    used the same numbers."""
    known: dict[str, Any] | None = max(
        rows.best("epochs"), key=lambda row: row["number"], default=None
    )
    name = known["epoch"] if known else max(epochs, key=lambda one: len(epochs[one]), default="")
    links = epochs.get(name, {})
    held = {sequence for sequence, link in links.items() if link["event"] in numbers}
    first = known["base_sequence"] + 1 if known else min(held, default=1)
    last = max(known["sequence"] if known else 0, max(links, default=0))
    if known and one_life:
        for shift in lost_links.shifts(known, links, numbers)[:1]:
            held |= {s for s in range(first, last + 1) if s not in links and s + shift in numbers}
    for begin, end in lost_links.holes(first, last, held):
        yield Gap(name, begin, end)
