"""What is no JSON, no JSON-LD, or made to harm: one sentence, soon, and no rule."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kiosk.domain.policy.schema_org import Imported, Unreadable, read

OPEN, CLOSE = '<script type="application/ld+json">', "</script>"
GOOD = {
    "@context": "https://schema.org",
    "@type": "MerchantReturnPolicy",
    "returnPolicyCategory": "MerchantReturnUnlimitedWindow",
}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe{\x00", "not UTF-8"),
        ('{"@context": "https://schema.org"'.encode("utf-16"), "not UTF-8"),
        (b"<html><p>30 days</p>", "is neither JSON nor a page"),
        (b"just text", "is neither JSON nor a page"),
        (b"{", "line 1, column 2: is no JSON"),
        (b'{"a": 1,\n "b": }', "line 2, column 7: is no JSON"),
        (b'{"a": 1} {"b": 2}', "is no JSON"),
        (b'{"merchantReturnDays": 30, "merchantReturnDays": 14}', "stands twice"),
        (b'{"merchantReturnDays": NaN}', "NaN is no JSON number"),
        (b'{"merchantReturnDays": -Infinity}', "-Infinity is no JSON number"),
        (b'{"a": "\t"}', "is no JSON"),
        (b"[]", "holds no MerchantReturnPolicy"),
        (b"[1, null, [2]]", "holds no MerchantReturnPolicy"),
        (b'{"@context": "https://schema.org", "@type": "Product"}', "no MerchantReturnPolicy"),
        (b'{"@type": 7, "@id": 7, "@context": "https://schema.org"}', "no MerchantReturnPolicy"),
        (OPEN.encode() + b"{}", "no MerchantReturnPolicy"),
        ((OPEN + "{}" + CLOSE).encode() * 201, "more than 200 blocks"),
    ],
)
def test_unreadable(pages: Any, given: bytes, why: str) -> None:
    assert why in pages.refused(given)


def test_one_broken_block_does_not_hide_the_others(pages: Any) -> None:
    text = f"<html>\n{OPEN}\n{{'a': 1}}\n{CLOSE}\n{OPEN}{json.dumps(GOOD)}{CLOSE}"
    page = pages.read(text)
    assert page.says() == "accept"
    assert "line 3, column 2: is no JSON" in page.person()


def test_a_block_that_never_ends(pages: Any) -> None:
    text = f"<html>{OPEN}{json.dumps(GOOD)}{CLOSE}{OPEN}" + "{}"
    assert "has no </script>" in pages.read(text).person()


BOMBS: dict[str, bytes] = {
    "too large": b"[" + b" " * 8_000_000 + b"]",
    "deep arrays": b"[" * 200_000,
    "deep and closed": b"[" * 400 + b"]" * 400,
    "deep objects": b'{"a":' * 900 + b"1" + b"}" * 900,
    "deep contexts": b'{"@context":' + b"[" * 900 + b"]" * 900 + b"}",
    "deep in a page": OPEN.encode() + b'{"@graph":' * 5_000 + CLOSE.encode(),
    "many values": b'{"@context":"https://schema.org","x":[' + b"1," * 400_000 + b"1]}",
    "many contexts": b"[" + b'{"@context":{"a":"@id"}},' * 3_000 + b"{}]",
    "nested by @nest": b'{"@nest":' * 300 + b"1" + b"}" * 300,
    "many openings": b"<script " * 500_000,
    "many comments": b"<!--" * 500_000,
    "many quotes": b"<script " + b"\"'" * 500_000,
    "a huge integer": b'{"@context":"https://schema.org","@type":"MerchantReturnPolicy",'
    b'"merchantReturnDays":' + b"9" * 100_000 + b"}",
}


BLANK = b" " * 3_000_000
BOMBS |= {
    "blanks in a block": b"<html>" + OPEN.encode() + BLANK + CLOSE.encode(),
    "blanks in a tag": b"<html><script type" + BLANK + b"=x>" + BLANK + b"</script>",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs(pages: Any, bomb: str) -> None:
    why = pages.refused(BOMBS[bomb])
    assert len(why) < 400


@pytest.mark.parametrize(
    "number", ["1e999999999", "-1e999999999", "1e-999999999", "9" * 4000, "1." + "0" * 5000 + "1"]
)
def test_numbers_made_to_fill_the_memory(pages: Any, number: str) -> None:
    for term in ("merchantReturnDays", "restockingFee"):
        text = json.dumps({**GOOD, term: "#"}).replace('"#"', number)
        page = pages.read(text)
        assert page.says() == "staff"
        assert all(len(note.text) < 400 for note in page.imported.notes)


def test_a_page_with_very_many_policies_ends_with_a_person(pages: Any) -> None:
    many = [{**GOOD, "name": str(n)} for n in range(600)]
    assert "more than 500 policies" in pages.refused(many)
    windows = [
        {
            "@context": "https://schema.org",
            "@type": "Product",
            "sku": f"S-{days}",
            "hasMerchantReturnPolicy": {
                "@type": "MerchantReturnPolicy",
                "merchantReturnDays": days,
                "returnPolicyCategory": "MerchantReturnFiniteReturnWindow",
            },
        }
        for days in range(40)
    ]
    page = pages.read(windows)
    assert page.says() == "staff"
    assert "more than 18" in page.person()


@pytest.mark.parametrize(
    "flood",
    [
        {f"merchantReturn{n}": n for n in range(5_000)},
        {f"https://example.org/{n}": n for n in range(5_000)},
        {"applicableCountry": [f"Country {n}" for n in range(5_000)]},
        {"additionalProperty": [{"name": f"p{n}", "value": n} for n in range(5_000)]},
        {"returnPolicySeasonalOverride": [{"startDate": n} for n in range(5_000)]},
    ],
)
def test_a_flood_of_faults_is_told_in_part(pages: Any, flood: dict[str, Any]) -> None:
    page = pages.read({**GOOD, **flood})
    assert len(page.imported.notes) <= 1_001
    assert page.imported.needs_a_person


def test_more_products_than_a_rule_can_name(pages: Any) -> None:
    variants = [{"@type": "Product", "sku": f"S-{n}"} for n in range(10_001)]
    group = {"@type": "ProductGroup", "hasVariant": variants, "hasMerchantReturnPolicy": GOOD}
    found = read(json.dumps({"@context": "https://schema.org", **group}).encode())
    assert isinstance(found, Imported)
    assert found.needs_a_person


def test_many_references_cost_no_more_than_they_are_long(pages: Any) -> None:
    graph: list[Any] = [{"@id": f"#{n}", "x": [{"@id": f"#{n + 1}"}] * 9} for n in range(2_000)]
    page = pages.read([{"@context": "https://schema.org", "@graph": graph}, GOOD])
    assert page.says() == "accept"


SEEDS = json.dumps(
    {
        **GOOD,
        "applicableCountry": ["DE"],
        "returnFees": "ReturnShippingFees",
        "returnShippingFeesAmount": {"value": 4.95, "currency": "EUR"},
        "returnPolicySeasonalOverride": [{"startDate": "2025-11-01", "merchantReturnDays": 60}],
    }
)


def test_no_page_makes_it_fall_over() -> None:
    """Every value of a good document replaced by every odd one, and the text cut anywhere."""
    odd: list[Any] = [None, True, 0, -1, 1.5, "", "@id", ":", "a:b", [], {}, [[]], {"@id": ""}]
    odd += [{"@value": {}}, {"@value": []}, {"@set": {}}, {"@type": []}, {"@id": {}}, [{}, 1, "x"]]
    whole = json.loads(SEEDS)
    for key in whole:
        for value in odd:
            found = read(json.dumps({**whole, key: value}).encode())
            assert isinstance(found, Imported | Unreadable)
    for end in range(len(SEEDS)):
        assert isinstance(read(SEEDS[:end].encode()), Unreadable)
