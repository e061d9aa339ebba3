"""A drop that staff take back and that is brought again, whosever facts come first."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace

import pytest

from kiosk.domain.counter.outbound_facts import BagCommitted, BagVoided
from tests.sync.counter.conftest import Counter
from tests.sync.goods import drop

DAY = "2026-05-04"
BAG = BagCommitted("B1", "d-1", "", DAY)
BACK = BagVoided("B1", "changed their mind", DAY, "mia")


def test_in_whatever_order_three_lines_bring_it(centre, counters, third, seen, opened):
    """The drop with its bag, the void, and the return brought again: each by another counter."""
    boxes = (*counters, third)
    for number, order in enumerate(itertools.permutations(range(3))):
        first, second, bag = f"d-1-{number}", f"d-2-{number}", f"B1-{number}"
        facts = (
            (drop(f"R{number}", bag, drop_id=first), replace(BAG, bag_id=bag, drop_id=first)),
            (replace(BACK, bag_id=bag),),
            (drop(f"R{number}", "B2", drop_id=second),),
        )
        batches = [
            box.later(at, *told) for at, (box, told) in enumerate(zip(boxes, facts, strict=True))
        ]
        for which in order:
            boxes[which].push(batches[which])
        rows, units = seen()
        assert (rows[first], rows[second]) == ((True, False), (False, False)), order
        assert [unit for unit in units if unit.endswith(f"-{number}")] == [second], order
    assert {state for _, state, _ in opened()} <= {"settled"}


@pytest.fixture
def third(enrolled):
    return Counter(enrolled("K3"))


def test_it_is_taken_back_and_brought_again_at_the_same_instant(counters, seen, opened):
    """Whoever comes first: the second drop has the unit in the end, and nobody must settle it."""
    one, other = counters
    for number in range(6):
        first, second, bag = f"d-1-{number}", f"d-2-{number}", f"B1-{number}"
        one.tells(drop(f"R{number}", bag, drop_id=first), replace(BAG, bag_id=bag, drop_id=first))
        back = one.does(replace(BACK, bag_id=bag))
        again = other.does(drop(f"R{number}", "B2", drop_id=second))
        together = [
            threading.Thread(target=box.push, args=(batch,))
            for box, batch in ((one, back), (other, again))
        ]
        for thread in together:
            thread.start()
        for thread in together:
            thread.join()
        rows, units = seen()
        assert (rows[first], rows[second]) == ((True, False), (False, False))
        assert [unit for unit in units if unit.endswith(f"-{number}")] == [second]
    assert {state for _, state, _ in opened()} <= {"settled"}
