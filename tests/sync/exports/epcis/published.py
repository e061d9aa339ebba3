"""Events whose hash ids are published, written anew by us in JSON-LD.

The facts are those of the examples of the reference implementation of CBV 2.0's Event Hash ID
(github.com/RalphTro/epcis-event-hash-generator, tests/examples/expected/CBV2.0; MIT licence);
lists are in another order than the hash wants them. `DEPARTING` and what follows is from its
document with various event types, the last two from the one of shipping and transporting.
"""

from __future__ import annotations

GS1 = "https://id.gs1.org"
BT = "urn:epcglobal:cbv:bt"


def _event(type_: str, time: str, offset: str, place: str, **fields: object) -> dict:
    where = {"readPoint": {"id": place}} if place else {}
    return {"type": type_, "eventTime": time, "eventTimeZoneOffset": offset, **where, **fields}


def _typed(kind: str, *pairs: tuple[str, str]) -> list[dict]:
    return [{"type": type_, kind: uri} for type_, uri in pairs]


DEPARTING = _event(
    "ObjectEvent",
    "2019-10-21T11:00:30+01:00",
    "+01:00",
    f"{GS1}/414/5200001999012",
    epcList=[f"{GS1}/00/052000011111111461"],
    action="OBSERVE",
    bizStep="departing",
    bizTransactionList=_typed(
        "bizTransaction",
        ("inv", f"{BT}:5200001000008:RE1099"),
        ("desadv", f"{BT}:5200001000008:4711"),
    ),
    sourceList=_typed("source", ("possessing_party", f"{GS1}/417/5200001000008")),
    destinationList=_typed(
        "destination",
        ("possessing_party", f"{GS1}/417/4000001987658"),
        ("location", f"{GS1}/414/4012345000122"),
    ),
)
RECEIVING = _event(
    "ObjectEvent",
    "2019-10-21T11:00:30.000Z",
    "+01:00",
    "https://example.com/places/414/4012345000122?from=door",
    epcList=[f"{GS1}/00/052000011111111461"],
    action="OBSERVE",
    bizStep="urn:epcglobal:cbv:bizstep:receiving",
    bizTransactionList=_typed(
        "bizTransaction",
        ("urn:epcglobal:cbv:btt:inv", f"{BT}:5200001000008:RE1099"),
        ("https://ref.gs1.org/cbv/BTT-desadv", f"{BT}:5200001000008:4711"),
    ),
    sourceList=_typed(
        "source",
        ("possessing_party", f"{GS1}/417/4000001000128"),
        ("owning_party", f"{GS1}/417/4000001000128"),
    ),
    destinationList=_typed(
        "destination",
        ("owning_party", f"{GS1}/417/4012345000009"),
        ("location", f"{GS1}/414/4012345000122"),
        ("possessing_party", f"{GS1}/417/4012345000009"),
    ),
)
INSPECTING = _event(
    "ObjectEvent",
    "2019-10-21T15:45:00.000+01:00",
    "+01:00",
    f"{GS1}/414/4012345000245",
    epcList=[f"{GS1}/00/040123451111111110"],
    action="OBSERVE",
    bizStep="inspecting",
    disposition="in_progress",
    eventID="urn:uuid:1",
    recordTime="2019-10-21T16:00:00Z",
)
PACKING = _event(
    "AggregationEvent",
    "2019-10-21T11:58:56.591+02:00",
    "+02:00",
    f"{GS1}/414/4047023000125",
    parentID=f"{GS1}/00/040470231111111229",
    childEPCs=[f"{GS1}/01/04047023775511/21/{serial}" for serial in (97, 98, 107, 109)],
    action="ADD",
    bizStep="packing",
)
PACKING_QUANTITIES = _event(
    "AggregationEvent",
    "2019-10-21T17:30:56.591+02:00",
    "+02:00",
    f"{GS1}/414/4012345000252",
    parentID=f"{GS1}/00/040123441111111333",
    childQuantityList=[
        {"epcClass": f"{GS1}/01/04054739999025/10/P2", "quantity": 12.0, "uom": "KGM"},
        {"epcClass": f"{GS1}/01/04054739123451/10/lot2", "quantity": 17},
    ],
    action="ADD",
    bizStep="packing",
)
UNPACKING_ALL = _event(
    "AggregationEvent",
    "2019-10-21T11:58:56.591+02:00",
    "+02:00",
    f"{GS1}/414/4012345000252",
    parentID=f"{GS1}/00/040123441111111449",
    action="DELETE",
    bizStep="unpacking",
    bizTransactionList=_typed("bizTransaction", ("inv", f"{BT}:4012345123456:RE1099")),
)
UNPACKING = _event(
    "AggregationEvent",
    "2019-10-21T14:02:56+02:00",
    "+02:00",
    f"{GS1}/414/4012345000771",
    parentID=f"{GS1}/00/040123449988111227",
    childEPCs=[f"{GS1}/00/0401234499881112{last}" for last in (58, 34, 41)],
    action="DELETE",
    bizStep="unpacking",
    bizTransactionList=_typed("bizTransaction", ("inv", f"{BT}:4012345123456:4711")),
)
SHIPPING = _event(
    "TransactionEvent",
    "2019-10-21T00:05:00.000-06:00",
    "-06:00",
    f"{GS1}/414/4012345000009/254/5",
    epcList=[f"{GS1}/01/10614141073402/21/2", f"{GS1}/01/10614141073402/21/1"],
    action="ADD",
    bizStep="shipping",
    bizLocation={"id": f"{GS1}/414/4012345000009"},
    bizTransactionList=_typed("bizTransaction", ("po", f"{BT}:4012345123456:RE100099")),
)
HOLDING = _event(
    "TransactionEvent",
    "2019-10-21T14:58:56.591+02:00",
    "+02:00",
    f"{GS1}/414/4012345000252",
    quantityList=[
        {
            "epcClass": f"{GS1}/01/04012345999884/10/2014-02-10",
            "quantity": "2030.00",
            "uom": "KGM",
        }
    ],
    action="ADD",
    bizStep="holding",
    bizLocation={"id": f"{GS1}/414/4012345000023"},
    bizTransactionList=_typed("bizTransaction", ("inv", f"{BT}:4012345123456:RE1099")),
)
TRANSFORMING = _event(
    "TransformationEvent",
    "2019-10-21T14:58:56.591+02:00",
    "+02:00",
    f"{GS1}/414/4012345000016",
    inputEPCList=[
        f"{GS1}/01/04012345111224/21/25",
        f"{GS1}/01/04000001654321/21/99886655",
    ],
    outputQuantityList=[
        {"epcClass": f"{GS1}/01/04054739999025/10/P20131121", "quantity": 9520},
    ],
    transformationID=f"{GS1}/253/40123455555541234",
    bizStep="http://epcis.example.com/user/vocab/bizstep/exampling",
)
HANDING_OVER = _event(
    "ObjectEvent",
    "2022-02-16T12:50:00.000+01:00",
    "+01:00",
    f"{GS1}/414/4012345000221",
    epcList=[f"{GS1}/00/140123451122233341"],
    action="OBSERVE",
    bizStep="departing",
    bizTransactionList=_typed("bizTransaction", ("desadv", f"{BT}:4012345000009:ASN1099")),
    sourceList=_typed("source", ("possessing_party", f"{GS1}/417/4012345000009")),
    destinationList=_typed("destination", ("possessing_party", f"{GS1}/417/4023333000000")),
)
ON_THE_ROAD = _event(
    "ObjectEvent",
    "2022-02-16T16:50:00.000+01:00",
    "+01:00",
    "geo:47.506694,11.104301",
    epcList=[f"{GS1}/00/140123451122233341"],
    action="OBSERVE",
    bizStep="transporting",
)

