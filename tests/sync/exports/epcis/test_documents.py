"""A period as an EPCIS 2.0 document: valid, the same every time, and with nobody's other goods."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from sync.central.exports.asking import Form, Scope, What
from sync.central.exports.epcis import names
from sync.central.exports.epcis.hashing import event_id
from sync.central.exports.epcis.names import Named
from sync.central.reconcile.model import Kind, Movement
from sync.central.reconcile.record import record_many
from tests.sync.exports import world
from tests.sync.exports.conftest import filled
from tests.sync.exports.epcis.schema import SCHEMA

SSCC = "140123451122233341"
GLN, PARTY, CARRIER = "4012345000054", "4012345000009", "4023333000000"
SWIFT = "carrier:swift"


@pytest.fixture
def database(database_url):
    made = filled(database_url)
    yield made
    made.close()


def moved(database, kind: Kind, number: int, of: str = "acme", **told) -> None:
    at = world.NOON + timedelta(hours=number)
    source = told.pop("source", "hub:north")
    one = Movement(source=source, source_id=f"m{number}", kind=kind, told_at=at, **told)
    database.write(lambda c: record_many(c, of, [one], at))


@pytest.fixture
def told(database, export):
    """A drop of two articles, one refused, and its whole way; another merchant's; what is none."""
    drop = world.drop_row(1)
    lines = [
        world.line_row(drop, 0, sku="04012345111118"),
        world.line_row(drop, 1, sku='odd "SKU" / 1', brought=2),
        world.line_row(drop, 2, state="refused", brought=1),
        world.line_row(drop, 3, sku='odd "SKU" / 1', brought=1),
    ]
    fjord = world.drop_row(2, device_id="k2", merchant_id="fjord", order_number="")
    keep = world.drop_row(3, bag_id="")
    other = world.drop_row(4, device_id="x1", of="other")
    kept = world.line_row(keep, state="returnless")
    rest = [world.line_row(fjord), kept, world.line_row(other)]
    world.put(database, drop, fjord, keep, other, lines=lines + rest)
    bag = drop["bag_id"]
    moved(database, Kind.CONTAINED, 1, bag_id=bag, container_id=SSCC, site="Street 1")
    moved(database, Kind.HANDED_OVER, 2, container_id=SSCC, source=SWIFT)
    moved(database, Kind.ACKNOWLEDGED, 3, manifest_id="M 7", source=SWIFT)
    moved(database, Kind.RECEIVED, 4, bag_id=bag, site="Hub")
    line = {"return_id": drop["return_id"], "line_id": "L1"}
    moved(database, Kind.GRADED, 5, **line, count=1, detail="A")
    moved(database, Kind.DISPOSED, 6, **line, detail="resold")
    moved(database, Kind.REFUNDED, 7, return_id=drop["return_id"], amount=7990, currency="EUR")
    moved(database, Kind.RECEIVED, 8, return_id="unknown", line_id="L9", count=2)
    moved(database, Kind.RECEIVED, 9, of="other", bag_id=other["bag_id"])

    def whole(**changes):
        return json.loads(export(What.EVENTS, Form.EPCIS, **changes))

    return whole


def events(document) -> list[dict]:
    return document["epcisBody"]["eventList"]


def brief(event) -> tuple:
    return event["type"], event["bizStep"], event.get("disposition", "")


def test_a_document_is_what_the_standard_asks_for(told):
    """Formats are checked, too: times and URIs."""
    checker = FormatChecker()
    assert {"date-time", "uri"} <= set(checker.checkers)
    errors = list(Draft202012Validator(SCHEMA, format_checker=checker).iter_errors(told()))
    assert errors == []


def test_the_way_of_the_goods(told):
    assert [brief(event) for event in events(told())] == [
        ("TransactionEvent", "accepting", "returned"),
        ("AggregationEvent", "packing", "returned"),
        ("TransactionEvent", "accepting", "returned"),
        ("AggregationEvent", "packing", "returned"),
        ("AggregationEvent", "packing", "returned"),
        ("ObjectEvent", "shipping", "in_transit"),
        ("ObjectEvent", "accepting", "in_transit"),
        ("ObjectEvent", "receiving", "returned"),
        ("ObjectEvent", "inspecting", "returned"),
        ("ObjectEvent", "other", ""),
        ("ObjectEvent", "receiving", "returned"),
    ]


def test_a_drop_that_was_taken_back_lets_go_of_its_goods(database, export):
    """In the period in which that was heard, which may be later than the drop's."""
    later = world.NOON + timedelta(days=40)
    drop = world.drop_row(1, voided=True, voided_at=world.NOON, void_heard_at=later)
    world.put(database, drop, lines=[world.line_row(drop)])

    def said(first, last):
        document = json.loads(export(What.EVENTS, Form.EPCIS, first=first, last=last))
        checker = FormatChecker()
        assert not list(Draft202012Validator(SCHEMA, format_checker=checker).iter_errors(document))
        return events(document)

    day = later.date()
    before = said(world.NOON.date(), world.NOON.date())
    assert [one["action"] for one in before] == ["ADD", "ADD"]
    gone, out = said(day, day)
    assert (gone["type"], gone["action"], out["action"]) == ("TransactionEvent", *["DELETE"] * 2)
    assert gone["quantityList"] == before[0]["quantityList"]
    assert (out["parentID"], out["bizStep"]) == (before[1]["parentID"], "unpacking")


