"""One form a value, one hash an event, one stamp a moment."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import canonical, chain, hlc

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=10,
)


class Colour(StrEnum):
    RED = "red"


def test_keys_are_sorted_and_nothing_is_escaped_that_need_not_be() -> None:
    value = {"b": [1, True, None], "a": {"é": "\u20ac\n", "Z": ()}}
    assert canonical.encode(value) == '{"a":{"Z":[],"é":"€\\n"},"b":[1,true,null]}'.encode()


def test_a_word_of_an_enumeration_is_its_word() -> None:
    assert canonical.encode({"c": Colour.RED}) == b'{"c":"red"}'


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), {1: "a"}, b"x", {"a": {2.5}}, datetime(2025, 1, 1), [object()]]
)
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.encode(value)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        canonical.encode("\ud800")


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_it_is_json_and_stable(value: Any) -> None:
    data = canonical.encode(value)
    assert json.loads(data) == value
    assert canonical.encode(json.loads(data)) == data


BODY = chain.body(
    "takeback.drop.committed.v1",
    datetime(2025, 3, 10, 12, 0, 0, 5000, tzinfo=UTC),
    "D-1",
    "0195800cfc00-0000",
    17,
    7,
    {"drop_id": "D-1", "lines": [{"refund": 4999}]},
)


def test_the_link_can_be_computed_by_anyone() -> None:
    text = (
        '["' + "0" * 64 + '","e1",1,"id-1",'
        '{"data":{"drop_id":"D-1","lines":[{"refund":4999}]},"hlc":"0195800cfc00-0000",'
        '"monotonic_ms":17,"policyversion":7,"subject":"D-1",'
        '"time":"2025-03-10T12:00:00.005000Z","type":"takeback.drop.committed.v1"}]'
    )
    expected = hashlib.sha256(text.encode()).hexdigest()
    assert chain.link(chain.GENESIS, "e1", 1, "id-1", BODY) == expected


def test_every_part_of_an_event_is_protected() -> None:
    links = {chain.link(chain.GENESIS, "e1", 1, "id-1", BODY)}
    links.add(chain.link("f" * 64, "e1", 1, "id-1", BODY))
    links.add(chain.link(chain.GENESIS, "e2", 1, "id-1", BODY))
    links.add(chain.link(chain.GENESIS, "e1", 2, "id-1", BODY))
    links.add(chain.link(chain.GENESIS, "e1", 1, "id-2", BODY))
    for name in BODY:
        links.add(chain.link(chain.GENESIS, "e1", 1, "id-1", {**BODY, name: "other"}))
    assert len(links) == 5 + len(BODY)


@pytest.mark.parametrize(
    "time",
    [
        datetime(2025, 3, 10, 13, 0, tzinfo=timezone(timedelta(hours=1))),
        "2025-03-10T12:00:00Z",
        "2025-03-10T13:00:00.000000+01:00",
    ],
)
def test_one_instant_has_one_form(time: datetime | str) -> None:
    assert chain.moment(time) == "2025-03-10T12:00:00.000000Z"


@pytest.mark.parametrize("time", ["2025-03-10T12:00:00", datetime(2025, 3, 10), "yesterday"])
def test_a_time_without_an_offset_is_refused(time: datetime | str) -> None:
    with pytest.raises(ValueError, match=r"."):
        chain.moment(time)


def test_stamps_follow_the_wall_clock() -> None:
    assert hlc.advance("", 1) == "000000000001-0000"
    assert hlc.advance("000000000001-0000", 2) == "000000000002-0000"


def test_stamps_go_on_when_the_wall_clock_goes_back() -> None:
    stamp = hlc.advance("", 1_741_608_000_000)
    assert hlc.advance(stamp, -5) == stamp[:13] + "0001"
    assert hlc.advance("", -5) == "000000000000-0000"


def test_a_full_counter_borrows_a_millisecond() -> None:
    assert hlc.advance("000000000001-ffff", 1) == "000000000002-0000"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-1000, 1 << 44), min_size=1, max_size=30))
def test_stamps_only_ever_grow(walls: list[int]) -> None:
    stamp = ""
    for wall in walls:
        following = hlc.advance(stamp, wall)
        assert following > stamp
        stamp = following


@pytest.mark.parametrize("stamp", ["x", "000000000001_0000", "00000000000g-0000"])
def test_what_is_no_stamp_is_refused(stamp: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        hlc.advance(stamp, 1)
