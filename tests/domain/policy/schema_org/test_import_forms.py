"""The forms in which pages write the same policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kiosk.domain.policy.schema_org import Kind

S = "https://schema.org/"
POLICY = {
    "@type": "MerchantReturnPolicy",
    "applicableCountry": "DE",
    "returnPolicyCategory": S + "MerchantReturnFiniteReturnWindow",
    "merchantReturnDays": 30,
    "returnFees": S + "FreeReturn",
    "returnMethod": S + "ReturnAtKiosk",
    "refundType": S + "FullRefund",
}


def org(policy: Any, context: Any = "https://schema.org") -> dict[str, Any]:
    return {"@context": context, "@type": "Organization", "hasMerchantReturnPolicy": policy}


def renamed(prefix: str) -> dict[str, Any]:
    """Every word with a prefix, values too."""
    return {
        (key if key.startswith("@") else prefix + key): (
            value.replace(S, prefix) if isinstance(value, str) else value
        )
        for key, value in {**POLICY, "@type": f"{prefix}MerchantReturnPolicy"}.items()
    }


FORMS: dict[str, Any] = {
    "an organisation": org(POLICY),
    "http": org(json.loads(json.dumps(POLICY).replace("https://", "http://")), "http://schema.org"),
    "www and a slash": org(POLICY, "https://www.schema.org/"),
    "the context's file": org(POLICY, "https://schema.org/docs/jsonldcontext.jsonld"),
    "bare words": org(json.loads(json.dumps(POLICY).replace(S, ""))),
    "the policy alone": {"@context": "https://schema.org", **POLICY},
    "a list of documents": [{"@context": "https://schema.org/", "@type": "WebSite"}, org(POLICY)],
    "types in a list": org({**POLICY, "@type": ["Thing", "MerchantReturnPolicy"]}),
    "no type": org({key: value for key, value in POLICY.items() if key != "@type"}),
    "type as schema.org's context has it": org(
        {("type" if key == "@type" else key): value for key, value in POLICY.items()}
    ),
    "a vocabulary": org(POLICY, {"@vocab": "https://schema.org/"}),
    "a vocabulary over http": org(POLICY, {"@vocab": "http://schema.org/"}),
    "a prefix": {
        "@context": {"s": "https://schema.org/"},
        "s:hasMerchantReturnPolicy": renamed("s:"),
    },
    "a prefix nobody defined": {
        "@context": {},
        "schema:hasMerchantReturnPolicy": renamed("schema:"),
    },
    "full addresses": {
        "@context": {},
        "https://schema.org/hasMerchantReturnPolicy": renamed("https://schema.org/"),
    },
    "words of one's own": org(
        {("frist" if key == "merchantReturnDays" else key): v for key, v in POLICY.items()},
        ["https://schema.org", {"frist": "merchantReturnDays"}],
    ),
    "words of one's own, spelled out": org(
        {("frist" if key == "merchantReturnDays" else key): v for key, v in POLICY.items()},
        {
            "frist": {"@id": "sdo:merchantReturnDays", "@type": "xsd:integer"},
            "sdo": "https://schema.org/",
            "@vocab": "https://schema.org/",
        },
    ),
    "words defined as themselves": org(
        POLICY,
        [
            "https://schema.org",
            {"merchantReturnDays": "merchantReturnDays", "returnFees": {"@type": "@id"}},
            {"refundType": {"@id": "schema:refundType", "@type": "@vocab"}},
        ],
    ),
    "keywords of one's own": {
        "@context": ["https://schema.org", {"kind": "@type", "ref": "@id"}],
        "hasMerchantReturnPolicy": {
            ("kind" if key == "@type" else key): value for key, value in POLICY.items()
        },
    },
    "a context inside": {
        "@context": {"@vocab": "https://example.org/"},
        "x": 1,
        "@graph": [org(POLICY)],
    },
    "a graph": {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, {**POLICY}]},
    "a reference": {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "hasMerchantReturnPolicy": {"@id": "#returns"}},
            {"@id": "#returns", **POLICY},
        ],
    },
    "a policy in two parts": {
        "@context": "https://schema.org",
        "@graph": [
            {"@id": "#returns", "@type": "MerchantReturnPolicy", "merchantReturnDays": 30},
            {
                "@id": "#returns",
                **{k: v for k, v in POLICY.items() if k != "merchantReturnDays"},
            },
        ],
    },
    "values wrapped": org(
        {
            key: value if key.startswith("@") else {"@value": value, "@language": "en"}
            for key, value in POLICY.items()
        }
    ),
    "values as references": org(
        {
            key: {"@id": value} if isinstance(value, str) and value.startswith(S) else value
            for key, value in POLICY.items()
        }
    ),
    "sets and lists": org(
        {
            **POLICY,
            "applicableCountry": {"@set": ["DE"]},
            "returnMethod": {"@list": [S + "ReturnAtKiosk"]},
        }
    ),
    "a country as a thing": org(
        {**POLICY, "applicableCountry": {"@type": "Country", "identifier": "DE"}}
    ),
    "nested for order": org({"@type": "MerchantReturnPolicy", "@nest": {**POLICY}}),
    "words of old": {
        "@context": "http://schema.org",
        "hasProductReturnPolicy": {
            **{k: v for k, v in POLICY.items() if k != "merchantReturnDays"},
            "@type": "ProductReturnPolicy",
            "returnPolicyCategory": "http://schema.org/ProductReturnFiniteReturnWindow",
            "productReturnDays": 30,
        },
    },
    "in capitals and small letters": org({**POLICY, "applicableCountry": "de"}),
    "null for nothing": org({**POLICY, "restockingFee": None, "itemCondition": []}),
    "the same policy twice": org([POLICY, dict(POLICY)]),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_in_every_form(pages: Any, form: str) -> None:
    page = pages.read(FORMS[form])
    assert page.rules == pages.read(org(POLICY)).rules
    assert len(page.rules) == 4
    assert not page.imported.needs_a_person, page.person()


HTML = """<!DOCTYPE html><html><head><title>Returns</title>
<!-- <script type="application/ld+json">{"@context": "https://nobody.example"}</script> -->
<script>let a = "<script type='application/ld+json'>";</script>
%s
</head><body><p>30 days &amp; free</p></body></html>"""


@pytest.mark.parametrize(
    "tag",
    [
        '<script type="application/ld+json">%s</script>',
        "<script type='application/ld+json'>%s</script>",
        "<SCRIPT TYPE=application/ld+json>%s</SCRIPT >",
        '<script id="a>b" data-x=\'"\' type="application/ld+json; charset=utf-8" async>%s</script>',
        '<script\n  type="application/ld&#43;json"\n>\n%s\n</script>',
        '<script type="application/ld+json">//<![CDATA[\n%s\n//]]></script>',
        '<script type="application/ld+json"><!--\n%s\n--></script>',
    ],
)
def test_a_page(pages: Any, tag: str) -> None:
    page = pages.read(HTML % (tag % json.dumps(org(POLICY))))
    assert page.rules == pages.read(org(POLICY)).rules
    assert not page.imported.needs_a_person


def test_a_page_that_begins_with_a_byte_order_mark(pages: Any) -> None:
    assert pages.read(b"\xef\xbb\xbf" + json.dumps(org(POLICY)).encode()).says() == "accept"


def test_references_from_one_block_to_another(pages: Any) -> None:
    first = {"@context": "https://schema.org", "@type": "Organization"}
    first |= {"hasMerchantReturnPolicy": {"@id": "https://shop.example/#returns"}}
    second = {"@context": "https://schema.org", "@id": "https://shop.example/#returns", **POLICY}
    block = '<script type="application/ld+json">%s</script>'
    text = "".join(block % json.dumps(one) for one in (first, second))
    page = pages.read("<html>" + text)
    assert (page.imported.policies, page.says()) == (1, "accept")


def test_circles_of_references_end(pages: Any) -> None:
    graph = [
        {"@id": "#shop", "@type": "Organization", "hasMerchantReturnPolicy": {"@id": "#returns"}},
        {"@id": "#returns", **POLICY, "owner": {"@id": "#shop"}, "subjectOf": {"@id": "#returns"}},
    ]
    page = pages.read({"@context": "https://schema.org", "@graph": graph})
    assert (page.imported.policies, page.says()) == (1, "accept")


@pytest.mark.parametrize("target", [{"@id": "#nowhere"}, "https://shop.example/returns"])
def test_a_reference_that_leads_nowhere_goes_to_staff(pages: Any, target: Any) -> None:
    page = pages.read(org(target))
    assert page.says() == "staff"
    assert page.imported.needs_a_person


# --- contexts are never fetched -------------------------------------------------------------------


def test_a_context_of_others_beside_schema_orgs_is_told(pages: Any) -> None:
    page = pages.read(org(POLICY, ["https://schema.org", "https://shop.example/words.jsonld"]))
    assert page.says() == "accept"
    assert "words.jsonld" in page.person("@context")


def test_a_context_of_others_alone_leaves_no_words(pages: Any) -> None:
    why = pages.refused(org(POLICY, "https://shop.example/words.jsonld"))
    assert "holds no MerchantReturnPolicy" in why
    assert "never fetched" in why


def test_no_context_is_taken_for_schema_orgs_and_told(pages: Any) -> None:
    page = pages.read({"hasMerchantReturnPolicy": POLICY})
    assert page.says() == "accept"
    assert page.kinds("@context") == {Kind.ASSUMED}


@pytest.mark.parametrize(
    "context",
    [
        {"@vocab": "https://schema.org/", "@import": "https://shop.example/more.jsonld"},
        {"@vocab": "https://schema.org/", "policyOf": {"@reverse": "hasMerchantReturnPolicy"}},
        {"@vocab": "https://schema.org/", "x": {"@id": "s:x", "@context": {}}},
        {"@vocab": "https://schema.org/", "x": 7},
        ["https://schema.org", 7],
        ["https://schema.org", ["https://schema.org"]],
        ["https://schema.org"] * 21,
        {"@vocab": "https://schema.org/"} | {f"w{n}": "@id" for n in range(2_001)},
    ],
)
def test_parts_of_contexts_beyond_this_reader_are_told(pages: Any, context: Any) -> None:
    page = pages.read(org(POLICY, context))
    assert page.says() == "accept"
    assert page.person("@context")


def test_a_word_taken_away_or_given_another_meaning(pages: Any) -> None:
    for meaning in (None, {"@id": None}, "https://example.org/days"):
        page = pages.read(org(POLICY, ["https://schema.org", {"merchantReturnDays": meaning}]))
        assert page.says() == "staff"
        assert page.person("merchantReturnDays")


def test_a_context_of_nothing(pages: Any) -> None:
    inner = {"@context": None, **POLICY}
    assert pages.read(org(inner)).says() == "staff"
    assert "no MerchantReturnPolicy" in pages.refused({**org(POLICY), "@context": {"@vocab": 7}})


def test_properties_turned_round_are_told(pages: Any) -> None:
    page = pages.read({**org(POLICY), "@reverse": {"owner": {"@id": "#x"}}})
    assert "turned round" in page.person("@reverse")
