"""A fleet comes back from a power cut: ten thousand kiosks, two hundred events each.

First a real centre (`takeback central serve` over SQLite, in a process of its own) is timed: what
a backlog, a single drop and a heartbeat take of its processor. A model with that capacity then
plays the storm in time that nobody waits for: the gate and its lanes are the product's, so is the
pace of the kiosks. Beside it, in the same run and with the same capacity: a centre without a gate
whose kiosks come again every 30 seconds, and one whose kiosks back off with full jitter. Last, a
smaller storm over real sockets, to show that the model holds.

Floor: the time in which the centre could do the same work if it came in one row. Each kiosk owes
its backlog, a heartbeat and a look for a new policy; the backlogs alone are told beside it. While
the storm lasts, kiosks without a backlog bring drops of the moment: that work comes on top of
either, so the drain is also told beside all that the centre worked until then. The first of these
shares is what shoppers' drops wait for, the last is what the gate and the pace lose.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sync.agent.pace import Pace
from tests.bench import drain_centre as centres
from tests.bench import storm_real as real
from tests.bench.crowd import size
from tests.bench.environment import percentile
from tests.bench.storm_fleet import Capacity, Fleet, Storm, as_the_agent, every
from tests.bench.storm_time import play

EVENTS = 200
MEASURED = 10
WITHIN_S = 2.0
WATCHED = 1.2


def run() -> list[str]:
    return list(_lines(size("KIOSKS", 10_000), size("SOCKETS", 100)))


def _lines(kiosks: int, sockets: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="storm-bench-") as made:
        place = Path(made)
        like = real.a_drop(place / "kiosk")
        names = [f"k{number}" for number in range(MEASURED + sockets)]
        with centres.database("SQLite", place) as url:
            centres.fill(url, names, real.KEY, 10)
            with centres.serving(url) as served:
                backlogs = [real.backlog(like, EVENTS) for _ in names]
                capacity = real.capacity(served, names[:MEASURED], backlogs[:MEASURED])
                one = _alone(served, real.backlog(like, EVENTS), names[0])
                came = real.storm(served, names[MEASURED:], backlogs[MEASURED:], WITHIN_S)
        yield from _model(kiosks, capacity)
        yield from _sockets(sockets, came, one)


def _alone(served: centres.Served, what: real.Push, name: str) -> float:
    """Seconds by the wall for one backlog when nobody else is there."""
    began = time.monotonic()
    assert real.Caller(served.url, name).push(what, began + 60)
    return time.monotonic() - began


def _model(kiosks: int, capacity: Capacity) -> Iterator[str]:
    yield (
        f"storm: {kiosks:,} kiosks, {EVENTS} events each; the centre's processor takes"
        f" {1e3 * capacity.of(EVENTS):.1f} ms for a backlog ({1 / capacity.event:,.0f} events/s),"
        f" {1e3 * capacity.of(1):.1f} ms for a single drop, {1e3 * capacity.small:.1f} ms for a"
        " heartbeat"
    )
    gate = Storm(kiosks, EVENTS, capacity, live=kiosks // 20, until_s=7200)
    late = Storm(kiosks, EVENTS, capacity, live=kiosks // 20, until_s=WATCHED * gate.floor_s)
    agent = as_the_agent(Pace())
    ways = {
        "gate, slots, lanes": Fleet(gate, gated=True, wait=agent),
        "no gate, full jitter": Fleet(late, gated=False, wait=agent),
        "no gate, every 30 s": Fleet(late, gated=False, wait=every(30)),
    }
    yield (
        f"  floor {gate.floor_s:.0f} s, backlogs alone {gate.backlog_s:.0f} s;"
        f" those without a gate are watched for {WATCHED} times the floor"
    )
    yield (
        "                         drained s  of floor  of backlogs  of its work  not drained"
        "  requests mean, most  worked in vain  fresh drop p50, p99 s"
    )
    for name, fleet in ways.items():
        yield _row(name, fleet)


def _row(name: str, fleet: Fleet) -> str:
    tally, storm = play(fleet.play()), fleet.storm
    asked = tally.asked or [0]
    fresh = tally.fresh_s or [float("inf")]
    drained = f"{tally.drained_s:9.0f}" if not tally.left else "        -"
    shares = (
        f"{tally.drained_s / storm.floor_s:9.2f} {tally.drained_s / storm.backlog_s:12.2f}"
        f" {tally.drained_s / tally.worked_s:12.2f}"
        if not tally.left
        else "        -            -            -"
    )
    return (
        f"  {name:22} {drained} {shares} {tally.left:12,}"
        f" {sum(asked) / len(asked):14.2f}, {max(asked):3} {tally.wasted:15,}"
        f" {percentile(fresh, 0.5):15.2f}, {percentile(fresh, 0.99):.2f}"
    )


def _sockets(kiosks: int, came: real.Came, one: float) -> Iterator[str]:
    floor = kiosks * one
    yield (
        f"  over sockets: {kiosks} kiosks within {WITHIN_S:.0f} s: {came.wall:.1f} s,"
        f" {came.wall / floor:.2f} of {kiosks} times one alone ({1e3 * one:.0f} ms);"
        f" centre busy {came.busy:.1f} s; requests mean {sum(came.asked) / kiosks:.2f},"
        f" most {max(came.asked)}; not drained {came.left}"
    )
