"""Two staff at a real desk over a real ledger, a second counter heard late, a crash now and then:
no parcel in two places, none lost, none handed out twice, and the counts add up.

What dice throw is what tests/domain/counter/test_counter_played.py throws at the pure counters.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.app.counter.playing import RealPlay
from tests.crash.memory import scratch
from tests.domain.counter.test_counter_played import DICE, RULES, SEED, THROWN, Counters

OPERATIONS, PARTS = 100_000, 4
RICH = 22
"""A seed whose short plays come to several facts at once."""


class RealCounters(Counters):
    """Offline and online in turns; what they do is on the disk."""

    def __init__(self, directory: Path, online: bool) -> None:
        super().__init__()
        self.online = online
        self.play = RealPlay(directory, online)


def thrown(directory: Path, dice: random.Random, turns: int, online: bool) -> tuple[int, int]:
    """How much was recorded of so many operations, and how much of it together."""
    machine = RealCounters(directory, online)
    for _ in range(turns):
        name = "a_crash" if dice.randrange(50) == 0 else dice.choice(THROWN)
        getattr(machine, name)(**{word: DICE[word](dice) for word in RULES[name]})
        machine.sound()
    return machine.play.end()


@pytest.mark.parametrize("online", [False, True])
def test_whatever_staff_do_is_on_the_disk_and_adds_up(online: bool) -> None:
    with scratch() as directory:
        recorded, together = thrown(directory, random.Random(RICH), 200, online)
    assert recorded > 30
    assert together > 1, "a play without several facts of one decision proves nothing of them"


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_staff_do_a_hundred_thousand_times(part: int) -> None:
    dice, recorded, turns = random.Random(f"{SEED} {part}"), 0, 400
    for number in range(OPERATIONS // PARTS // turns):
        with scratch() as directory:
            recorded += thrown(directory, dice, turns, online=number % 2 == 1)[0]
    print(f"{OPERATIONS // PARTS:,} operations, {recorded:,} of them recorded")
    assert recorded > OPERATIONS // PARTS // 20