def test_a_drop_says_what_came_where_and_for_which_return(told):
    base = "https://acme.takeback.invalid"
    first = events(told())[0]
    assert first["eventTime"] == "2026-05-04T14:00:01.000+02:00"
    assert first["epcList"] == [f"{base}/bag/TB0000000001"]
    assert first["quantityList"] == [
        {"epcClass": f"{base}/article/linden/04012345111118", "quantity": 1},
        {"epcClass": f"{base}/article/linden/odd%20%22SKU%22%20%2F%201", "quantity": 3},
    ]
    assert first["readPoint"] == {"id": f"{base}/site/Street%201/kiosk/K1"}
    assert first["bizTransactionList"] == [
        {"type": "rma", "bizTransaction": f"{base}/return/linden/RMA-000001"},
        {"type": "po", "bizTransaction": f"{base}/order/linden/LR-1"},
    ]


def test_ids_follow_from_content_and_are_the_same_every_time(told):
    once, again = events(told()), events(told(first=world.NOON.date()))
    assert once == again
    assert len({event["eventID"] for event in once}) == len(once)
    for event in once:
        assert event["eventID"] == event_id(event)


def test_keys_of_gs1_are_used_where_there_are_some(told, database):
    names.put(database, "acme", Named.BASE, "", "https://id.acme.example/")
    names.put(database, "acme", Named.PARTY, "", PARTY)
    names.put(database, "acme", Named.SITE, "Street 1", GLN)
    names.put(database, "acme", Named.PARTNER, SWIFT, CARRIER)
    names.put(database, "acme", Named.MERCHANT, "linden", GLN)
    names.put(database, "acme", Named.ARTICLES, "linden", "gtin")
    said = events(told())
    assert said[0]["readPoint"] == {"id": f"https://id.gs1.org/414/{GLN}/254/K1"}
    assert said[0]["bizLocation"] == {"id": f"https://id.gs1.org/414/{GLN}"}
    assert said[0]["quantityList"][0]["epcClass"] == "https://id.gs1.org/01/04012345111118"
    assert said[0]["bizTransactionList"][0]["bizTransaction"] == (
        f"urn:epcglobal:cbv:bt:{GLN}:RMA-000001"
    )
    assert said[0]["epcList"] == ["https://id.acme.example/bag/TB0000000001"]
    assert said[4]["parentID"] == f"https://id.gs1.org/00/{SSCC}"
    assert said[5]["sourceList"][0]["source"] == f"https://id.gs1.org/417/{PARTY}"
    assert said[5]["destinationList"][0]["destination"] == f"https://id.gs1.org/417/{CARRIER}"
    assert list(Draft202012Validator(SCHEMA).iter_errors(told())) == []


def test_a_merchant_sees_its_goods_alone(told):
    theirs = told(scope=Scope("acme", frozenset({"fjord"})))
    assert [brief(event)[1] for event in events(theirs)] == ["accepting", "packing"]
    assert b"linden" not in json.dumps(theirs).encode()
    linden = events(told(scope=Scope("acme", frozenset({"linden"}))))
    steps = ["accepting", "packing", "packing", "receiving", "inspecting", "other"]
    assert [brief(event)[1] for event in linden] == steps
    assert events(told(scope=Scope("acme", frozenset()))) == []


def test_nothing_happened_is_an_empty_list(told):
    year = {"first": world.NOON.date().replace(year=2020), "last": world.NOON.date()}
    year["last"] = year["first"]
    assert events(told(**year)) == []


@pytest.mark.parametrize(
    ("code", "uri"),
    [
        (SSCC, f"https://id.gs1.org/00/{SSCC}"),
        ("00" + SSCC, f"https://id.gs1.org/00/{SSCC}"),
        ("(00)" + SSCC, f"https://id.gs1.org/00/{SSCC}"),
        ("(8003)04012345000016AB/1", "https://id.gs1.org/8003/04012345000016AB%2F1"),
        ("140123451122233342", "https://x.example/bag/140123451122233342"),  # wrong check digit
        ("TB0000000001", "https://x.example/bag/TB0000000001"),
        ("../../a b?c#d", "https://x.example/bag/..%2F..%2Fa%20b%3Fc%23d"),
    ],
)
def test_goods_are_called_by_their_code(code, uri):
    assert names.Names("https://x.example").goods("bag", code) == uri


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Named.SITE, "4012345000055"),
        (Named.SITE, "401234500005"),
        (Named.PARTY, "GLN"),
        (Named.BASE, "http://acme.example"),
        (Named.BASE, "https://user@acme.example"),
        (Named.BASE, "https://acme.example/?q=1"),
        (Named.BASE, "https://acme example"),
        (Named.BASE, "https://[::1"),
        (Named.ARTICLES, "ean"),
    ],
)
def test_what_is_no_name_is_not_taken(kind, value):
    assert names.problem(kind, "", value)
