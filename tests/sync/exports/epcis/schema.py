"""What EPCIS 2.0 asks of the events that we make, as a JSON Schema of our own.

Written from the standard's text (EPCIS 2.0, sections 7.4 and 10; CBV 2.0, section 7). GS1
publishes a schema of its own, whose licence does not let it lie here; this one is narrower: it
knows no field and no word that we do not use, so a slip in a name fails.
"""

from __future__ import annotations

_URI = {"type": "string", "format": "uri", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:"}
_STEPS = ["accepting", "packing", "unpacking", "shipping", "receiving", "inspecting", "other"]
_WORDS = ["returned", "in_transit"]


def _object(required: list[str], **properties: object) -> dict:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _list(of: dict, least: int = 1) -> dict:
    return {"type": "array", "items": of, "minItems": least, "uniqueItems": True}


_PLACE = _object(["id"], id=_URI)
_QUANTITIES = _list(
    _object(["epcClass"], epcClass=_URI, quantity={"type": "number", "exclusiveMinimum": 0})
)
_PARTY = {"enum": ["possessing_party"]}
_COMMON: dict = {
    "eventID": {
        "type": "string",
        "pattern": r"^ni:///sha-256;[0-9a-f]{64}\?ver=CBV2\.0$",
    },
    "eventTime": {"type": "string", "format": "date-time"},
    "eventTimeZoneOffset": {"type": "string", "pattern": r"^[+-](0\d|1[0-4]):[0-5]\d$"},
    "action": {"enum": ["ADD", "OBSERVE", "DELETE"]},
    "bizStep": {"enum": _STEPS},
    "disposition": {"enum": _WORDS},
    "readPoint": _PLACE,
    "bizLocation": _PLACE,
    "bizTransactionList": _list(
        _object(["type", "bizTransaction"], type={"enum": ["rma", "po"]}, bizTransaction=_URI)
    ),
    "sourceList": _list(_object(["type", "source"], type=_PARTY, source=_URI)),
    "destinationList": _list(_object(["type", "destination"], type=_PARTY, destination=_URI)),
}
_ALWAYS = ["type", "eventID", "eventTime", "eventTimeZoneOffset", "action", "bizStep"]


def _event(type_: str, *required: str, **own: dict) -> dict:
    return _object([*_ALWAYS, *required], type={"const": type_}, **_COMMON, **own)


_EVENTS = [
    {
        **_event("ObjectEvent", epcList=_list(_URI), quantityList=_QUANTITIES),
        "anyOf": [{"required": ["epcList"]}, {"required": ["quantityList"]}],
    },
    _event(
        "TransactionEvent",
        "bizTransactionList",
        epcList=_list(_URI),
        quantityList=_QUANTITIES,
    ),
    {
        **_event(
            "AggregationEvent",
            "parentID",
            parentID=_URI,
            childEPCs=_list(_URI),
            childQuantityList=_QUANTITIES,
        ),
        "anyOf": [{"required": ["childEPCs"]}, {"required": ["childQuantityList"]}],
    },
]

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
        **{
            "@context": _list(_URI),
            "type": {"const": "EPCISDocument"},
            "schemaVersion": {"const": "2.0"},
            "creationDate": {"type": "string", "format": "date-time"},
            "epcisBody": _object(
                ["eventList"], eventList={"type": "array", "items": {"oneOf": _EVENTS}}
            ),
        },
    ),
}
