"""One thing folded from its own facts is what it is in the whole shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.domain.counter.facts import Kind, Subject, touched
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.shop import Shop
from sync.central.counter.folding import GIVEN_AGAIN_MS, Known, fold, things_of
from sync.central.counter.taking import unfit
from tests.sync.counter.lived import COLLECTED, FILLED, RECEIVED, SHELVED, SIGNED

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def _known(facts, ms=1000):
    return [
        Known(Recorded(Stamp(f"{ms + at:012x}-0000", "k"), fact), AT)
        for at, fact in enumerate(facts)
    ]


def test_a_number_given_again_after_a_year_is_another_parcel():
    first = _known([RECEIVED, SHELVED, COLLECTED])
    again = _known([RECEIVED], 1000 + GIVEN_AGAIN_MS * 4)
    parcel = fold(Subject(Kind.PARCEL, "P1"), [*again, *first])
    assert (parcel.state, parcel.facts, parcel.conflicts) == ("received", 1, ())
    soon = _known([RECEIVED], 9000)
    assert len(fold(Subject(Kind.PARCEL, "P1"), [*soon, *first]).conflicts) == 1


def test_a_thing_folded_by_itself_is_what_it_is_in_the_shop():
    told = _known([*FILLED, SIGNED, RECEIVED, SHELVED, COLLECTED])
    shop = Shop.of(one.record for one in told)
    subjects = {subject for one in told for subject in touched(one.record.fact)}
    assert len(subjects) == 4
    for subject in subjects:
        of_it = [one for one in told if subject in touched(one.record.fact)]
        assert fold(subject, of_it).thing == things_of(shop, subject.kind)[subject.name]


@pytest.mark.parametrize("hlc", ["", "now", "00000000000g-0000", "ffffffffffff-ffff"])
def test_a_stamp_that_sorts_with_no_other_is_none(hlc):
    assert unfit(RECEIVED, hlc) == "stamp"


def test_a_thing_has_a_name_that_can_be_one():
    good = "000000001000-0000"
    assert unfit(RECEIVED, good) == ""
    assert unfit(replace(RECEIVED, number=""), good) == "name"
    assert unfit(replace(RECEIVED, number="P" * 201), good) == "name"
    crowd = tuple(f"B{at}" for at in range(5_001))
    assert unfit(replace(SIGNED, bags=crowd), good) == "things"
