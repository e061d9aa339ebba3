"""Staff take a drop back at the counter: at the centre it stands no more."""

from __future__ import annotations

from dataclasses import replace

import pytest
import requests

from kiosk.domain.counter.outbound_facts import (
    BagCommitted,
    BagContained,
    BagVoided,
    ContainerOpened,
    ContainerProvided,
)
from sync.central.people import create_admin
from sync.central.tables import drops
from tests.sync.conftest import IDS, TENANT
from tests.sync.goods import drop

DAY = "2026-05-04"
BAG = BagCommitted("B1", "d-1", "", DAY)
BACK = BagVoided("B1", "changed their mind", DAY, "mia")
MOVED = BagContained("B1", "C1", "ben")
FIRST = drop("R1", "B1", drop_id="d-1")
SECOND = drop("R1", "B2", drop_id="d-2")


@pytest.fixture
def database_url(on_sqlite: str) -> str:
    return on_sqlite


def test_it_is_void_and_the_return_can_be_brought_again(centre, counters, seen, opened):
    one, other = counters
    one.tells(FIRST, BAG)
    centre.clock.advance(minutes=5)
    one.tells(BACK)
    (row,) = centre.rows(drops)
    assert (row["voided_by"], row["void_reason"]) == ("mia", "changed their mind")
    assert row["void_heard_at"] == row["voided_at"] == centre.clock.now()
    assert seen() == ({"d-1": (True, False)}, [])
    other.tells(SECOND)
    assert seen() == ({"d-1": (True, False), "d-2": (False, False)}, ["d-2"])
    assert opened() == []


def test_a_drop_that_is_told_after_its_bag_and_the_void(counters, seen):
    counters[0].tells(BAG)
    counters[1].push(counters[1].later(1, BACK))
    counters[0].tells(FIRST)
    assert seen() == ({"d-1": (True, False)}, [])
    counters[0].tells(SECOND)
    assert seen()[1] == ["d-2"]


def test_what_was_refused_its_unit_has_it_now_and_its_case_is_settled(counters, seen, opened):
    one, other = counters
    one.tells(FIRST, BAG)
    other.tells(SECOND)
    assert seen() == ({"d-1": (False, False), "d-2": (False, True)}, ["d-1"])
    assert opened() == [("duplicate_drop", "open", "d-2/L1")]
    one.tells(BACK)
    assert seen() == ({"d-1": (True, False), "d-2": (False, False)}, ["d-2"])
    assert opened() == [("duplicate_drop", "settled", "d-2/L1")]


def test_the_case_of_a_second_drop_that_went_home_again_is_settled(counters, seen, opened):
    one, other = counters
    other.tells(SECOND)
    one.tells(FIRST, BAG, BACK)
    assert seen() == ({"d-1": (True, False), "d-2": (False, False)}, ["d-2"])
    assert [(kind, state) for kind, state, _ in opened()] == [("duplicate_drop", "settled")]


def test_a_bag_that_was_put_away_first_was_not_taken_back(centre, counters, seen, opened):
    """The other counter's line was slower: its fact comes last, and happened first. Meanwhile the
    return was brought again; that one keeps what it was given."""
    one, other = counters
    one.tells(FIRST, BAG)
    other.tells(ContainerProvided("C1", "TOTE-1", "", 20), ContainerOpened("C1", "ben"))
    put = other.later(1, MOVED)
    one.push(one.later(2, BACK))
    one.tells(SECOND)
    assert seen()[1] == ["d-2"]
    kept = centre.rows(drops, drop_id="d-1")[0]["void_heard_at"]
    centre.clock.advance(hours=1)
    other.push(put)
    assert seen() == ({"d-1": (False, True), "d-2": (False, False)}, ["d-2"])
    assert centre.rows(drops, drop_id="d-1")[0]["void_heard_at"] == kept  # it was heard
    assert [(kind, state) for kind, state, _ in opened()] == [
        ("counter_conflict", "open"),
        ("duplicate_drop", "open"),
    ]


def test_two_voids_are_one_and_a_case(centre, counters, seen, opened):
    one, other = counters
    one.tells(FIRST, BAG)
    one.push(one.later(1, BACK))
    other.push(other.later(2, replace(BACK, by="ben", reason="second")))
    assert seen() == ({"d-1": (True, False)}, [])
    assert centre.rows(drops)[0]["voided_by"] == "mia"
    assert [(kind, state) for kind, state, _ in opened()] == [("counter_conflict", "open")]


def test_a_counter_is_believed_about_the_bag_of_the_drop_alone(counters, seen):
    counters[0].tells(FIRST)
    counters[1].tells(replace(BAG, bag_id="B9"), replace(BACK, bag_id="B9"))
    assert seen() == ({"d-1": (False, False)}, ["d-1"])


def test_its_page_says_who_gave_the_goods_back_and_why(centre, counters):
    counters[0].tells(FIRST, BAG, BACK)
    create_admin(centre.database, IDS, TENANT, "ada", "correct horse battery")
    with requests.Session() as browser:
        browser.trust_env = False
        told = {"name": "ada", "password": "correct horse battery"}
        browser.post(centre.url + "/login", data=told, timeout=10)
        page = browser.get(centre.url + "/drops/d-1", timeout=10).text
        listed = browser.get(centre.url + "/drops", timeout=10).text
        today = browser.get(centre.url + "/", timeout=10).text
    assert "Staff gave the goods back: no refund is due." in page
    assert "<bdi>mia</bdi>" in page
    assert "changed their mind" in page
    assert "Drop taken back" in listed
    assert "Drop taken back" in today
