"""What every event goes through has a quick way at the centre: it finds what the plain one does."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import canonical, chain
from kiosk.domain.events import EVENTS
from sync.central import arrival
from sync.central.tables import drop_lines, drops, events, links
from sync.wire import codec
from sync.wire.messages import EventAsTold, EventRecord, Push
from tests.sync.conftest import drop

NOW = datetime(2026, 5, 4, 9, 30, 0, 123456, tzinfo=UTC)
LIMIT = 1 << 53

texts = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from('\0\x01\x1f\x7f\\"u0{}[]\u2028é😀'))
)
numbers = st.one_of(
    st.integers(),
    st.integers(-(2**70), 2**70),
    st.sampled_from([LIMIT - 1, LIMIT, 1 - LIMIT, -LIMIT, 10**15, 10**16]),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=25,
)


def record(data, **changes) -> EventRecord:
    told = {
        "id": "e",
        "type": "takeback.new.kind.v1",
        "time": NOW,
        "subject": "s",
        "epoch": "e1",
        "sequence": 1,
        "chain": "",
        "data": data,
    }
    return EventRecord(**{**told, **changes})


def told(event: EventRecord) -> EventRecord:
    """As the centre reads it."""
    body = codec.encode(Push(epoch="e1", prev_chain=chain.GENESIS, events=(event,)))
    read = codec.decode(body, Push)
    assert read is not None
    return read.events[0]


@given(data=st.dictionaries(texts, values, max_size=4), subject=texts, epoch=texts)
def test_the_quick_form_is_the_canonical_form(data, subject, epoch) -> None:
    event = told(record(data, subject=subject, epoch=epoch))
    form = codec.sealed_as_told(event)
    assert form == codec.sealed(event) == canonical.encode(codec.body(event))
    link = codec.link_as_told(chain.GENESIS, event, form)
    assert link == codec.link(chain.GENESIS, event)


@pytest.mark.parametrize("number", ["1.5", "1e3", "-0.0", "1E400"])
def test_a_number_that_is_not_whole_has_no_form(number) -> None:
    body = codec.encode(
        Push(epoch="e1", prev_chain=chain.GENESIS, events=(record({"n": [{"n": 777777}]}),))
    )
    read = codec.decode(body.replace(b"777777", number.encode()), Push)
    assert read is not None
    [event] = read.events
    assert codec.sealed_as_told(event) is None
    assert not arrival._fits(event.data)
    assert codec.decode(codec.encode(event), EventRecord) is not None  # it can be kept all the same


@given(data=st.dictionaries(texts, values, max_size=4), hlc=texts)
def test_what_is_found_plain_fits(data, hlc) -> None:
    """Never the other way round: what looks odd and is not costs a second look, nothing else."""
    event = told(record(data, hlc=hlc))
    form = codec.sealed_as_told(event)
    assert form is not None
    if arrival._plain(form):
        assert arrival._unfit(event) == ("" if arrival._shallow(event.data) else "content")


@pytest.mark.parametrize("depth", range(codec.MAX_DEPTH - 2, codec.MAX_DEPTH + 3))
@pytest.mark.parametrize("leaf", [[], {}, 1, "x", [1], {"a": 1}], ids=str)
def test_the_quick_look_at_depth_is_the_slow_one(depth, leaf) -> None:
    value = leaf
    for level in range(depth):
        value = [value] if level % 2 else {"a": value, "b": 1}
    assert arrival._shallow({"v": value}) == arrival._fits({"v": value})


def test_a_kiosk_that_sends_such_a_number_is_not_believed(centre, kiosk) -> None:
    """Whatever it hashed, nobody else would find the same."""
    event = kiosk.record({"n": 777777})
    body = codec.encode(kiosk.message([event])).replace(b"777777", b"1.5")
    answer = kiosk.post("events", body)
    assert (answer.status_code, answer.json()["kind"]) == (409, "fork")
    assert centre.rows(events) == []


def test_a_long_batch_leaves_what_short_ones_leave(centre, kiosk, enrolled, authorised) -> None:
    """PostgreSQL takes a long one by another statement."""
    authorised("R1", quantity=200)
    long, short = kiosk, enrolled("K2")
    many = [drop("R1", bag_id=f"B\t{n}\\N\n") for n in range(60)]
    long.push(*[long.record(fact) for fact in many])
    for fact in many:
        again = msgspec.to_builtins(fact) | {"drop_id": f"{fact.drop_id}-2"}
        short.push(short.record(again, type=fact.type))
    kept = [
        {
            name: value
            for name, value in row.items()
            if name not in ("drop_id", "device_id", "event_id", "received_at")
        }
        for row in sorted(centre.rows(drops), key=lambda row: row["drop_id"])
    ]
    assert kept[::2] == kept[1::2]
    lines = [
        {name: value for name, value in row.items() if name != "drop_id"}
        for row in sorted(centre.rows(drop_lines), key=lambda row: row["drop_id"])
    ]
    assert lines[::2] == lines[1::2]
    assert len(lines) == len(centre.rows(events)) == len(centre.rows(links)) == 120


def test_a_long_batch_with_a_known_drop_in_it_costs_its_neighbours_nothing(
    centre, kiosk, enrolled
) -> None:
    """The database refuses the whole set; each is then taken alone, and the one gets its case."""
    first = drop("R0")
    kiosk.push(kiosk.record(first))
    other = enrolled("K2")
    facts = [drop(f"R{n}") for n in range(1, 40)]
    told = [other.record(fact) for fact in (*facts[:20], first, *facts[20:])]
    answer = other.push(*told)
    assert answer.cursor == 40
    assert [notice.kind for notice in answer.notices] == ["conflict"]
    assert len(centre.rows(drops)) == 40
    assert len(centre.rows(events)) == 41


def as_it_comes(fact, data: bytes = b"") -> EventAsTold:
    """With `data` in place of what the kiosk would have sent."""
    event = record(msgspec.to_builtins(fact), type=fact.type)
    [told] = codec.as_told(Push(epoch="e1", prev_chain=chain.GENESIS, events=(event,))).events
    return msgspec.structs.replace(told, data=msgspec.Raw(data)) if data else told


@given(words=st.lists(texts, min_size=5, max_size=5), number=st.integers(-LIMIT, LIMIT))
def test_what_is_read_in_one_go_is_what_is_read_in_three(words, number) -> None:
    name, bag, reason, key, value = words
    line = dataclasses.replace(drop("R1").lines[0], reason_values={key: value}, refund=number)
    told = as_it_comes(dataclasses.replace(drop(name, bag_id=bag), lines=(line,), code_id=reason))
    whole = codec.read(told)
    assert whole is not None
    assert codec.read_quickly(told) == (
        codec.sealed(whole),
        codec.fact(whole.type, whole.data),
    )
    assert codec.encode(told) == codec.encode(whole)


ODD = {
    "spaces": (b"{", b"{ "),
    "another order": (b'"bag_id":"BAG-1","code_id":""', b'"code_id":"","bag_id":"BAG-1"'),
    "a field twice": (b'"bag_id":"BAG-1"', b'"bag_id":"BAG-2","bag_id":"BAG-1"'),
    "a field of a later version": (b'"bag_id":', b'"aaa":[],"bag_id":'),
    "a field that older ones leave out": (b',"photos":[]', b""),
    "a number in another form": (b'"policy_number":1', b'"policy_number":1.0'),
    "a letter in another form": (b"BAG-1", b"BAG\\u002d1"),
    "no number at all": (b'"policy_number":1', b'"policy_number":"1"'),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_is_not_in_the_one_form_is_looked_at_closely(odd) -> None:
    """It is not refused for that: its hash says whether it is what the kiosk recorded."""
    plain = as_it_comes(drop("R1"))
    old, new = ODD[odd]
    assert old in bytes(plain.data)
    told = as_it_comes(drop("R1"), bytes(plain.data).replace(old, new, 1))
    assert codec.read_quickly(plain) is not None
    assert codec.read_quickly(told) is None
    assert codec.read(told) is not None


def test_another_form_of_the_same_is_the_same(centre, kiosk) -> None:
    body = codec.encode(kiosk.message([kiosk.record(drop("R1"))]))
    assert b"BAG-1" in body
    answer = kiosk.post("events", body.replace(b'"BAG-1"', b' "BAG\\u002d1"'))
    assert answer.status_code == 200
    [event] = centre.rows(events)
    assert '"bag_id":"BAG-1"' in event["body"]
    assert [row["bag_id"] for row in centre.rows(drops)] == ["BAG-1"]


@pytest.mark.parametrize("data", [b"[1]", b'{"a":tru}', b'{"a":1,}', b'{"a":"\xff"}', b'{"a":1}}'])
def test_a_batch_with_data_that_is_no_object_is_no_batch(centre, kiosk, data) -> None:
    events_told = [kiosk.record(drop("R1")), kiosk.record({"n": 777777})]
    body = codec.encode(kiosk.message(events_told)).replace(b'{"n":777777}', data)
    answer = kiosk.post("events", body)
    assert (answer.status_code, answer.json()["kind"]) == (400, "bad_request")
    assert centre.rows(events) == []


def test_no_fact_of_ours_nests_without_end() -> None:
    """So what could be read as one of them need not be measured."""
    for kind in EVENTS.values():
        assert _levels(msgspec.inspect.type_info(kind)) < codec.MAX_DEPTH


def _levels(told: msgspec.inspect.Type) -> int:
    match told:
        case msgspec.inspect.DataclassType():
            return 1 + max((_levels(one.type) for one in told.fields), default=0)
        case msgspec.inspect.VarTupleType():
            return 1 + _levels(told.item_type)
        case msgspec.inspect.DictType():
            return 1 + _levels(told.value_type)
        case msgspec.inspect.UnionType():
            return max(map(_levels, told.types))
        case _:
            assert not isinstance(told, msgspec.inspect.AnyType)
            return 0
