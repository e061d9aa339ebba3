"""What the kiosk writes quickly is, byte for byte, what anybody else reckons slowly."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import canonical, chain
from kiosk.domain.events import (
    DropCommitted,
    KioskStarted,
    LineFact,
    PhotoFact,
    ShareFact,
    StaffNeeded,
)
from kiosk.store import events
from kiosk.store.values import moment, stamp

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=10,
)
FACTS = st.dictionaries(st.text(max_size=6), VALUES, max_size=5)
TIMES = st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=-7))))

LINE = LineFact(
    line_id="L-1",
    sku="SKU",
    outcome="accept",
    reason="",
    reason_values={"days": 30, "until": "2025-03-10"},
    brought=1,
    price=4_999,
    refund=4_704,
    fee=295,
    withheld=0,
    currency="EUR",
    disposal="none",
    provisional=False,
    rule_ids=("window", "fee-shoes"),
    answers={"why": 'too "small"\n'},
    state="accepted",
    fees=(ShareFact("return", 295, "fee-shoes", True, 4_999),),
    facts={"line.category": "Schuhe \u20ac \U0001f45f"},
)
DROP = DropCommitted(
    drop_id="D-1",
    drop_number="K1-000001-X",
    visit_id="V-1",
    return_id="R-1",
    merchant_id="M-1",
    bag_id="B-1",
    policy_number=7,
    offline=True,
    identified_by="signed",
    code_id="",
    lines=(LINE, replace(LINE, line_id="L-2", fees=())),
    photos=(PhotoFact("L-1", "ab" * 32, 17),),
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_one_canonical_form(value: Any) -> None:
    assert events.canonical_form(value) == canonical.encode(value)


def test_every_character_has_one_form() -> None:
    text = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    value = {text: [text]}
    assert events.canonical_form(value) == canonical.encode(value)


def test_keys_are_sorted_by_code_point() -> None:
    keys = ("\U00010000", "\uffff", "\u00e9", "z", "Z", "", "zz", "z\x00")
    value = {key: place for place, key in enumerate(keys)}
    assert events.canonical_form(value) == canonical.encode(value)


@pytest.mark.parametrize("value", [1.0, float("nan"), b"x", {2}, date(2025, 3, 10), {1: "a"}])
def test_what_has_no_one_form_is_refused(value: object) -> None:
    for form in (canonical.encode, events.canonical_form):
        with pytest.raises(TypeError):
            form({"a": [value]})


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        events.canonical_form(["\ud800"])


def test_a_fact_is_told_field_by_field() -> None:
    assert json.loads(json.dumps(events.facts(DROP))) == json.loads(json.dumps(asdict(DROP)))
    assert canonical.encode(events.facts(DROP)) == canonical.encode(asdict(DROP))


@pytest.mark.parametrize("value", [1.5, b"x", datetime(2025, 3, 10, tzinfo=UTC), timedelta(1)])
def test_a_fact_that_cannot_be_told_exactly_is_not_recorded(store, value: Any) -> None:
    with pytest.raises(TypeError):
        store.record(StaffNeeded("V-1", "R-1", "why", {"value": value}), "V-1")
    assert store.outbox.position().queued == 0


@settings(max_examples=100, deadline=None)
@given(FACTS, TIMES, st.text(max_size=8), st.none() | st.integers(-(2**40), 2**40))
def test_the_quick_link_is_the_link(
    facts: dict[str, Any], at: datetime, text: str, offset_ms: int | None
) -> None:
    row = {
        "id": text,
        "type": "takeback.drop.committed.v1",
        "time": stamp(at),
        "subject": text,
        "hlc": "0195800cfc00-0000",
        "monotonic_ms": 17,
        "policyversion": 7,
        "offset_ms": offset_ms,
        "data": canonical.encode(facts).decode(),
    }
    quick = events._quick_link(chain.GENESIS, "e1", 9, row, at, canonical.encode(facts))
    assert quick == events.link(chain.GENESIS, "e1", 9, row)


def test_what_is_recorded_is_verified_by_the_slow_way(store) -> None:
    store.know_offset(lambda: -250)
    store.record(DROP, "D-1")
    store.record(KioskStarted("1", 0, 0), "kiosk")
    assert store.outbox.verify() is None
    first, _ = store.outbox.next_batch(2, 1 << 20).events
    body = chain.body(
        first.type,
        first.time,
        first.subject,
        first.hlc,
        first.monotonic_ms,
        first.policyversion,
        first.data,
        -250,
    )
    assert first.chain == chain.link(chain.GENESIS, first.epoch, 1, first.id, body)
    assert first.data == json.loads(canonical.encode(asdict(DROP)))


@settings(max_examples=200, deadline=None)
@given(TIMES.filter(lambda at: 1000 < at.year < 9999))
def test_a_stamp_is_rfc_3339_and_read_back(at: datetime) -> None:
    text = stamp(at)
    assert text == at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert moment(text) == at
    assert moment(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-03-10",
        "2025-03-10T12:00:00Z",
        "2025-03-10T12:00:00.000000",
        "2025-03-10T12:00:00.000000+00:00",
        "2025-13-10T12:00:00.000000Z",
        "2025-W11-1T12:00:00.000000Z",
        "\u0662025-03-10T12:00:00.000000Z",
    ],
)
def test_what_is_no_stamp_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment(text)
