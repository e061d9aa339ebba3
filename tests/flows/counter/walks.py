"""A day at the counter at random: anything that can happen, in any order, from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter import meaning as means
from kiosk.domain.counter.commands import Receive, ReportMissing, Role, Who
from kiosk.domain.counter.outbound_facts import BagCommitted
from kiosk.domain.counter.parcel_facts import ParcelAnnounced, PickUpCodeIssued
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.staff.overrides import OverrideReason
from kiosk.flows.counter.model import (
    Bar,
    Chosen,
    CounterEvent,
    Drawn,
    Heard,
    Key,
    LanguageChosen,
    PaperDone,
    Pressed,
    Ready,
    ServiceChanged,
    Session,
    Tick,
    Typed,
    Written,
)
from kiosk.flows.counter.states.outbound import Paper
from kiosk.flows.counter.step import initial, step
from kiosk.ports import HintKind, ScanHint, Scanned, Service, Symbology, Trouble
from tests.flows.counter.conftest import TIMING
from tests.flows.counter.fake_desk import TEAM, FakeDesk

CODE = "c0de" * 16
PARCELS = tuple(f"0034043416109404{n:04}" for n in range(6))
BAGS = ("BAG-1", "BAG-2")
WORLD: tuple[means.Meaning, ...] = (
    *(means.ParcelScanned((Tracking("dhl", "DHL", number),)) for number in PARCELS),
    means.ParcelScanned((Tracking("dhl", "DHL", "7"), Tracking("gls", "GLS", "7"))),
    means.ParcelScanned((Tracking("ups", "UPS", "1Z9"),)),
    means.PickUpScanned(CODE),
    means.PickUpScanned("0" * 64),
    *(means.ShelfScanned(shelf) for shelf in ("A1", "A2", "R1", "nowhere")),
    *(means.BagScanned(bag) for bag in (*BAGS, "BAG-9")),
    *(means.ContainerScanned(plate) for plate in ("T-1", "T-2")),
    means.SealScanned("S-1"),
    means.SealScanned("S-2"),
    means.DriverScanned("dhl", "round-1", 3, 1),
    means.DriverScanned("gls", "round-2"),
    means.ItemScanned("4006381333931"),
    means.NotKnown(Reason(Why.CODE_FOREIGN)),
    *(means.BadgeScanned(member.badge) for member in TEAM.members),
    means.BadgeScanned("found in the street"),
)
PINS = [member.verifier.removeprefix("pin:") for member in TEAM.members]
CHOICES = (*(reason.value for reason in OverrideReason), *PARCELS, *BAGS, "dhl", "gls", "A1", "0")


def shop_with_everything() -> FakeDesk:
    """Parcels announced, received, missing and ready to be collected, and bags of drops."""
    desk, anna = FakeDesk(), Who("anna", Role.ASSOCIATE)
    today = desk.clock.date().isoformat()
    desk.tell(*(ParcelAnnounced(number, "dhl") for number in PARCELS[:4]))
    for number in PARCELS[1:4]:
        desk.done(Receive(number, "dhl"), anna)
    desk.done(ReportMissing(PARCELS[3]), anna)
    desk.tell(PickUpCodeIssued((PARCELS[1], PARCELS[2]), CODE))
    desk.tell(*(BagCommitted(bag, f"DROP-{bag}", "dhl", today) for bag in BAGS))
    for index, meaning in enumerate(WORLD):
        desk.means(f"code-{index}", meaning)
    return desk


def walked(desk: FakeDesk, seed: int, count: int) -> list[Session]:
    """Every session of a day."""
    session = step(initial(TIMING), Ready(), desk, TIMING)
    seen = [session]
    for event in events(seed, count):
        if isinstance(event, float):
            desk.wait(seconds=event)
            continue
        session = step(session, event, desk, TIMING)
        seen.append(session)
    return seen


def events(seed: int, count: int) -> Iterator[CounterEvent | float]:
    """What happens next; a number is so many seconds that pass."""
    random = Random(seed)
    for _ in range(count):
        yield from _one(random)


def _one(random: Random) -> list[CounterEvent | float]:
    kind = random.random()
    if kind < 0.12:
        member = random.choice(TEAM.members)
        text = f"code-{WORLD.index(means.BadgeScanned(member.badge))}"
        pin = member.verifier.removeprefix("pin:")
        return [_scan(text), *(Typed(char) for char in pin), Pressed(Key.SUBMIT)]
    if kind < 0.45:
        return [_scan(f"code-{random.randrange(len(WORLD))}")]
    if kind < 0.7:
        return [Pressed(random.choice(list(Key)))]
    if kind < 0.8:
        return [Chosen(random.choice(CHOICES))]
    if kind < 0.9:
        return [random.choice((1.0, 12.0, 45.0, 200.0, 400.0)), Tick()]
    troubles = random.choice((frozenset(), frozenset({Trouble.STORE_FAILED})))
    rest: tuple[CounterEvent, ...] = (
        Heard(),
        Typed(random.choice("0123456789aZ ")),
        Written("a note\n"),
        Drawn(((10, 10), (500, 400), (900, 100))),
        LanguageChosen(random.choice(("en", "ar", "xx"))),
        PaperDone(random.randrange(4), random.choice(list(Paper))),
        ServiceChanged(Service(troubles), Bar()),
        ScanHint(HintKind.CLOSER, "camera", 1.0),
    )
    return [random.choice(rest)]


def _scan(text: str) -> Scanned:
    return Scanned(text, text.encode(), Symbology.QR, "", "gun", 0.0)
