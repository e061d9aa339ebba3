"""Event hash ids are those of GS1's Core Business Vocabulary 2.0, section 8.9."""

from __future__ import annotations

import random

import pytest

from sync.central.exports.epcis.hashing import canonical, event_id, pre_hash
from tests.sync.exports.epcis.published import HANDING_OVER, PUBLISHED


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_events_have_their_published_ids(name):
    event, digest = PUBLISHED[name]
    assert event_id(event) == f"ni:///sha-256;{digest}?ver=CBV2.0"


def test_the_string_that_is_hashed():
    assert pre_hash(HANDING_OVER) == (
        "eventType=ObjectEvent"
        "eventTime=2022-02-16T11:50:00.000Z"
        "eventTimeZoneOffset=+01:00"
        "epcListepc=https://id.gs1.org/00/140123451122233341"
        "action=OBSERVE"
        "bizStep=https://ref.gs1.org/cbv/BizStep-departing"
        "readPointid=https://id.gs1.org/414/4012345000221"
        "bizTransactionList"
        "type=https://ref.gs1.org/cbv/BTT-desadv"
        "bizTransaction=urn:epcglobal:cbv:bt:4012345000009:ASN1099"
        "sourceList"
        "type=https://ref.gs1.org/cbv/SDT-possessing_party"
        "source=https://id.gs1.org/417/4012345000009"
        "destinationList"
        "type=https://ref.gs1.org/cbv/SDT-possessing_party"
        "destination=https://id.gs1.org/417/4023333000000"
    )


@pytest.mark.parametrize("name", PUBLISHED)
def test_order_and_blanks_make_no_other_event(name):
    event, _ = PUBLISHED[name]
    shuffled = random.Random(7)
    for _ in range(5):
        items = list(event.items())
        shuffled.shuffle(items)
        other = {key: _mixed(value, shuffled) for key, value in items}
        assert event_id({**other, "type": event["type"]}) == event_id(event)


def _mixed(value, shuffled):
    if isinstance(value, list):
        return shuffled.sample(value, len(value))
    return f"  {value}\n" if isinstance(value, str) else value


def test_any_other_content_is_another_event():
    event = {**HANDING_OVER, "persistentDisposition": {"set": ["recalled"], "unset": ["expired"]}}
    seen = {event_id(HANDING_OVER), event_id(event)}
    changed = {
        "eventTime": "2022-02-16T12:50:00.001+01:00",
        "eventTimeZoneOffset": "+02:00",
        "epcList": ["https://id.gs1.org/00/140123451122233358"],
        "action": "ADD",
        "bizStep": "shipping",
        "disposition": "in_transit",
        "sourceList": [{"type": "owning_party", "source": "https://id.gs1.org/417/4012345000009"}],
        "destinationList": [],
        "persistentDisposition": {"set": ["recalled"]},
    }
    for name, value in changed.items():
        seen.add(event_id({**event, name: value}))
    assert len(seen) == 2 + len(changed)


def test_the_record_of_an_event_is_no_part_of_it():
    told = {**HANDING_OVER, "eventID": "urn:uuid:x", "recordTime": "2022-02-17T00:00:00Z"}
    assert event_id(told) == event_id(HANDING_OVER)


def test_a_field_that_is_not_known_has_no_id():
    """Left out, it would make one id of two events."""
    with pytest.raises(ValueError, match="sensorElementList"):
        event_id({**HANDING_OVER, "sensorElementList": [{}]})


@pytest.mark.parametrize(
    ("told", "hashed"),
    [
        ("2026-05-04T12:00:00Z", "2026-05-04T12:00:00.000Z"),
        ("2026-05-04T14:00:00.5+02:00", "2026-05-04T12:00:00.500Z"),
        ("2026-05-04T12:00:00.0004Z", "2026-05-04T12:00:00.000Z"),
        ("2026-05-04T12:00:00.0005Z", "2026-05-04T12:00:00.001Z"),
        ("2026-12-31T23:59:59.9999Z", "2027-01-01T00:00:00.000Z"),
    ],
)
def test_times_are_utc_with_milliseconds(told, hashed):
    event = {"type": "ObjectEvent", "eventTime": told, "action": "ADD"}
    assert pre_hash(event) == f"eventType=ObjectEventeventTime={hashed}action=ADD"


@pytest.mark.parametrize(
    ("told", "hashed"),
    [(1, "1"), (1.0, "1"), ("1.50", "1.5"), (0.3434, "0.3434"), (100, "100"), ("1E2", "100")],
)
def test_quantities_have_no_zeros_behind_them(told, hashed):
    one = {"epcClass": "https://acme.example/a", "quantity": told}
    event = {"type": "ObjectEvent", "quantityList": [one]}
    assert pre_hash(event).endswith(f"quantity={hashed}")


@pytest.mark.parametrize(
    ("told", "hashed"),
    [
        ("https://example.com/some/01/4012345111118?x=1", "https://id.gs1.org/01/04012345111118"),
        (
            "https://example.com/01/04012345111118/22/2A/10/L/21/9?17=260101",
            "https://id.gs1.org/01/04012345111118/21/9",
        ),
        (
            "http://example.com/8003/04012345000016AB1",
            "https://id.gs1.org/8003/04012345000016AB1",
        ),
        ("https://example.com/01/40123455/22/2A", "https://id.gs1.org/01/00000040123455"),
        ("https://acme.example/bag/TB0000000001", "https://acme.example/bag/TB0000000001"),
        ("https://acme.example/article/linden/SKU-1", "https://acme.example/article/linden/SKU-1"),
        ("urn:epcglobal:cbv:bt:4012345000009:1", "urn:epcglobal:cbv:bt:4012345000009:1"),
    ],
)
def test_digital_links_are_made_canonical_and_others_left_alone(told, hashed):
    assert canonical(told) == hashed
