"""Several policies on one page: countries, products, tiers of members, contradictions."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.policy.schema_org import Kind

FIVE_WEEKS = {"now": "2025-04-05T12:00:00Z"}  # after the delivery of 1 March


def said(page: Any, **facts: Any) -> str:
    return str(page.says(**FIVE_WEEKS, **facts))


def product(base: Any, sku: Any, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"@type": "Product", "hasMerchantReturnPolicy": {**base, **changes}}
    return made | ({"sku": sku} if sku else {})


def graph(*things: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@graph": list(things)}


def test_a_policy_a_country(pages: Any, base: Any) -> None:
    page = pages.shop(base, {**base, "applicableCountry": ["AT", "CH"], "merchantReturnDays": 60})
    for country, wanted in (("DE", "refuse"), ("AT", "accept"), ("CH", "accept"), ("FR", "staff")):
        assert said(page, of_return={"country": country}) == wanted
    assert {"de-window", "at-ch-window"} <= set(page.ids)
    assert not page.imported.needs_a_person


def test_one_country_apart_from_all_others(pages: Any, base: Any) -> None:
    everywhere = {key: value for key, value in base.items() if key != "applicableCountry"}
    page = pages.shop({**everywhere, "merchantReturnDays": 60}, base)
    assert said(page, of_return={"country": "DE"}) == "refuse"
    assert said(page, of_return={"country": "JP"}) == "accept"
    assert "country" not in page.ids


def test_countries_of_equal_policies_are_joined(pages: Any, base: Any) -> None:
    page = pages.shop(base, {**base, "applicableCountry": "AT"})
    assert page.rule("window")["when"] == {"country": ["AT", "DE"]}


def test_a_contradiction_goes_to_staff_where_it_is_one(pages: Any, base: Any) -> None:
    page = pages.shop(
        {**base, "applicableCountry": ["DE", "AT"]},
        {**base, "applicableCountry": ["DE", "FR"], "merchantReturnDays": 60},
    )
    for country, wanted in (("DE", "staff"), ("AT", "refuse"), ("FR", "accept")):
        assert said(page, of_return={"country": country}) == wanted
    assert "which counts?" in page.person()


def test_a_contradiction_everywhere(pages: Any, base: Any, nothing: Any) -> None:
    everywhere = {key: value for key, value in base.items() if key != "applicableCountry"}
    page = pages.shop(everywhere, {**everywhere, "merchantReturnDays": 60})
    assert page.ids == ["person-clash"]
    assert said(page) == "staff"


# --- tiers ----------------------------------------------------------------------------------------

GOLD = {"@type": "MemberProgramTier", "@id": "#gold", "name": "Gold Plus"}


def test_members_of_a_tier(pages: Any, base: Any) -> None:
    page = pages.shop(base, {**base, "merchantReturnDays": 100, "validForMemberTier": GOLD})
    assert said(page) == "refuse"
    gold = {"segments": ("member:gold-plus",), "country": "DE"}
    assert said(page, of_return=gold) == "accept"
    assert said(page, of_return=gold | {"country": "FR"}) == "staff"
    assert not page.imported.needs_a_person


@pytest.mark.parametrize(
    "tier",
    ["Gold Plus", {"@id": "https://shop.example/club#gold-plus"}, [GOLD, "gold plus"]],
)
def test_other_ways_to_name_a_tier(pages: Any, base: Any, tier: Any) -> None:
    page = pages.policy(validForMemberTier=tier)
    assert page.says(of_return={"segments": ("member:gold-plus",)}) == "accept"
    assert page.says() == "staff"


def test_a_customer_of_two_tiers_that_differ(pages: Any, base: Any) -> None:
    silver = {**base, "merchantReturnDays": 60, "validForMemberTier": "Silver"}
    gold = {**base, "merchantReturnDays": 100, "validForMemberTier": "Gold"}
    page = pages.shop(base, silver, gold)
    both = ("member:gold", "member:silver")
    for segments, wanted in (((), "refuse"), (both[:1], "accept"), (both, "staff")):
        assert said(page, of_return={"segments": segments}) == wanted
    assert not page.imported.needs_a_person
    assert any("both tiers" in text for text in page.notes(Kind.ASSUMED, "validForMemberTier"))


def test_a_tier_without_a_name_goes_to_staff(pages: Any, base: Any) -> None:
    nameless = {"merchantReturnDays": 60, "validForMemberTier": {"@type": "MemberProgramTier"}}
    page = pages.shop(base, {**base, **nameless})
    assert page.says() == "staff"
    assert page.person("validForMemberTier")


# --- products -------------------------------------------------------------------------------------


def test_a_products_policy_is_of_that_product(pages: Any, base: Any) -> None:
    page = pages.read(graph(product(base, "S-1")))
    assert page.says() == "accept"
    assert page.says(line={"sku": "S-2"}) == "staff"


def test_a_products_policy_goes_before_the_shops(pages: Any, base: Any) -> None:
    shop = {"@type": "OnlineStore", "hasMerchantReturnPolicy": {**base, "merchantReturnDays": 60}}
    page = pages.read(graph(shop, product(base, "S-1")))
    assert said(page) == "refuse"
    assert said(page, line={"sku": "S-2"}) == "accept"
    assert not page.imported.needs_a_person


@pytest.mark.parametrize(
    "wrap",
    [
        lambda base: {"@type": "Product", "sku": "S-1", "offers": {"@type": "Offer", **base}},
        lambda base: {
            "@type": "Product",
            "sku": "S-1",
            "offers": {"@type": "AggregateOffer", "offers": [{"@type": "Offer", **base}]},
        },
        lambda base: {"@type": "Offer", "itemOffered": {"@type": "Product", "sku": "S-1"}, **base},
        lambda base: {"@type": "Offer", "sku": "S-1", **base},
        lambda base: {
            "@type": "ProductGroup",
            "hasVariant": [{"@type": "Product", "sku": "S-1"}, "x"],
            **base,
        },
        lambda base: {"sku": "S-1", **base},
    ],
)
def test_where_a_products_policy_hangs(pages: Any, base: Any, wrap: Any) -> None:
    page = pages.read(graph(wrap({"hasMerchantReturnPolicy": base})))
    assert page.says() == "accept"
    assert page.says(line={"sku": "S-2"}) == "staff"
    assert not page.imported.needs_a_person


def test_a_policy_under_a_word_of_its_own(pages: Any, base: Any) -> None:
    """Some pages write hasReturnPolicy; the type tells what it is."""
    page = pages.read(graph({"@type": "Product", "sku": "S-1", "hasReturnPolicy": base}))
    assert (page.says(), page.says(line={"sku": "S-2"})) == ("accept", "staff")


def test_products_of_one_policy_are_joined(pages: Any, base: Any) -> None:
    page = pages.read(graph(*(product(base, f"S-{n}") for n in range(1, 30))))
    assert page.imported.policies == 29
    assert len(page.rule("window")["when"]["sku"]) == 29


def test_products_and_countries_that_differ_stay_apart(pages: Any, base: Any) -> None:
    austrian = product(base, "S-2", applicableCountry="AT")
    page = pages.read(graph(product(base, "S-1"), austrian))
    wanted = {("S-1", "DE"): "accept", ("S-1", "AT"): "staff", ("S-2", "AT"): "accept"}
    for (sku, country), said_there in wanted.items():
        assert page.says(line={"sku": sku}, of_return={"country": country}) == said_there


def test_a_product_without_a_sku(pages: Any, base: Any) -> None:
    one = graph(product(base, None))
    page = pages.read(one)
    assert page.says() == "staff"
    assert "--whole-shop" in page.person("hasMerchantReturnPolicy")
    whole = pages.read(one, whole_shop=True)
    assert whole.says() == "accept"
    assert not whole.imported.needs_a_person


def test_a_product_without_a_sku_that_says_what_the_shop_says(pages: Any, base: Any) -> None:
    shop = {"@type": "OnlineStore", "hasMerchantReturnPolicy": base}
    page = pages.read(graph(shop, product(base, None)))
    assert page.says() == "accept"
    assert not page.imported.needs_a_person


def test_products_that_differ_are_no_policy_of_the_whole_shop(pages: Any, base: Any) -> None:
    things = graph(product(base, "S-1"), product(base, "S-2", merchantReturnDays=60))
    assert said(pages.read(things), line={"sku": "S-2"}) == "accept"
    assert said(pages.read(things, whole_shop=True), line={"sku": "S-2"}) == "staff"


def test_a_policy_of_shop_and_product_alike_is_the_shops(pages: Any, base: Any) -> None:
    shop = {"@type": "OnlineStore", "hasMerchantReturnPolicy": {"@id": "#p", **base}}
    thing = {"@type": "Product", "sku": "S-1", "hasMerchantReturnPolicy": {"@id": "#p"}}
    page = pages.read(graph(shop, thing))
    assert page.says(line={"sku": "S-9"}) == "accept"


def test_many_seasons_and_many_scopes_still_read_well(pages: Any, base: Any) -> None:
    """More exceptions than one list may hold."""
    seasons = [
        {"startDate": f"20{n}-01-01", "endDate": f"20{n}-01-02", "merchantReturnDays": n}
        for n in range(30, 45)
    ]
    shop = {**base, "returnPolicySeasonalOverride": seasons, "merchantReturnDays": 60}
    things = [product(base, f"S-{n}", merchantReturnDays=n) for n in range(2, 17)]
    page = pages.read(graph({"@type": "Store", "hasMerchantReturnPolicy": shop}, *things))
    assert said(page) == "accept"
    assert said(page, line={"sku": "S-9"}) == "refuse"
