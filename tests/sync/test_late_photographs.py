"""A photograph that a drop promised and that does not come: a case after a day, settled by the
centre itself once nobody waits for it any more."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest

from kiosk.domain.events import PhotoFact, PhotoLost
from sync.central import late_photos, photos
from sync.central.audit import at_console
from sync.central.cases import Kind, Resolution, Step
from sync.central.cases.acting import act
from sync.central.tables import cases
from tests.sync.late import look

NOTHING = "cases opened 0, settled 0"


def jpeg(number: int) -> bytes:
    return b"\xff\xd8\xff\xe0" + bytes([number]) * 50


def name(number: int) -> str:
    return hashlib.sha256(jpeg(number)).hexdigest()


@pytest.fixture
def take(centre, kiosk, drop_of):
    """Tell of a drop that promises these photographs."""

    def told(return_id: str, *numbers: int):
        promised = tuple(PhotoFact("L1", name(one), len(jpeg(one))) for one in numbers)
        fact = dataclasses.replace(drop_of(return_id), photos=promised)
        kiosk.push(kiosk.record(fact))
        return fact

    return told


@pytest.fixture
def send(centre):
    def sent(number: int):
        photos.take(centre.database, centre.clock, "acme", name(number), 0, jpeg(number))

    return sent


def stand(centre) -> dict[str, str]:
    """The state of each drop's case."""
    rows = [row for row in centre.rows(cases) if row["kind"] == Kind.PHOTO_LATE]
    return {row["subject"]: row["state"] for row in rows}


def test_after_a_day_a_drop_has_one_case_that_goes_when_all_came(centre, clock, take, send):
    drop = take("R1", 1, 2)
    clock.advance(hours=24)
    assert look(centre) == NOTHING
    clock.advance(seconds=1)
    assert look(centre) == "cases opened 1, settled 0"
    assert look(centre) == NOTHING
    [case] = centre.rows(cases)
    assert (case["site"], case["evidence"]["receipts"]) == ("Street 1", [drop.drop_number])
    assert case["evidence"]["hashes"] == [name(1), name(2)]
    send(1)
    assert look(centre) == NOTHING
    send(2)
    assert look(centre) == "cases opened 0, settled 1"
    [case] = centre.rows(cases)
    assert (case["state"], case["settled_by"], case["resolution"]) == (
        "settled",
        "",
        Resolution.CAUSE_GONE,
    )


def test_one_that_its_kiosk_lost_is_the_other_kind_of_case(centre, clock, kiosk, take):
    drop = take("R1", 1)
    clock.advance(hours=25)
    look(centre)
    kiosk.push(kiosk.record(PhotoLost(name(1), "damaged"), subject=name(1)))
    assert look(centre) == "cases opened 0, settled 1"
    found = {(row["kind"], row["state"]) for row in centre.rows(cases)}
    assert found == {(Kind.PHOTO_LATE, "settled"), (Kind.PHOTO_LOST, "open")}
    assert stand(centre) == {drop.drop_id: "settled"}


def test_what_a_person_has_settled_stays_so(centre, clock, take):
    take("R1", 1)
    clock.advance(hours=25)
    look(centre)
    [case] = centre.rows(cases)
    ends = {"resolution": Resolution.WRITTEN_OFF.value, "comment": "The camera was taken down."}
    done = act(centre.database, clock, at_console("acme"), case["case_id"], 1, Step.SETTLED, **ends)
    assert done is None
    assert look(centre) == NOTHING


def test_many_are_gone_through_in_portions(centre, clock, take, send, monkeypatch):
    monkeypatch.setattr(late_photos, "PORTION", 2)
    drops = [take(f"R{number}", number) for number in range(1, 6)]
    clock.advance(hours=25)
    assert look(centre) == "cases opened 5, settled 0"
    for number in (1, 2, 3):
        send(number)
    assert look(centre) == "cases opened 0, settled 3"
    waits = [drop_id for drop_id, state in stand(centre).items() if state == "open"]
    assert set(waits) == {drop.drop_id for drop in drops[3:]}
