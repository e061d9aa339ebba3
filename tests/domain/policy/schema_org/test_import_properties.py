"""What holds for any page: well-formed rules, no matter the order, and doubt never takes goods."""

from __future__ import annotations

import json
import random
from itertools import product
from typing import Any

import pytest

from kiosk.domain.policy.rules import problems
from kiosk.domain.policy.schema_org import Imported, Options, read
from kiosk.domain.policy.schema_org.vocabulary import CATEGORIES, FEES, METHODS, PROPERTIES

GOOD: dict[str, list[Any]] = {
    "applicableCountry": [["DE"], ["AT", "DE"], "FR", "Germany"],
    "returnPolicyCategory": [*CATEGORIES],
    "merchantReturnDays": [5, 30, "P1M", "2025-03-20", "soon"],
    "returnFees": [*FEES],
    "returnShippingFeesAmount": [{"value": 4, "currency": "EUR"}],
    "restockingFee": [10, 0.5, {"value": 3, "currency": "EUR"}],
    "validForMemberTier": ["Gold", "Silver", {}],
    "returnMethod": [["ReturnAtKiosk", "ReturnByMail"], *METHODS],
    "itemDefectReturnFees": ["FreeReturn"],
    "refundType": ["FullRefund", "ExchangeRefund"],
    "returnPolicySeasonalOverride": [
        {"startDate": "2025-02-01", "endDate": "2025-02-28", "merchantReturnDays": 60},
        {"startDate": "2025-02-20", "returnFees": "FreeReturn"},
        {"endDate": "2025-02-25", "returnPolicyCategory": "MerchantReturnNotPermitted"},
        {"merchantReturnDays": 60},
    ],
}
SITUATIONS = [
    {
        "line": {"sku": sku, "reason": reason},
        "of_return": {"country": country, "segments": segments, "ordered_on": ordered},
        "answers": {"condition": "unused", "refund_method": "original"},
    }
    for sku, reason, country, segments, ordered in product(
        ("A", "C"),
        ("faulty", ""),
        ("DE", "FR", "JP"),
        ((), ("member:gold",)),
        ("2025-02-21", "2025-01-10"),
    )
]


def policy(chance: random.Random) -> dict[str, Any]:
    chosen = chance.sample(sorted(GOOD), chance.randrange(2, len(GOOD)))
    return {"@type": "MerchantReturnPolicy"} | {term: chance.choice(GOOD[term]) for term in chosen}


def things(chance: random.Random) -> list[dict[str, Any]]:
    owners = [{"@type": "Store"}, {"@type": "Product", "sku": "A"}, {"@type": "Product"}]
    count = chance.choice([1, 1, 2, 3])
    return [
        {**chance.choice(owners), "hasMerchantReturnPolicy": policy(chance)} for _ in range(count)
    ]


def imported(given: list[dict[str, Any]]) -> Imported:
    found = read(
        json.dumps({"@context": "https://schema.org", "@graph": given}).encode(), Options()
    )
    assert isinstance(found, Imported)
    return found


def verdicts(situation: Any, found: Imported) -> list[tuple[Any, ...]]:
    judged = [situation.judge(*found.rules, **facts) for facts in SITUATIONS]
    return [
        (one.outcome, one.fee, one.method) if hasattr(one, "outcome") else (one.question,)
        for one in judged
    ]


@pytest.mark.parametrize("seed", range(40))
def test_the_order_on_the_page_never_matters(situation: Any, seed: int) -> None:
    chance = random.Random(seed)
    given = things(chance)
    found = imported(given)
    for rule in found.rules:
        assert problems(rule) == []
    other = chance.sample(given, len(given))
    again = imported([dict(chance.sample(sorted(one.items()), len(one))) for one in other])
    assert verdicts(situation, again) == verdicts(situation, found)
    assert again.needs_a_person == found.needs_a_person


@pytest.mark.parametrize("seed", range(20))
def test_a_policy_of_another_country_changes_nothing_here(situation: Any, seed: int) -> None:
    chance = random.Random(seed)
    given = {"@type": "Store", "hasMerchantReturnPolicy": policy(chance)}
    given["hasMerchantReturnPolicy"]["applicableCountry"] = ["DE", "FR"]
    given["hasMerchantReturnPolicy"].pop("validForMemberTier", None)
    abroad = {"@type": "Store", "hasMerchantReturnPolicy": policy(chance)}
    abroad["hasMerchantReturnPolicy"]["applicableCountry"] = "NZ"
    abroad["hasMerchantReturnPolicy"].pop("validForMemberTier", None)
    assert verdicts(situation, imported([given, abroad])) == verdicts(situation, imported([given]))


@pytest.mark.parametrize("term", sorted(PROPERTIES - {"merchantReturnLink", "additionalProperty"}))
def test_a_word_nobody_knows_never_takes_goods_by_itself(pages: Any, term: str) -> None:
    """Whatever a property says, an unknown word in its place gives no more than the page did."""
    page = pages.policy(**{term: "https://schema.org/NobodyKnows"})
    if term in ("inStoreReturnsOffered", "validForMemberTier"):
        return  # no verdict of a kiosk depends on the one; any word names a tier in the other
    if term == "restockingFee":
        page = pages.policy(restockingFee="some", returnFees="RestockingFees")
    assert page.says(line={"reason": "faulty"}) == "staff" or term.startswith("customerRemorse")
    assert page.says() == "staff" or term.startswith("itemDefect")