PUBLISHED = {
    "departing": (DEPARTING, "253f0178f96349eedc207505b49044a602129605cf692e3d9f1f36c8bd1dfb0d"),
    "receiving": (RECEIVING, "ef43acf0e69951f79739f603f714893784648a41bac3f58035b5830a978a2631"),
    "inspecting": (INSPECTING, "c50842eb714406394a77fb7b517fea621c78a61f65549874de7c9e019afe7b6f"),
    "packing": (PACKING, "c941e6486c561c2be83c28dc228c150eaef9a6befb1015e6cc563982fb7414b6"),
    "packing quantities": (
        PACKING_QUANTITIES,
        "cfda50b7ff23682e989bafc3747ac9b752f405305fcde6618280f6be27344f35",
    ),
    "unpacking all": (
        UNPACKING_ALL,
        "c4bdb87c8d59d6ab569d0cfc6583e9dd4c314cdf71799b0ef8d4febe5239d9c5",
    ),
    "unpacking": (UNPACKING, "a62b9f9e429fcba628ea47d073542ca67e9fbe4688df2c649b8cd13b8519b91f"),
    "shipping": (SHIPPING, "cf6559dc931963f19ed9cd2fe33c02ef64c8cfd557e5a96b086a87db315b7122"),
    "holding": (HOLDING, "b741a543ea0b2a4c4bdb3441c7dc196b41710e5b2c9870b211fac8d6d4c93427"),
    "transforming": (
        TRANSFORMING,
        "756558aa09b2d38c6bcb6e50eab2fcbebd9bde17362a7c4f4686a5d7f5fb013f",
    ),
    "handing over": (
        HANDING_OVER,
        "2919bf0587534fef0e25eea97b5dda68f345e6bbf2c6b4cb27b2a52e0039272b",
    ),
    "on the road": (
        ON_THE_ROAD,
        "1d2ec4174d8f0b5988a44795b31a636e8bc7f88ebc4bdc0d35c14f215a842e80",
    ),
}
"""The event, and the digest of its id as published."""
