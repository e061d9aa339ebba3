"""The demo's parcels: announced by the centre, each with a pick-up code that its recipient has."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from kiosk.domain.codes import pick_up_code
from kiosk.domain.codes.model import PickUpCode
from kiosk.domain.codes.pick_up import parse_pick_up
from kiosk.domain.counter import pick_up
from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from kiosk.ports import Clock, Ids
from sync.central.counter import tell
from sync.central.counter_book.peppers import newest_pepper
from sync.central.database import Database

_WANTED = (
    ("DHL", "small", 1),
    ("DHL", "", 1),
    ("GLS", "small", 2),
    ("UPS", "large", 3),
    ("DHL", "small", 4),
    ("GLS", "", 5),
)
"""Carrier, size, and whose: the first two are for one person, so one code fetches both."""
CODE_BITS = 40


@dataclass(frozen=True, slots=True)
class DemoParcel:
    """`code` is what its recipient holds up."""

    number: str
    carrier: str
    code: str = field(repr=False)


def announced(
    database: Database, clock: Clock, ids: Ids, tenant: str, site: str, file: Path
) -> tuple[DemoParcel, ...]:
    """Told to the site's counters once; afterwards what was written down then."""
    if file.exists():
        return msgspec.json.decode(file.read_bytes(), type=tuple[DemoParcel, ...])
    with database.reading() as c:
        pepper = newest_pepper(c, tenant, site)
    if pepper is None:
        raise ValueError(f"{site} has no counter")
    first = ids.token(40)
    codes = {whose: pick_up_code(ids.token(CODE_BITS)) for whose in {w for *_, w in _WANTED}}
    made = tuple(
        DemoParcel(f"JJD{first + at:017d}", carrier, codes[whose])
        for at, (carrier, _, whose) in enumerate(_WANTED)
    )
    facts = [
        ParcelAnnounced(
            one.number, one.carrier, size, f"recipient {whose}", _digest(one.code, pepper.secret)
        )
        for one, (_, size, whose) in zip(made, _WANTED, strict=True)
    ]
    database.write(lambda c: tell(c, clock.now(), tenant, site, facts))
    file.touch(0o600)
    file.write_bytes(msgspec.json.encode(made))
    return made


def _digest(text: str, pepper: bytes) -> str:
    code = parse_pick_up(text)
    assert isinstance(code, PickUpCode), text
    return pick_up.digest(code, pepper)
