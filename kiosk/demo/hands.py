"""What can be held before the demo's camera, and what can go wrong: verbs for dock and journey."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.virtual import held
from drivers.virtual.camera import VirtualCamera
from kiosk.demo.world import SHOWN, World
from kiosk.ports import Scanner, Symbology
from ui.dock import Card, Lever

Picture = NDArray[np.uint8]

WIFI = "WIFI:T:WPA;S:Guest;P:not-a-secret;;"
PARCEL = "1Z999AA10123456784"
BAGS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to hold up: a card for the dock, and how it is drawn."""

    key: str
    title: str
    detail: str
    group: str
    draw: Callable[[], Picture]


def things(world: World) -> tuple[Thing, ...]:
    """Bags; every return as a phone, the first also as worse phones; and codes that are none."""
    sample = world.sample
    found = [
        Thing(f"bag-{n}", f"Bag {n}", bag, "bags", _bars(bag))
        for n, bag in enumerate(sample.bags[:BAGS_SHOWN], 1)
    ]
    found += [
        Thing(
            one.slug,
            one.title,
            f"Type {one.short_code}, or {one.order_number} with {one.postal_code}",
            "returns",
            _phone(one.signed_code, one.merchant, one.order_number),
        )
        for one in sample.returns
    ]
    found += [
        Thing(
            f"{one.slug}-network",
            f"{one.title} (its code)",
            "An opaque code of another network",
            "returns",
            _phone(one.network_code, "Northbox", one.order_number),
        )
        for one in sample.returns
        if one.network_code
    ]
    first = sample.returns[0]
    found += [
        Thing(
            "dark",
            "The first return, dark mode",
            "Light on dark, as some phones show it",
            "returns",
            lambda: held.phone(first.signed_code, (first.merchant,), dark=True),
        ),
        Thing(
            "cracked",
            "The first return, cracked glass",
            "Cracks run across the code",
            "returns",
            lambda: held.phone(first.signed_code, (first.merchant,), cracked=True),
        ),
        Thing(
            "label",
            "The first return, on paper",
            "The code printed at home",
            "returns",
            lambda: held.label(first.signed_code, (first.merchant, first.order_number)),
        ),
    ]
    found += [
        Thing(one.slug, one.title, one.rejected, "other", _phone(one.text, "", ""))
        for one in sample.bad_codes
    ]
    found += [
        Thing("goods", "A planter", "What a photograph is taken of", "other", held.planter),
        Thing("carrier", "A parcel label", "A UPS tracking number", "other", _bars(PARCEL)),
        Thing("wifi", "A Wi-Fi code", "Somebody else's kind of code", "other", _label(WIFI)),
        Thing(
            "junk",
            "A QR code full of junk",
            "As much as one can hold",
            "other",
            _label("JUNK" * 500),
        ),
    ]
    return tuple(found)


def _phone(code: str, *lines: str) -> Callable[[], Picture]:
    return lambda: held.phone(code, [line for line in lines if line])


def _bars(code: str) -> Callable[[], Picture]:
    return lambda: held.bag(code, code, Symbology.CODE_128)


def _label(code: str) -> Callable[[], Picture]:
    return lambda: held.label(code)


LEVERS = (
    Lever("centre", "Centre is down", "Stop the centre"),
    Lever("paper", "No paper", "Tear the paper"),
    Lever("paper_low", "Paper is low", "Paper runs low"),
    Lever("cover", "Printer cover open", "Open the printer"),
    Lever("printer", "Printer unplugged", "Unplug the printer"),
    Lever("lens", "Lens covered", "Cover the lens"),
    Lever("camera", "Camera unplugged", "Unplug the camera"),
)


class Hands:
    """The verbs, over what there is to hold up: the shopper's things where nothing else is told."""

    def __init__(self, world: World, held_up: tuple[Thing, ...] | None = None) -> None:
        self._world = world
        found = things(world) if held_up is None else held_up
        self._things = {thing.key: thing for thing in found}
        self._camera: VirtualCamera | None = None
        self._shown: Scanner | None = None

    def take(self, scanners: Mapping[str, Scanner], name: str) -> None:
        """The virtual camera of a running core."""
        camera = scanners[name]
        assert isinstance(camera, VirtualCamera)
        self._camera = camera
        self._shown = scanners.get(SHOWN)

    def cards(self) -> tuple[Card, ...]:
        """Pictures are drawn into the world's folder."""
        folder = self._world.folder / "pictures"
        return tuple(
            Card(t.key, t.title, t.detail, save(t, folder), t.group) for t in self._things.values()
        )

    def hold(self, key: str) -> None:
        """Hold this up; "" takes it away. KeyError for what there is not."""
        if self._camera is None:
            return
        if key:
            self._camera.present(self._things[key].draw())
        else:
            self._camera.remove()

    def put_file_away(self) -> None:
        """The photo or film has been seen: a person would take the phone down now."""
        if self._shown is not None:
            self._shown.stop()

    def pull(self, key: str, on: bool) -> None:
        """One of LEVERS."""
        printer, camera = self._world.printer, self._camera
        if key == "centre":
            (self._world.centre.stop if on else self._world.centre.start)()
        elif key in ("lens", "camera") and camera is not None:
            verbs = {
                "lens": (camera.cover, camera.uncover),
                "camera": (camera.unplug, camera.plug),
            }
            verbs[key][0 if on else 1]()
        elif printer is not None:
            faults = {
                "paper": (printer.tear_paper, printer.refill),
                "paper_low": (printer.paper_low, printer.refill),
                "cover": (printer.open_cover, printer.close_cover),
                "printer": (printer.unplug, printer.plug),
            }
            faults[key][0 if on else 1]()


def save(thing: Thing, folder: Path) -> Path:
    """The thing's picture as a file, drawn once."""
    file = folder / f"{thing.key}.png"
    if not file.exists():
        cv2.imwrite(str(file), thing.draw())
    return file
