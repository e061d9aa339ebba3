"""What happens in a history: drawn from the seed, told to the world, then quiet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from sync.central import devices
from sync.central.audit import at_console
from tests.sim import checker, harm, orders
from tests.sim.kiosk import SimKiosk
from tests.sim.line import ANY, Fault
from tests.sim.shop import TENANT
from tests.sim.truth import Broken
from tests.sim.visit import visit
from tests.sim.world import World

DEEDS = 16
FEW = 5
SHORT_BELOW = 8_000
"""Seeds below this make short histories: many of those find more than few long ones."""
EVERY_S = 260.0  # between two deeds, on average
DRAINED_WITHIN_S = 4 * 3_600.0
LET_GO_WITHIN_S = 8 * 3_600.0
"""Until a photograph that the centre does not expect is offered no more."""


class Deed(StrEnum):
    """What may happen next."""

    VISIT = "visit"
    CRASH = "crash"
    FUSE = "fuse"  # dies a few statements or requests from now
    BACKUP = "backup"
    RESTORE = "restore"
    CLONE = "clone"
    CLOCK = "clock"
    FULL = "full"
    ROOM = "room"
    ROT = "rot"
    SPOIL = "spoil"
    LOSE = "lose"
    WEATHER = "weather"
    OUTAGE = "outage"
    OVERLOAD = "overload"
    POISON = "poison"
    REVOKE = "revoke"
    ORDER = "order"
    CENTRE_FUSE = "centre fuse"
    CENTRE_DOWN = "centre down"
    CENTRE_BACKUP = "centre backup"
    CENTRE_RESTORE = "centre restore"


WEIGHTS = {
    Deed.VISIT: 30,
    Deed.CRASH: 3,
    Deed.FUSE: 5,
    Deed.BACKUP: 4,
    Deed.RESTORE: 4,
    Deed.CLONE: 2,
    Deed.CLOCK: 3,
    Deed.FULL: 2,
    Deed.ROOM: 2,
    Deed.ROT: 1,
    Deed.SPOIL: 1,
    Deed.LOSE: 1,
    Deed.WEATHER: 5,
    Deed.OUTAGE: 4,
    Deed.OVERLOAD: 2,
    Deed.POISON: 2,
    Deed.REVOKE: 0.3,
    Deed.ORDER: 4,
    Deed.CENTRE_FUSE: 5,
    Deed.CENTRE_DOWN: 2,
    Deed.CENTRE_BACKUP: 4,
    Deed.CENTRE_RESTORE: 3,
}
_CLOCKS = (
    timedelta(days=3_650),
    timedelta(days=-3_650),
    timedelta(hours=-1),
    timedelta(hours=1),
    timedelta(minutes=-3),
)


def play(
    world: World, more: Mapping[Deed, float] | None = None, begin: tuple[Fault, ...] = ()
) -> None:
    """A whole history; `more` are weights in place of the usual ones, `begin` the weather to
    begin with. Raises Broken where an invariant does not hold."""
    chance = world.chance
    many = FEW if world.seed < SHORT_BELOW else DEEDS
    for kiosk in world.kiosks:
        kiosk.open()
        if begin:
            kiosk.line.weather, kiosk.line.likely = begin, 0.5
        elif chance.random() < 0.5:
            _weather(world, kiosk)
    weights = WEIGHTS | dict(more or {})
    deeds = chance.choices(tuple(weights), tuple(weights.values()), k=many)
    for deed in deeds:
        world.run(world.time.at + chance.expovariate(1 / EVERY_S))
        _do(world, deed, chance.choice(world.kiosks))
    _calm(world)
    ends = world.time.at + DRAINED_WITHIN_S
    if not world.run(ends, lambda: checker.settled(world)):
        raise Broken(11, "faults have stopped and the queues do not drain: " + checker.where(world))
    ends += LET_GO_WITHIN_S
    if not world.run(ends, lambda: checker.settled(world) and not checker.offered(world)):
        raise Broken(15, f"offered for ever: {checker.offered(world)}")
    checker.check(world)


def _calm(world: World) -> None:
    """Faults stop; what is broken is mended by hand, and then only timers run."""
    world.tell("quiet")
    world.quiet = True
    world.centre.fuse = None
    world.centre.down = False
    world.overloaded_until = world.time.at
    for kiosk in world.kiosks:
        kiosk.fuse = None
        kiosk.line.weather, kiosk.line.likely = (), 0.0
        if kiosk.full:
            kiosk.fill(False)
        if kiosk.store is None:
            kiosk.open()
        if kiosk.spoilt or not kiosk.sound():
            world.tell(f"{kiosk.name}: another disk")
            kiosk.new_disk()
            kiosk.open()


def _weather(world: World, kiosk: SimKiosk) -> None:
    few = world.chance.sample(ANY, 3)
    kiosk.line.weather = ANY if world.chance.random() < 0.4 else tuple(few)
    kiosk.line.likely = world.chance.choice((0.0, 0.2, 0.4, 0.7))
    world.tell(f"{kiosk.name} weather {kiosk.line.likely} {', '.join(few)}")


def _do(world: World, deed: Deed, kiosk: SimKiosk) -> None:
    if deed is not Deed.VISIT:
        world.tell(f"{deed} {kiosk.name}")
    if deed.value.startswith("centre"):
        _to_the_centre(world, deed)
    elif deed in (Deed.BACKUP, Deed.RESTORE, Deed.CLONE, Deed.ROT, Deed.SPOIL, Deed.LOSE):
        _to_the_disk(world, deed, kiosk)
    elif deed in (Deed.WEATHER, Deed.OUTAGE, Deed.OVERLOAD, Deed.POISON):
        _on_the_way(world, deed, kiosk)
    else:
        _to_the_box(world, deed, kiosk)


def _to_the_centre(world: World, deed: Deed) -> None:
    centre, chance = world.centre, world.chance
    match deed:
        case Deed.CENTRE_FUSE:
            centre.fuse = 1 + chance.randrange(60)
        case Deed.CENTRE_DOWN:
            centre.down = True
            centre.restart()
            world.later(chance.expovariate(1 / 600.0), lambda: setattr(centre, "down", False))
        case Deed.CENTRE_BACKUP:
            centre.keep_backup(world.folder)
        case _:
            if centre.backup is not None:
                with world.forgetting():
                    centre.put_back(centre.backup)


def _to_the_disk(world: World, deed: Deed, kiosk: SimKiosk) -> None:
    match deed:
        case Deed.BACKUP:
            kiosk.keep_backup()
        case Deed.RESTORE:
            if kiosk.backup is not None:
                kiosk.put_back(kiosk.backup)
                world.later(60.0, kiosk.open)
        case Deed.CLONE:
            if len(world.kiosks) < 4:
                other = kiosk.copy(f"{kiosk.name}'{len(world.kiosks)}")
                world.kiosks.append(other)
                world.later(world.chance.expovariate(1 / 300.0), other.open)
        case Deed.ROT:
            name = harm.rot(kiosk)
            if name:
                world.truth.altered.add(name)
                world.tell(f"{name} is altered")
            world.later(60.0, kiosk.open)
        case Deed.SPOIL:
            harm.spoil(kiosk)
            world.later(60.0, kiosk.open)
        case _:
            harm.lose(kiosk)
            world.later(60.0, kiosk.open)


def _on_the_way(world: World, deed: Deed, kiosk: SimKiosk) -> None:
    chance = world.chance
    match deed:
        case Deed.WEATHER:
            _weather(world, kiosk)
        case Deed.OUTAGE:
            kiosk.line.weather, kiosk.line.likely = (chance.choice(ANY),), 1.0
            world.later(chance.expovariate(1 / 900.0), lambda: setattr(kiosk.line, "likely", 0.0))
        case Deed.OVERLOAD:
            world.overload(60.0 + chance.randrange(1_200))
        case _:
            drops = [n for n, fact in world.truth.facts.items() if "committed" in fact.type]
            if drops:
                world.poisoned.add(drops[-1])


def _to_the_box(world: World, deed: Deed, kiosk: SimKiosk) -> None:
    chance = world.chance
    match deed:
        case Deed.VISIT:
            kiosk.guard(lambda: visit(kiosk))
        case Deed.CRASH:
            kiosk.fall()
            world.later(chance.expovariate(1 / 120.0), kiosk.open)
        case Deed.FUSE:
            kiosk.fuse = 1 + chance.randrange(80)
        case Deed.CLOCK:
            kiosk.jump(chance.choice(_CLOCKS))
        case Deed.FULL | Deed.ROOM:
            kiosk.fill(deed is Deed.FULL)
        case Deed.ORDER:
            orders.give(world, kiosk)
        case _:
            actor = at_console(TENANT)
            with world.centre.by_hand() as database:
                devices.revoke(database, world.time, actor, kiosk.device_id, "lost")
            world.revoked.add(kiosk.device_id)


__all__ = ["Deed", "Fault", "play"]
