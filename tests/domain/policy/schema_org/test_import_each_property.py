"""Every property of MerchantReturnPolicy, and every value of its enumerations."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.policy.schema_org import Kind
from kiosk.domain.policy.schema_org.vocabulary import OF_ANY_THING, OVERRIDING, PROPERTIES

LATE = {"now": "2025-05-01T12:00:00Z"}
FAULTY = {"line": {"reason": "faulty"}}
UNWANTED = {"line": {"reason": "unwanted"}}


def test_a_plain_policy_needs_nobody(pages: Any) -> None:
    page = pages.policy()
    assert not page.imported.needs_a_person
    assert page.ids == ["window", "refund", "method", "country"]
    assert page.says() == "accept"
    assert page.says(**LATE) == "refuse"


# --- nothing is passed over --------------------------------------------------------------------

EXAMPLES: dict[str, Any] = {
    "additionalProperty": {"@type": "PropertyValue", "name": "tags on", "value": True},
    "applicableCountry": "AT",
    "customerRemorseReturnFees": "FreeReturn",
    "customerRemorseReturnLabelSource": "ReturnLabelInBox",
    "customerRemorseReturnShippingFeesAmount": {"value": 1, "currency": "EUR"},
    "inStoreReturnsOffered": True,
    "itemCondition": "NewCondition",
    "itemDefectReturnFees": "FreeReturn",
    "itemDefectReturnLabelSource": "ReturnLabelDownloadAndPrint",
    "itemDefectReturnShippingFeesAmount": {"value": 1, "currency": "EUR"},
    "merchantReturnDays": 14,
    "merchantReturnLink": "https://shop.example/returns",
    "refundType": "StoreCreditRefund",
    "restockingFee": 10,
    "returnFees": "OriginalShippingFees",
    "returnLabelSource": "ReturnLabelCustomerResponsibility",
    "returnMethod": "ReturnInStore",
    "returnPolicyCategory": "MerchantReturnUnlimitedWindow",
    "returnPolicyCountry": "DE",
    "returnPolicySeasonalOverride": {"startDate": "2025-11-01", "merchantReturnDays": 60},
    "returnShippingFeesAmount": {"value": 1, "currency": "EUR"},
    "validForMemberTier": {"@type": "MemberProgramTier", "name": "Gold"},
}


def test_there_is_an_example_of_every_property() -> None:
    assert EXAMPLES.keys() == PROPERTIES


@pytest.mark.parametrize("term", sorted(PROPERTIES))
def test_every_property_is_told_of(pages: Any, term: str) -> None:
    assert pages.policy(**{term: EXAMPLES[term]}).kinds(term)
    assert pages.policy(**{term: "nonsense"}).kinds(term)


@pytest.mark.parametrize("term", sorted(OF_ANY_THING))
def test_what_is_for_people_makes_no_rule(pages: Any, term: str) -> None:
    page = pages.policy(**{term: "Bring it back!"})
    assert page.kinds(term) == {Kind.UNUSED}
    assert page.rules == pages.policy().rules


@pytest.mark.parametrize("term", sorted(OVERRIDING))
def test_every_property_of_a_season_is_told_of(pages: Any, term: str) -> None:
    season = {"startDate": "2025-11-01", "endDate": "2025-12-24"}
    season |= {term: EXAMPLES[term]} if term in EXAMPLES else {}
    page = pages.policy(returnPolicySeasonalOverride=season)
    told = [n for n in page.imported.notes if n.term == term and "season" in n.where]
    assert told


def test_a_word_that_schema_org_does_not_have_goes_to_a_person(pages: Any) -> None:
    assert "did you mean merchantReturnDays?" in pages.policy(merchantReturnDay=7).person()
    page = pages.policy(**{"https://gs1.org/voc/returnable": "x"})
    assert "not known" in page.person("https://gs1.org/voc/returnable")


# --- how long ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "days", "inside", "after"),
    [
        ("MerchantReturnFiniteReturnWindow", 30, "accept", "refuse"),
        ("MerchantReturnUnlimitedWindow", None, "accept", "accept"),
        ("MerchantReturnNotPermitted", None, "refuse", "refuse"),
        ("MerchantReturnUnspecified", None, "staff", "staff"),
        ("MerchantReturnSometimes", 30, "staff", "staff"),
        ("MerchantReturnFiniteReturnWindow", None, "staff", "staff"),
        ("MerchantReturnUnlimitedWindow", 30, "staff", "staff"),
        (["MerchantReturnNotPermitted", "MerchantReturnUnlimitedWindow"], None, "staff", "staff"),
        (None, None, "staff", "staff"),
        (None, 30, "accept", "refuse"),
    ],
)
def test_category(
    pages: Any, nothing: Any, category: Any, days: int | None, inside: str, after: str
) -> None:
    page = pages.policy(
        returnPolicyCategory=nothing if category is None else category,
        merchantReturnDays=nothing if days is None else days,
    )
    assert (page.says(), page.says(**LATE)) == (inside, after)
    assert page.imported.needs_a_person == (inside == "staff")


def test_not_permitted_without_a_country_still_says_where(pages: Any, nothing: Any) -> None:
    page = pages.policy(
        returnPolicyCategory="MerchantReturnNotPermitted",
        merchantReturnDays=nothing,
        applicableCountry=nothing,
    )
    assert page.says(of_return={"country": "JP"}) == "refuse"


def test_not_permitted_beside_words_on_defects(pages: Any, nothing: Any) -> None:
    page = pages.policy(
        returnPolicyCategory="MerchantReturnNotPermitted",
        merchantReturnDays=nothing,
        itemDefectReturnFees="FreeReturn",
    )
    assert (page.says(**UNWANTED), page.says(**FAULTY)) == ("refuse", "staff")


# --- fees --------------------------------------------------------------------------------------

SHIPPING = {"@type": "MonetaryAmount", "value": 4.95, "currency": "EUR"}
FREE, SHIP = "FreeReturn", "ReturnShippingFees"


@pytest.mark.parametrize(
    ("properties", "unwanted", "faulty"),
    [
        ({"returnFees": FREE}, "accept", "accept"),
        ({"returnFees": None}, "accept", "accept"),
        ({"returnFees": SHIP, "returnShippingFeesAmount": SHIPPING}, *["accept_with_fee 495"] * 2),
        ({"returnFees": None, "returnShippingFeesAmount": SHIPPING}, *["accept_with_fee 495"] * 2),
        ({"returnFees": SHIP}, "staff", "staff"),
        (
            {"returnFees": SHIP, "returnShippingFeesAmount": {"value": 0, "currency": "EUR"}},
            *["accept"] * 2,
        ),
        ({"returnFees": "ReturnFeesCustomerResponsibility"}, "staff", "staff"),
        (
            {
                "returnFees": "ReturnFeesCustomerResponsibility",
                "returnShippingFeesAmount": SHIPPING,
            },
            *["accept_with_fee 495"] * 2,
        ),
        ({"returnFees": "OriginalShippingFees"}, "accept", "accept"),
        ({"returnFees": "RestockingFees", "restockingFee": 15}, *["accept_with_fee 750"] * 2),
        ({"returnFees": "RestockingFees"}, "staff", "staff"),
        ({"returnFees": "HandlingFees"}, "staff", "staff"),
        ({"returnFees": [FREE, SHIP], "returnShippingFeesAmount": SHIPPING}, "staff", "staff"),
        ({"returnFees": FREE, "returnShippingFeesAmount": SHIPPING}, "staff", "staff"),
        ({"returnFees": FREE, "restockingFee": 15}, "staff", "staff"),
        ({"returnFees": FREE, "restockingFee": 0}, "accept", "accept"),
        (
            {"returnFees": FREE, "returnShippingFeesAmount": {"value": 0, "currency": "EUR"}},
            *["accept"] * 2,
        ),
        (
            {"returnFees": "OriginalShippingFees", "returnShippingFeesAmount": SHIPPING},
            *["staff"] * 2,
        ),
        (
            {
                "returnFees": [SHIP, "RestockingFees"],
                "returnShippingFeesAmount": SHIPPING,
                "restockingFee": {"value": "2.00", "currency": "EUR"},
            },
            *["accept_with_fee 695"] * 2,
        ),
        # the cause's own words go before those for any cause
        (
            {
                "customerRemorseReturnFees": SHIP,
                "customerRemorseReturnShippingFeesAmount": SHIPPING,
                "itemDefectReturnFees": FREE,
            },
            "accept_with_fee 495",
            "accept",
        ),
        (
            {
                "returnFees": SHIP,
                "returnShippingFeesAmount": SHIPPING,
                "itemDefectReturnFees": FREE,
            },
            "accept_with_fee 495",
            "accept",
        ),
        (
            {
                "returnFees": FREE,
                "itemDefectReturnFees": SHIP,
                "itemDefectReturnShippingFeesAmount": {"value": 1, "currency": "EUR"},
            },
            "accept",
            "accept_with_fee 100",
        ),
        (
            {"returnFees": FREE, "customerRemorseReturnShippingFeesAmount": SHIPPING},
            "accept_with_fee 495",
            "accept",
        ),
        (
            {
                "returnFees": SHIP,
                "returnShippingFeesAmount": SHIPPING,
                "customerRemorseReturnFees": SHIP,
            },
            *["accept_with_fee 495"] * 2,
        ),
        (
            {"restockingFee": 10, "returnFees": None, "itemDefectReturnFees": FREE},
            "accept_with_fee 500",
            "accept",
        ),
        ({"customerRemorseReturnFees": SHIP, "itemDefectReturnFees": FREE}, "staff", "accept"),
        (
            {"customerRemorseReturnFees": FREE, "restockingFee": 10, "returnFees": None},
            "staff",
            "accept_with_fee 500",
        ),
        ({"itemDefectReturnFees": "Never", "returnFees": FREE}, "accept", "staff"),
    ],
)
def test_fees(
    pages: Any, nothing: Any, properties: dict[str, Any], unwanted: str, faulty: str
) -> None:
    changes = {term: nothing if value is None else value for term, value in properties.items()}
    page = pages.policy(**changes)
    assert (page.says(**UNWANTED), page.says(**FAULTY)) == (unwanted, faulty)
    assert page.says() == unwanted, "no reason given is a change of mind"
    assert page.imported.needs_a_person == ("staff" in (unwanted, faulty))


def test_a_shipping_fee_comes_once_a_return(pages: Any, situation: Any) -> None:
    page = pages.policy(returnFees=SHIP, returnShippingFeesAmount=SHIPPING)
    lines = situation.together({}, {"brought": 2})
    assert sum(v.fee.minor for v in situation.verdicts(page.rules, lines)) == 495


def test_amounts_in_several_currencies(pages: Any, amount: Any) -> None:
    page = pages.policy(
        returnFees=SHIP, returnShippingFeesAmount=[amount("4.95"), amount(600, "JPY")]
    )
    assert page.says() == "accept_with_fee 495"
    assert page.says(line={"currency": "JPY", "price": 9000}) == "accept_with_fee 600"
    assert page.says(line={"currency": "CHF"}) == "staff"
    twice = pages.policy(returnFees=SHIP, returnShippingFeesAmount=[amount(4), amount(5)])
    assert twice.says() == "staff"


def test_goods_in_another_currency_than_the_fee(pages: Any, amount: Any) -> None:
    page = pages.policy(returnFees=SHIP, returnShippingFeesAmount=amount(4))
    assert page.says(line={"currency": "CHF"}) == "staff"


def test_the_merchants_own_words_for_a_defect(pages: Any) -> None:
    page = pages.policy(
        {"defects": ("kaputt",)},
        returnFees=SHIP,
        returnShippingFeesAmount=SHIPPING,
        itemDefectReturnFees=FREE,
    )
    assert page.says(line={"reason": "kaputt"}) == "accept"
    assert page.says(**FAULTY) == "accept_with_fee 495"


# --- how paid back, how brought, in which state ---------------------------------------------------


@pytest.mark.parametrize(
    ("given", "method"),
    [
        ("FullRefund", "original"),
        ("StoreCreditRefund", "store_credit"),
        ("ExchangeRefund", "exchange"),
        (None, "original"),
    ],
)
def test_refund_type(pages: Any, nothing: Any, given: str | None, method: str) -> None:
    page = pages.policy(refundType=nothing if given is None else given)
    assert page.judge().method.value == method


def test_several_refund_types_are_the_shoppers_choice(pages: Any) -> None:
    page = pages.policy(refundType=["FullRefund", "StoreCreditRefund"])
    assert page.says() == "ask refund_method"
    assert page.says(answers={"refund_method": "store_credit"}) == "accept"
    assert pages.policy(refundType=["FullRefund", "Voucher"]).says() == "staff"


@pytest.mark.parametrize(
    ("given", "here", "at_the_shop"),
    [
        ("ReturnAtKiosk", "accept", "refuse"),
        (["ReturnAtKiosk", "ReturnInStore"], "accept", "accept"),
        ("ReturnByMail", "refuse", "refuse"),
        ("ReturnInStore", "refuse", "accept"),
        ("KeepProduct", "returnless", "returnless"),
        (["KeepProduct", "ReturnAtKiosk"], "accept", "refuse"),
        ("ReturnByDrone", "staff", "staff"),
        (None, "accept", "accept"),
    ],
)
def test_return_method(pages: Any, nothing: Any, given: Any, here: str, at_the_shop: str) -> None:
    page = pages.policy(returnMethod=nothing if given is None else given)
    assert (page.says(), page.says(at={"method": "store"})) == (here, at_the_shop)
    assert page.imported.needs_a_person == (here in ("refuse", "staff"))


def test_a_page_that_does_not_know_of_kiosks_yet(pages: Any) -> None:
    assert "--at-kiosk" in pages.policy(returnMethod="ReturnByMail").person("returnMethod")
    page = pages.policy({"at_kiosk": True}, returnMethod="ReturnByMail")
    assert page.says() == "accept"
    assert not page.imported.needs_a_person


def test_kept_goods_without_a_country_still_say_where(pages: Any, nothing: Any) -> None:
    page = pages.policy(returnMethod="KeepProduct", applicableCountry=nothing)
    assert page.says() == "returnless"


@pytest.mark.parametrize(("given", "only"), [(True, {"kiosk", "store"}), ("false", {"kiosk"})])
def test_in_store_returns(pages: Any, given: Any, only: set[str]) -> None:
    page = pages.policy(inStoreReturnsOffered=given)
    assert set(page.rule("method")["only"]) == only
    both = pages.policy(
        inStoreReturnsOffered=given, returnMethod=["ReturnInStore", "ReturnAtKiosk"]
    )
    assert set(both.rule("method")["only"]) == only


def test_in_store_returns_alone_make_no_rule(pages: Any, nothing: Any) -> None:
    page = pages.policy(inStoreReturnsOffered=True, returnMethod=nothing)
    assert "method" not in page.ids
    assert page.kinds("inStoreReturnsOffered") == {Kind.UNUSED}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("NewCondition", ["accept", "review", "refuse", "refuse"]),
        (["NewCondition", "UsedCondition"], ["accept", "accept", "accept", "refuse"]),
        (["NewCondition", "DamagedCondition"], ["accept", "review", "refuse", "accept"]),
        (["NewCondition", "RefurbishedCondition"], ["accept", "review", "refuse", "refuse"]),
    ],
)
def test_item_condition(pages: Any, given: Any, said: list[str]) -> None:
    page = pages.policy(itemCondition=given)
    assert page.says() == "ask condition"
    answers = ("unused", "opened", "used", "damaged")
    assert [page.says(answers={"condition": answer}) for answer in answers] == said
    assert page.says(**FAULTY) == "accept"


def test_every_condition_is_no_question(pages: Any) -> None:
    given = ["NewCondition", "UsedCondition", "DamagedCondition"]
    assert pages.policy(itemCondition=given).says() == "accept"


@pytest.mark.parametrize("given", ["RefurbishedCondition", "MintCondition"])
def test_conditions_no_shopper_can_tell(pages: Any, given: str) -> None:
    page = pages.policy(itemCondition=given)
    assert page.says() == "staff"
    assert page.person("itemCondition")


# --- where, labels, links -------------------------------------------------------------------------


def test_countries_nobody_speaks_of_go_to_staff(pages: Any) -> None:
    page = pages.policy(applicableCountry=["DE", {"@type": "Country", "name": "AT"}])
    assert page.says(of_return={"country": "AT"}) == "accept"
    assert page.says(of_return={"country": "CH"}) == "staff"
    assert page.says(of_return={"country": ""}) == "staff"


@pytest.mark.parametrize("given", ["Germany", "UK", "EU", "D", 49])
def test_a_country_that_is_none(pages: Any, given: Any) -> None:
    page = pages.policy(applicableCountry=given)
    assert page.says() == "staff"
    assert "ISO 3166-1" in page.person("applicableCountry")
    mixed = pages.policy(applicableCountry=["DE", given])
    assert (mixed.says(), mixed.says(of_return={"country": "GB"})) == ("accept", "staff")


def test_no_country_is_every_country(pages: Any, nothing: Any) -> None:
    page = pages.policy(applicableCountry=nothing)
    assert page.says(of_return={"country": "NZ"}) == "accept"
    assert page.kinds("applicableCountry") == {Kind.ASSUMED}


@pytest.mark.parametrize(
    ("site", "said"), [("DE", "accept"), ("NL", "accept"), ("FR", "staff"), ("", "accept")]
)
def test_where_the_kiosk_stands(pages: Any, site: str, said: str) -> None:
    page = pages.policy(returnPolicyCountry="NL")
    assert page.says(at={"site_country": site}) == said


def test_a_return_country_that_is_none(pages: Any) -> None:
    assert pages.policy(returnPolicyCountry="Holland").says() == "staff"


@pytest.mark.parametrize(
    "term",
    ["returnLabelSource", "customerRemorseReturnLabelSource", "itemDefectReturnLabelSource"],
)
def test_labels(pages: Any, term: str) -> None:
    for known in ("CustomerResponsibility", "DownloadAndPrint", "InBox"):
        page = pages.policy(**{term: f"https://schema.org/ReturnLabel{known}"})
        assert (page.says(), page.kinds(term)) == ("accept", {Kind.UNUSED})
    unknown = pages.policy(**{term: "ReturnLabelByPigeon"})
    assert (unknown.says(), unknown.kinds(term)) == ("staff", {Kind.PERSON})


def test_links_are_told_and_not_followed(pages: Any) -> None:
    page = pages.policy(merchantReturnLink="https://shop.example/returns")
    (told,) = page.notes(Kind.UNUSED, "merchantReturnLink")
    assert "shop.example/returns" in told


def test_additional_properties_are_told_with_their_values(pages: Any) -> None:
    extra = {"@type": "PropertyValue", "name": "excluded", "value": ["swimwear", 7]}
    told = pages.policy(additionalProperty=extra).person("additionalProperty")
    assert "excluded = 'swimwear', '7'" in told
    assert pages.policy(additionalProperty="hm").person("additionalProperty").startswith("? = 'hm'")
