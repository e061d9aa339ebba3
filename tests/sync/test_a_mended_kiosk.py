"""What the centre makes of a kiosk whose ledger was mended."""

from __future__ import annotations

import dataclasses
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.events import GapFact, StoreRecovered
from kiosk.ports import Trouble
from kiosk.words import words
from sync.central.speech import Speech
from sync.central.tables import cases

WHOLE = StoreRecovered("corrupt", 12, 0, 0, (), 3, 0, 0)


def opened(centre) -> list[tuple[str, str]]:
    return [(row["kind"], row["evidence"]["detail"]) for row in centre.rows(cases)]


def test_a_kiosk_that_lost_nothing_needs_no_decision(centre, kiosk):
    kiosk.push(kiosk.record(WHOLE))
    assert opened(centre) == []


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        ({"missing": 2, "gaps": (GapFact("e0", 4, 5),)}, "missing 2, without content 0"),
        ({"damaged": 1}, "missing 0, without content 1"),
        ({"left_out": 1}, "rows left out 1"),
        ({"uncounted": True}, "missing 0 or more"),
    ],
)
def test_where_something_may_be_missing_a_person_must_look(centre, kiosk, loss, said):
    kiosk.push(kiosk.record(dataclasses.replace(WHOLE, **loss)))
    [(kind, detail)] = opened(centre)
    assert kind == "store_mended"
    assert said in detail


def test_an_older_kiosk_does_not_say_whether_it_counted_all(centre, kiosk):
    old = dataclasses.asdict(WHOLE)
    del old["uncounted"]
    record = kiosk.record({**old, "missing": 1}, type=StoreRecovered.type)
    kiosk.push(record)
    assert [kind for kind, _ in opened(centre)] == ["store_mended"]


@pytest.mark.parametrize("trouble", [Trouble.STORE_MENDED, Trouble.STORE_GAPS])
def test_the_page_of_kiosks_says_what_to_do(trouble):
    [said] = Speech(words("en"), ZoneInfo("UTC")).troubles(trouble.value)
    assert said == f"{words('en').trouble(trouble)} {words('en').trouble_mend(trouble)}"
    assert "records" in said
    assert "disk" in said
