"""Whether the fourteen invariants of the sync design hold, once everything is quiet.

What must hold at every moment is asked in tests.sim.world; here the books are compared.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from typing import Any

from kiosk.domain import chain
from kiosk.store import StoreFailed
from tests.sim import orders, photos
from tests.sim.kiosk import SimKiosk
from tests.sim.shop import units
from tests.sim.truth import Broken, Fact
from tests.sim.world import World

COMMITTED = "takeback.drop.committed.v1"
_KNOWN = "SELECT drop_id, drop_number, return_id FROM drops WHERE state = 'committed'"
_GIVEN_UP = (
    "SELECT n.drop_id, n.sha256 FROM drop_photos n"
    " LEFT JOIN photos p ON p.tenant = n.tenant AND p.sha256 = n.sha256"
    " LEFT JOIN cases k ON k.tenant = n.tenant AND k.state != 'settled'"
    " AND k.key = 'photo_lost:photo:' || n.drop_id || '/' || n.sha256"
    " WHERE NOT n.awaited AND p.came_at IS NULL AND k.key IS NULL"
)
_LINKS = (
    "SELECT sequence, event_id, chain FROM links WHERE device_id = :d AND epoch = :e"
    " ORDER BY sequence"
)


def settled(world: World) -> bool:
    """Whether every kiosk and the centre stand at the same place with nothing left to tell."""
    return all(_stands(world, kiosk) == "" for kiosk in world.kiosks)


def where(world: World) -> str:
    """For the trace: who does not."""
    told = (f"{kiosk.name} {_stands(world, kiosk)}" for kiosk in world.kiosks)
    return "; ".join(told)


def _stands(world: World, kiosk: SimKiosk) -> str:
    if kiosk.store is None:
        return "is off"
    try:
        position = kiosk.store.outbox.position()
    except StoreFailed as failure:
        return f"cannot read its disk: {failure}"
    if position.queued:
        return f"holds {position.queued} back"
    row = world.centre.rows(
        "SELECT cursor, chain_head FROM epochs WHERE device_id = :d AND epoch = :e",
        d=kiosk.device_id,
        e=position.epoch,
    )
    if row != [(position.cursor, position.chain_head)]:
        return f"stands at {position.cursor}, the centre at {row}"
    state = kiosk.agent.state if kiosk.agent is not None else None
    if state is None or not state.online:
        return "has not got through"
    if kiosk.device_id not in world.revoked and kiosk.store.recall_place() is not None:
        return "asks for what it lost"
    if _awaited(world, kiosk):
        return "has photographs that the centre awaits"
    if _innocent(world):
        return "keeps a body back"
    return orders.untold(world, kiosk)


def _awaited(world: World, kiosk: SimKiosk) -> set[str]:
    """Photographs that the centre waits for and this kiosk has, or could say that it lost."""
    rows = world.centre.rows(
        "SELECT sha256 FROM drop_photos WHERE device_id = :d AND awaited", d=kiosk.device_id
    )
    return {row[0] for row in rows} & photos.there(kiosk.folder)


def offered(world: World) -> set[str]:
    """What some kiosk still offers to the centre."""
    return set().union(*(photos.waiting(kiosk.folder) for kiosk in world.kiosks))


def _innocent(world: World) -> list[str]:
    """Events at the centre without their body, though nothing is wrong with it and its kiosk has
    the disk yet on which it is."""
    withheld = world.centre.rows("SELECT id FROM events WHERE cause LIKE 'withheld%'")
    return [row[0] for row in withheld if row[0] not in _bodiless(world)]


def _bodiless(world: World) -> set[str]:
    """Whose body cannot travel: what holds it is poison, was changed, or is gone."""
    return world.poisoned | world.truth.altered | world.truth.uprooted


def _unprovable(world: World) -> set[str]:
    """Whose content was changed on a disk that lost the links, too, before anybody was told of it:
    nothing is left that could show the change. The kiosk tells that its ledger was mended."""
    return world.truth.altered & world.truth.uprooted


def check(world: World) -> None:
    """All books. Raises Broken."""
    world.must_be_somewhere()
    events = _events(world)
    _nothing_lost_nothing_invented(world, events)
    _content(world, events)
    _order(world)
    for kiosk in world.kiosks:
        _both_ends_agree(world, kiosk)
    _drops(world, events)
    _refunds(world, events)
    _receipts(world, events)
    _photographs(world, events)
    for kiosk in world.kiosks:
        _knows_again(world, kiosk)
    orders.check(world)


def _events(world: World) -> dict[str, dict[str, Any]]:
    rows = world.centre.rows("SELECT id, device_id, state, cause, body, subject, type FROM events")
    names = ("device_id", "state", "cause", "body", "subject", "type")
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}


def _nothing_lost_nothing_invented(world: World, events: dict[str, dict[str, Any]]) -> None:
    facts = world.truth.facts
    for name in sorted(world.truth.must_exist() - events.keys()):
        raise Broken(1, f"the centre has no {facts[name].type} {name} of {facts[name].device_id}")
    for name in sorted(events.keys() - facts.keys()):
        raise Broken(2, f"the centre has {name}, which nobody recorded")


def _content(world: World, events: dict[str, dict[str, Any]]) -> None:
    """Each fact as it was recorded; without its body only where that could not travel."""
    for name, row in events.items():
        fact = world.truth.facts[name]
        if row["cause"].startswith("withheld"):
            if name not in _bodiless(world):
                raise Broken(12, f"{name} is withheld for good: {row['cause']}")
            continue
        if json.loads(row["body"])["data"] != fact.data and name not in _unprovable(world):
            raise Broken(2, f"{name} says something else at the centre")
        if row["state"] != "accepted" and fact.device_id not in world.revoked:
            raise Broken(2, f"{name} is {row['state']}: {row['cause']}")


def _order(world: World) -> None:
    """Each epoch is contiguous from 1, and every link follows from the facts themselves."""
    for device_id, epoch, cursor, head in world.centre.rows(
        "SELECT device_id, epoch, cursor, chain_head FROM epochs"
    ):
        links = world.centre.rows(_LINKS, d=device_id, e=epoch)
        if [row[0] for row in links] != list(range(1, cursor + 1)):
            raise Broken(4, f"{device_id} {epoch[:8]}: {[row[0] for row in links]} to {cursor}")
        previous = chain.GENESIS
        for sequence, name, told in links:
            fact = world.truth.facts[name]
            if name not in _bodiless(world):
                ours = chain.link(previous, epoch, sequence, name, fact.body)
                if ours != told:
                    raise Broken(7, f"{device_id} {epoch[:8]}: link {sequence} does not hold")
            previous = told
        if previous != head:
            raise Broken(5, f"{device_id} {epoch[:8]}: the head is not the last link")


def _both_ends_agree(world: World, kiosk: SimKiosk) -> None:
    """What the kiosk retained is what the centre has at the same places."""
    name = "SELECT epoch FROM epochs ORDER BY number DESC LIMIT 1"
    epoch = kiosk.rows(name)[0][0]
    ours = kiosk.rows(
        "SELECT o.sequence, e.id, o.chain FROM outbox o JOIN events e ON o.event = e.number"
        f" WHERE o.epoch = '{epoch}' ORDER BY o.sequence"
    )
    theirs = world.centre.rows(_LINKS, d=kiosk.device_id, e=epoch)
    altered = world.truth.altered  # a link may be what the disk changed
    ours = [row if row[1] not in altered else (*row[:2], "") for row in ours]
    theirs = [row if row[1] not in altered else (*row[:2], "") for row in theirs]
    if ours and theirs[-len(ours) :] != ours:
        raise Broken(7, f"{kiosk.name} and the centre differ about {epoch[:8]}")


def _drops(world: World, events: dict[str, dict[str, Any]]) -> None:
    """Every accepted drop has exactly its own effect, for the money that was promised."""
    rows = world.centre.rows("SELECT drop_id, event_id, refund FROM drops")
    kept = {drop_id: (event_id, refund) for drop_id, event_id, refund in rows}
    due = {}
    for name, row in events.items():
        if row["type"] == COMMITTED and row["state"] == "accepted":
            data = world.truth.facts[name].data
            if name in _unprovable(world):
                data = json.loads(row["body"])["data"]
            due[data["drop_id"]] = (name, sum(line["refund"] for line in data["lines"]))
    if kept != due:
        odd = sorted(kept.items() ^ due.items())[0]
        raise Broken(2, f"drops at the centre: {len(kept)}, accepted: {len(due)}; {odd}")


def _refunds(world: World, events: dict[str, dict[str, Any]]) -> None:
    """No unit is paid twice; every claim beyond that is a case that names both."""
    claimed: Counter[str] = Counter()
    won: Counter[tuple[str, str]] = Counter()
    for return_id, drop_id in world.centre.rows("SELECT return_id, drop_id FROM claims"):
        claimed[return_id] += 1
        won[return_id, drop_id] += 1
    disputed = defaultdict(set)
    for drop_id, first in world.centre.rows(
        "SELECT evidence ->> '$.drops[1]', evidence ->> '$.drops[0]' FROM cases "
        "WHERE kind = 'duplicate_drop'"
    ):
        disputed[drop_id].add(first)
    for return_id, count in claimed.items():
        if count > units(int(return_id.removeprefix("R-"))):
            raise Broken(10, f"{return_id} is refunded {count} times")
    for name, row in events.items():
        if row["type"] != COMMITTED or row["state"] != "accepted":
            continue
        _claim(world.truth.facts[name], won, disputed)


def _claim(fact: Fact, won: Counter[tuple[str, str]], disputed: dict[str, set[str]]) -> None:
    drop_id, return_id = fact.data["drop_id"], fact.data["return_id"]
    brought = sum(line["brought"] for line in fact.data["lines"] if line["state"] == "accepted")
    if won[return_id, drop_id] < brought and drop_id not in disputed:
        raise Broken(10, f"{drop_id} of {return_id} has neither its refund nor a case")


def _receipts(world: World, events: dict[str, dict[str, Any]]) -> None:
    """What a shopper reads on the paper leads to the drop, or to why it is held back."""
    by_drop = {row["subject"]: name for name, row in events.items() if row["type"] == COMMITTED}
    for drop_id, promise in world.truth.promises.items():
        name = by_drop.get(drop_id)
        gone = [one for one in world.truth.destroyed if world.truth.facts[one].subject == drop_id]
        if name is None and not gone:
            raise Broken(14, f"receipt {promise.drop_number} leads nowhere")


def _photographs(world: World, events: dict[str, dict[str, Any]]) -> None:
    """What an accepted drop names is at the centre, as it was taken."""
    rows = world.centre.rows("SELECT sha256, data FROM photos WHERE came_at IS NOT NULL")
    there = {name for name, data in rows if hashlib.sha256(data).hexdigest() == name}
    if len(there) != len(rows):
        raise Broken(15, "the centre has photographs that nobody took")
    for name, row in events.items():
        if row["state"] == "accepted":
            for photo in set(world.truth.facts[name].photos) - there - world.truth.unseen:
                raise Broken(15, f"photograph {photo} of {name} is not at the centre")
    for drop_id, name in world.centre.rows(_GIVEN_UP):
        raise Broken(15, f"nobody waits for photograph {name} of {drop_id}, and no case says so")


def _knows_again(world: World, kiosk: SimKiosk) -> None:
    """A kiosk that lost its ledger, or part of it, has from the centre what that had of it. One
    whose number was given a second time meanwhile bears a mark."""
    if kiosk.device_id in world.revoked:
        return
    known = {drop_id: (number, of) for drop_id, number, of in kiosk.rows(_KNOWN)}
    facts = {one.data["drop_id"]: one.data for one in world.truth.facts.values() if _is_drop(one)}
    for drop_id in sorted(kiosk.owed & world.accepted(kiosk.device_id)):
        told = facts[drop_id]
        if drop_id not in known:
            raise Broken(16, f"{kiosk.name} does not know {told['drop_number']} again")
        number, of = known[drop_id]
        if (number.partition("*")[0], of) != (told["drop_number"], told["return_id"]):
            raise Broken(16, f"{kiosk.name} knows {known[drop_id]} for {told['drop_number']}")


def _is_drop(fact: Fact) -> bool:
    return fact.type == COMMITTED
