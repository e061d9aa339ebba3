"""A conflict's case is settled or opened again at the centre, and the counters hear of it."""

from __future__ import annotations

import pytest

from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.counter.parcel_facts import ParcelExtended
from kiosk.domain.counter.settled_facts import ConflictSettled
from sync.central.audit import Actor
from sync.central.cases import Resolution, Step
from sync.central.cases.acting import act
from sync.central.counter import writing
from sync.central.counter.folding import fold
from sync.central.counter.writing import Site
from sync.central.tables import cases, counter_facts
from tests.sync.conftest import TENANT
from tests.sync.counter.conftest import SITE, Counter
from tests.sync.counter.lived import COLLECTED, RECEIVED, SHELVED

WORD = "counter.conflict_settled.v1"


@pytest.fixture
def twice(counters):
    """Both counters handed P1 out, and both have heard all of it."""
    one, other = counters
    one.tells(RECEIVED, SHELVED, COLLECTED)
    other.now_ms = 60_000
    other.tells(COLLECTED)
    one.hears(), other.hears()
    return one, other


@pytest.fixture
def decides(centre, clock):
    """Somebody takes a step of the only case."""

    def take(step: Step) -> None:
        (case,) = centre.rows(cases)
        ways = {"resolution": Resolution.NO_EFFECT} if step is Step.SETTLED else {}
        seen, actor = (case["case_id"], case["steps"]), Actor(TENANT, "ada")
        assert not act(centre.database, clock, actor, *seen, step, comment="So it is.", **ways)

    return take


def folded(centre):
    subject = Subject(Kind.PARCEL, "P1")
    with centre.database.reading() as c:
        return fold(subject, writing.load(c, Site(TENANT, SITE), [subject])[0][subject])


def words(centre) -> list[str]:
    return [row["body"] for row in centre.rows(counter_facts) if row["type"].endswith(WORD)]


def test_both_counters_hear_that_it_is_settled_and_that_it_is_open_again(
    centre, twice, decides, things, opened
):
    decides(Step.SETTLED)
    assert [counter.hears() for counter in twice] == [[WORD], [WORD]]
    assert not things()["P1"]["disputed"]
    assert folded(centre).unsettled == ()
    assert len(folded(centre).conflicts) == 1
    decides(Step.REOPENED)
    assert [counter.hears() for counter in twice] == [[WORD], [WORD]]
    assert things()["P1"]["disputed"]
    assert [state for _, state, _ in opened()] == ["reopened"]
    assert folded(centre).unsettled == folded(centre).conflicts


def test_a_step_that_settles_nothing_tells_nothing(centre, twice, decides):
    for step in (Step.TAKEN, Step.COMMENTED):
        decides(step)
    assert words(centre) == []


def test_later_facts_of_the_parcel_leave_it_settled(centre, twice, decides, things, opened):
    decides(Step.SETTLED)
    twice[0].tells(ParcelExtended("P1", "2026-06-01", "anna"))  # moot: it has left
    assert [state for _, state, _ in opened()] == ["settled"]
    assert not things()["P1"]["disputed"]
    assert len(words(centre)) == 1


def test_a_case_that_more_evidence_opens_again_is_open_at_the_counters_too(
    centre, twice, enrolled, decides, things, opened
):
    decides(Step.SETTLED)
    first = Counter(enrolled("K3"), now_ms=2_500)
    first.tells(COLLECTED)  # before the others: now neither of theirs fits
    assert sorted(state for _, state, _ in opened()) == ["open", "reopened"]
    assert len(words(centre)) == 2
    assert len(folded(centre).unsettled) == 2
    assert things()["P1"]["disputed"]


def test_no_counter_settles_a_conflict(counters, centre, twice):
    (conflict,) = folded(centre).conflicts
    twice[0].tells(ConflictSettled("parcel", "P1", *conflict.record.stamp))
    assert words(centre) == []
    assert folded(centre).unsettled == (conflict,)
