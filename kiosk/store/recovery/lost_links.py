"""Links that were lost while their events were not.

An epoch numbers its events without a hole, as the ledger numbers its rows: the distance between
the two is the same all over an epoch. So an event's own number says where it stood, and the chain
up to the next link that is left, or to the epoch's end, proves that it did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from kiosk.store import events
from kiosk.store.recovery.rows import Row

Links = Mapping[int, Row]
Events = Mapping[int, list[Row]]


def link(previous: str, epoch: str, sequence: int, row: Row) -> str:
    """ "" for a row that no link can follow from."""
    try:
        return events.link(previous, epoch, sequence, row)
    except (ValueError, TypeError):
        return ""


def holes(first: int, last: int, held: Collection[int]) -> Iterator[tuple[int, int]]:
    """From `first` to `last`, both included, what is not held: ends of each run."""
    inside = sorted(one for one in held if first <= one <= last)
    for one, following in pairwise([first - 1, *inside, last + 1]):
        if following - one > 1:
            yield one + 1, following - 1


def shifts(known: Row, links: Links, numbers: Collection[int]) -> list[int]:
    """What to add to a sequence number to have the event's: as most links that are left say; else
    as if the last event were there, and then as if the first were."""
    told = Counter(one["event"] - sequence for sequence, one in links.items())
    if told:
        return [shift for shift, _ in told.most_common()]
    if not numbers:
        return []
    return [max(numbers) - known["sequence"], min(numbers) - 1 - known["base_sequence"]]


def found_again(known: Row, links: Links, by_number: Events) -> dict[int, Row]:
    """The lost links of an epoch that are proven, by sequence. `known` is its row of `epochs`."""
    again: dict[int, Row] = {}
    first, last = known["base_sequence"] + 1, known["sequence"]
    for run in holes(first, last, links):
        for shift in shifts(known, links, by_number):
            chained = _chained(known, links, by_number, run, shift)
            if chained:
                again |= chained
                break
    return again


def _chained(
    known: Row, links: Links, by_number: Events, run: tuple[int, int], shift: int
) -> dict[int, Row]:
    """{} where an event of the run is missing, or its end is not what it leads to."""
    epoch, (first, last) = known["epoch"], run
    before = links.get(first - 1)
    previous = str(known["base_chain"] if before is None else before["chain"])
    found: dict[int, Row] = {}
    for sequence in range(first, last + 1):
        rows = by_number.get(sequence + shift, ())
        previous = next((one for row in rows if (one := link(previous, epoch, sequence, row))), "")
        if not previous:
            return {}
        place = {"epoch": epoch, "sequence": sequence, "event": sequence + shift}
        found[sequence] = {**place, "chain": previous, "acked_at": None}
    return found if _meets(known, links, by_number, last, previous) else {}


def _meets(known: Row, links: Links, by_number: Events, last: int, chain: str) -> bool:
    after = links.get(last + 1)
    if after is None:
        return last == known["sequence"] and bool(known["chain"] == chain)
    rows = by_number.get(after["event"], ())
    return any(link(chain, known["epoch"], last + 1, row) == after["chain"] for row in rows)
