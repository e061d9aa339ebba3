"""What is scanned at the demo's counter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from drivers.virtual import held
from kiosk.demo.counter.parcels import DemoParcel
from kiosk.demo.hands import Picture, Thing
from kiosk.domain.codes import container_code, seal_code
from kiosk.domain.codes.round import round_code
from kiosk.domain.codes.shelf import shelf_code
from kiosk.ports import Symbology
from sync.central.demo_counter import DemoStaff

SHELVES = ("A1", "A2", "B1", "B2", "F1", "R1")
BROUGHT = "1Z999AA10123456784"
"""A customer's parcel, which nobody announced."""
GOODS = "4006381333931"


def things(staff: Sequence[DemoStaff], parcels: Sequence[DemoParcel]) -> tuple[Thing, ...]:
    """Badges, drivers, parcels, shelves, recipients' codes, what goes out; and what is none."""
    carriers = sorted({one.carrier for one in parcels})
    return (
        *(_badge(who) for who in staff),
        *(_driver(carrier, parcels) for carrier in carriers),
        *(_parcel(n, one) for n, one in enumerate(parcels, 1)),
        *(_shelf(name) for name in SHELVES),
        *_recipients(parcels),
        Thing("brought", "A customer's parcel", f"UPS {BROUGHT}", "out", _bars(BROUGHT)),
        Thing("container", "A cage", container_code(7), "out", _label(container_code(7), "7")),
        Thing("seal", "A seal", seal_code(7), "out", _label(seal_code(7), "7")),
        Thing("goods", "Goods", "A barcode that is no parcel", "other", _goods()),
    )


def _badge(who: DemoStaff) -> Thing:
    draw = _label(who.badge, who.name, who.role)
    detail = f"{who.role}; first PIN {who.pin}"
    return Thing(f"badge-{who.role}", f"Badge of {who.name}", detail, "staff", draw)


def _driver(carrier: str, parcels: Sequence[DemoParcel]) -> Thing:
    brings = sum(one.carrier == carrier for one in parcels)
    draw = _phone(round_code(carrier, f"{carrier}-TODAY", brings, None), carrier)
    detail = f"Brings {brings}, by the app"
    return Thing(f"driver-{carrier}", f"{carrier}'s driver", detail, "drivers", draw)


def _parcel(n: int, one: DemoParcel) -> Thing:
    detail = f"{one.carrier} {one.number}"
    return Thing(f"parcel-{n}", f"Parcel {n}", detail, "in", _bars(one.number))


def _shelf(name: str) -> Thing:
    draw = _label(shelf_code(name), name)
    return Thing(f"shelf-{name}", f"Shelf {name}", "Its label", "shelves", draw)


def _recipients(parcels: Sequence[DemoParcel]) -> Iterator[Thing]:
    """In the order of their first parcels."""
    fetched = Counter(one.code for one in parcels)
    for n, (code, many) in enumerate(fetched.items(), 1):
        draw = _phone(code, "Pick-up")
        yield Thing(f"code-{n}", f"Recipient {n}", f"Fetches {many}", "codes", draw)


def _phone(code: str, *lines: str) -> Callable[[], Picture]:
    return lambda: held.phone(code, list(lines))


def _label(code: str, *lines: str) -> Callable[[], Picture]:
    return lambda: held.label(code, lines)


def _bars(code: str) -> Callable[[], Picture]:
    return lambda: held.bag(code, code, Symbology.CODE_128)


def _goods() -> Callable[[], Picture]:
    return lambda: held.bag(GOODS, GOODS, Symbology.EAN_13)
