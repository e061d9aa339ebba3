"""A folded thing as a row of `counter_things`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from kiosk.domain.counter.bags import Bag, BagState
from kiosk.domain.counter.containers import OVER, Container
from kiosk.domain.counter.manifests import Manifest, ManifestState
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.counter.shelves import Shelf
from sync.central.counter.folding import Folded, Thing

LONGEST = 200
_AT_WORK = (ManifestState.DRAFT, ManifestState.READY)
_IN_SHOP = (BagState.COMMITTED, BagState.CONTAINED)
_BLANK: dict[str, Any] = {
    "carrier": "",
    "size": "",
    "shelf": "",
    "container": "",
    "manifest": "",
    "plate": "",
    "until": "",
    "recipient": "",
    "room": 0,
    "here": False,
    "announced": False,
}


def row_of(tenant: str, site: str, folded: Folded, cases: Sequence[str]) -> dict[str, Any]:
    """`cases` are the keys of those that its conflicts opened. Whether it was left behind depends
    on another thing, and is put in afterwards."""
    return {
        "tenant": tenant,
        "site": site,
        "kind": folded.subject.kind.value,
        "name": folded.subject.name,
        "state": folded.state,
        "facts": folded.facts,
        "conflicts": list(cases),
        "disputed": bool(folded.unsettled),
        "first_at": folded.first_at,
        "since": folded.since,
        "changed_at": folded.changed_at,
        **_BLANK,
        **{name: _short(value) for name, value in _said(folded.thing).items()},
    }


def _short(value: Any) -> Any:
    """An index of PostgreSQL holds no text without end; whoever tells such is kept whole in the
    fact itself."""
    return value[:LONGEST] if isinstance(value, str) else value


def _said(thing: Thing) -> dict[str, Any]:
    match thing:
        case Parcel():
            return {
                "carrier": thing.carrier,
                "size": thing.size,
                "shelf": thing.shelf_id,
                "container": thing.container_id,
                "until": thing.until,
                "recipient": thing.recipient,
                "here": thing.is_here,
                "announced": thing.announced,
            }
        case Bag():
            return {
                "carrier": thing.carrier,
                "container": thing.container_id,
                "here": thing.state in _IN_SHOP,
            }
        case Container():
            return {
                "carrier": thing.carrier,
                "plate": thing.plate,
                "manifest": thing.manifest_id,
                "room": thing.holds,
                "here": thing.state not in OVER,
            }
        case Manifest():
            return {"carrier": thing.carrier, "here": thing.state in _AT_WORK}
        case Shelf():
            return {"shelf": thing.zone, "room": thing.room, "here": bool(thing.room)}
        case _:
            assert_never(thing)
