"""A shopper at a kiosk: a return, photographs where the rules want them, a bag."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.app.drop_off import DropOff
from kiosk.app.photographs import Photographs
from kiosk.domain import codes
from kiosk.domain.policy.rules.evidence import CANNOT
from kiosk.domain.visit import AbandonCause, CommittedDrop, OpenDrop
from tests.sim.shop import presented, scanned

if TYPE_CHECKING:
    from tests.sim.kiosk import SimKiosk

_TRIES = 8


def visit(kiosk: SimKiosk) -> None:
    """Perhaps with a return that was dropped elsewhere already, and perhaps given up."""
    if kiosk.store is None or kiosk.drop_off is None or kiosk.photographs is None:
        return
    world, drop_off = kiosk.world, kiosk.drop_off
    number, bag, mood = world.next_return(), world.next_bag(), world.chance.random()
    found = drop_off.check(f"visit-{bag}", presented(number))
    if not isinstance(found, OpenDrop):
        world.tell(f"{kiosk.name} R-{number}: {found.reason.why}")
        return
    shown = _photographed(drop_off, kiosk.photographs, found)
    if mood >= 0.1:
        _drop(kiosk, drop_off, shown, number, bag)
    elif mood < 0.05:
        drop_off.abandon(shown, AbandonCause.CANCELLED)
    drop_off.let_go()


def _photographed(drop_off: DropOff, camera: Photographs, drop: OpenDrop) -> OpenDrop:
    """Every question answered: the same picture twice shows no more than once."""
    while (asking := drop.asking()) is not None:
        item, ask = asking
        names: list[str] = []
        for _ in range(_TRIES):
            photo = camera.take()
            name = "" if photo is None else camera.keep(photo)
            if name and name not in names:
                names.append(name)
            if len(names) == ask.question.count:
                break
        whole = len(names) == ask.question.count
        answers = {**item.answers, ask.question.question_id: ",".join(names) if whole else CANNOT}
        drop = drop_off.reconsider(drop, replace(item, answers=answers))
    return drop


def _drop(kiosk: SimKiosk, drop_off: DropOff, found: OpenDrop, number: int, bag: int) -> None:
    world, store = kiosk.world, kiosk.store
    assert store is not None
    active = store.policy.current()
    good = active is not None and store.now() < active.accept_until
    done = drop_off.commit(found, scanned(codes.bag_code(bag)))
    if isinstance(done, CommittedDrop):
        world.tell(f"{kiosk.name} R-{number}: promised {done.drop_number}")
        world.promised(kiosk, done, good)
    else:
        world.tell(f"{kiosk.name} R-{number}: {done.reason.why}")
    if kiosk.agent is not None:
        kiosk.agent.wake()
        kiosk.due = world.time.at
