"""What a list of rules comes to: never-mattering rules, contradictions, gaps, loose names."""

from __future__ import annotations

import random
from datetime import date

import pytest

from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.file.logic import remarks
from kiosk.domain.policy.model import Policy, Verdict
from kiosk.domain.policy.rules import build, problems

TODAY = date(2026, 11, 22)
WINDOW = {"rule": "window", "id": "w30", "days": 30}


def told(*specs):
    named = [{"id": f"r{n}", **spec} for n, spec in enumerate(specs)]
    for spec in named:
        assert problems(spec) == [], spec
    return [
        (named[r.place]["id"] if r.place is not None else "", r.level.value, r.problem)
        for r in remarks(named, TODAY)
    ]


def texts(*specs):
    return " / ".join(problem for _, level, problem in told(*specs) if level != "note")


NEVER = [
    ("a longer window for some", WINDOW,
     {**WINDOW, "id": "x", "days": 60, "when": {"segment": "v"}}),
    ("a refused category", WINDOW, {"rule": "refuse", "when": {"category": ["a", "b"]}},
     {"rule": "allow", "id": "x", "when": {"category": "b"}}),
    ("a fee where staff decide", WINDOW, {"rule": "staff", "when": {"hazard": "lithium"}},
     {"rule": "fee", "id": "x", "per": "item", "amount": 1, "currency": "EUR",
      "when": {"hazard": "lithium", "country": "DE"}}),
    ("countries not served", WINDOW, {"rule": "country", "only": ["DE", "AT"]},
     {"rule": "review", "id": "x", "when": {"country": "FR"}}),
    ("final sale, always", WINDOW, {"rule": "final_sale", "tags": ["clear"]},
     {"rule": "review", "id": "x", "when": {"tag": "clear"}}),
    ("a waiver that comes second", WINDOW,
     {"rule": "fee", "id": "a", "per": "line", "amount": 5, "currency": "EUR"},
     {"rule": "fee", "id": "x", "per": "line", "amount": 0, "currency": "EUR",
      "when": {"reason": "faulty"}, "priority": -1}),
    ("two methods", WINDOW, {"rule": "refund_method", "id": "a", "methods": "original"},
     {"rule": "refund_method", "id": "x", "methods": "exchange", "when": {"country": "DE"}}),
    ("a discount already refused", WINDOW, {"rule": "discount", "above": 4000},
     {"rule": "review", "id": "x", "when": {"discount": {"min": 5000}}}),
    ("nothing is both", WINDOW,
     {"rule": "staff", "id": "x", "when": {"category": "a", "all": [{"category": "b"}]}}),
    ("excepted from itself", WINDOW,
     {"rule": "staff", "id": "x", "when": {"offline": True}, "unless": {"offline": True}}),
    ("no price between", WINDOW, {"rule": "staff", "id": "x", "when": {
        "value": {"min": 10, "currency": "EUR"},
        "all": [{"value": {"max": 9, "currency": "EUR"}}]}}),
    ("two currencies at once", WINDOW, {"rule": "staff", "id": "x", "when": {
        "value": {"min": 10, "currency": "EUR"},
        "all": [{"value": {"min": 9, "currency": "USD"}}]}}),
    ("beyond the rule's own limit", WINDOW, {"rule": "returnless", "id": "x", "below": 500,
     "currency": "EUR", "when": {"value": {"min": 600, "currency": "EUR"}}}),
    ("every weekday denied", WINDOW, {"rule": "staff", "id": "x", "when": {"not": {"weekday": [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]}}}),
]  # fmt: skip


@pytest.mark.parametrize("case", NEVER, ids=lambda case: case[0])
def test_a_rule_that_never_matters_is_told(case):
    found = [
        rule for rule, level, text in told(*case[1:]) if "never" in text and level == "warning"
    ]
    assert found == ["x"]


ALIVE = [
    (WINDOW, {**WINDOW, "id": "x", "days": 60}, {"rule": "allow_list", "rules": ["w30"],
     "when": {"segment": "v"}}),
    ({**WINDOW, "unless": {"segment": "v"}}, {**WINDOW, "id": "x", "days": 60,
     "when": {"segment": "v"}}),
    (WINDOW, {**WINDOW, "id": "x", "days": 60, "from": "order"}),
    (WINDOW, {"rule": "refuse", "when": {"category": "a"}, "unless": {"reason": "faulty"}},
     {"rule": "review", "id": "x", "when": {"category": "a"}}),
    (WINDOW, {"rule": "staff", "when": {"weight": {"min": 5}}},
     {"rule": "review", "id": "x", "when": {"unknown": "weight"}}),
    (WINDOW, {"rule": "staff", "when": {"value": {"min": 5, "currency": "EUR"}}},
     {"rule": "review", "id": "x", "when": {"value": {"min": 5, "currency": "USD"}}}),
    (WINDOW, {"rule": "refuse", "when": {"tag": "a"}},
     {"rule": "review", "id": "x", "when": {"tag": "b"}}),
    (WINDOW, {"rule": "staff", "when": {"answer": {"condition": "used"}}},
     {"rule": "review", "id": "x", "when": {"not": {"answer": {"condition": "used"}}}}),
]  # fmt: skip


@pytest.mark.parametrize("specs", ALIVE)
def test_a_rule_that_can_matter_is_not_told(specs):
    assert "never" not in texts(*specs)


def test_contradictions_say_where_and_which_counts():
    fee = {"rule": "fee", "per": "line", "amount": 300, "currency": "EUR"}
    shoes = {**fee, "id": "b-shoes", "amount": 500, "when": {"category": "shoes"}}
    red = {**fee, "id": "a-red", "when": {"tag": "red"}}
    text = texts(WINDOW, shoes, red)
    assert "contradicts 'a-red' of the same priority" in text
    assert "category shoes, with tag red" in text
    assert texts(WINDOW, {**shoes, "priority": 1}, red) == ""
    assert texts(WINDOW, shoes, {**red, "kind": "restock"}) == ""
    assert texts(WINDOW, shoes, {**red, "when": {"category": "boots"}}) == ""
    assert "another currency" in texts(WINDOW, shoes, {**red, "currency": "USD", "priority": 1})
    keep = {"rule": "returnless", "id": "k", "below": 300, "currency": "EUR"}
    give = {**keep, "id": "g", "then": "donate", "when": {"category": "seeds"}}
    assert "contradicts 'g'" in texts(WINDOW, keep, give)


def test_gaps():
    assert "no rule takes anything" in texts({"rule": "final_sale"})
    shoes = {**WINDOW, "when": {"category": "shoes"}}
    fee = {"rule": "fee", "per": "percent", "basis_points": 10, "when": {"category": "hats"}}
    text = texts(shoes, fee)
    assert "category 'hats'" in text
    assert "any category not named here" in text
    assert "category 'shoes'" not in text
    refused = {"rule": "refuse", "when": {"not": {"category": "shoes"}}}
    assert "no rule takes" not in texts(shoes, refused)
    assert texts(WINDOW) == ""


def test_names_that_lead_nowhere():
    lift = {"rule": "allow_list", "id": "x", "rules": ["w31"], "when": {"reason": "faulty"}}
    assert ("x", "error", "there is no rule 'w31' to pass over") in told(WINDOW, lift)
    guard = {**lift, "rules": ["authorised-quantity"]}
    assert "cannot be passed over" in texts(WINDOW, guard)
    answer = {"rule": "staff", "when": {"answer": {"condtion": "used"}}}
    ask = {"rule": "condition", "question": "condition", "accept": ["unused"], "refuse": ["used"]}
    assert "which no rule asks" in texts(WINDOW, ask, answer)
    odd = {"rule": "staff", "when": {"answer": {"condition": "usd"}}}
    assert "none of its answers" in texts(WINDOW, ask, odd)
    assert "no refund method" in texts(WINDOW, {"rule": "staff", "when": {"resolution": "cash"}})
    assert "'Germany' is no country" in texts(WINDOW, {"rule": "country", "only": ["Germany"]})


def test_fees_that_eat_the_refund():
    fee = {"rule": "fee", "id": "f", "per": "line", "amount": 500, "currency": "EUR"}
    assert [one for one in told(WINDOW, fee) if one[1] == "note"]
    dear = {**fee, "when": {"value": {"min": 500, "currency": "EUR"}}}
    assert told(WINDOW, dear) == []
    cheap = {**fee, "when": {"value": {"max": 500, "currency": "EUR"}}}
    assert "takes the whole price, always" in texts(WINDOW, cheap)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"latest": "2026-11-21"}, "is closed for everything"),
        ({"holidays": ["2025-12-25", "2026-01-01"]}, "no holiday that is still to come"),
        ({"extend": [{"from": "2025-11-01", "to": "2025-12-24", "until": "2026-01-31"}]}, "ended"),
    ],
)
def test_days_that_are_over(more, says):
    assert says in texts({**WINDOW, **more})
    assert texts({**WINDOW, "holidays": ["12-26"], "latest": "2026-11-22"}) == ""


# --- it never tells of a rule that can matter ----------------------------------------------------

CATEGORIES, TAGS, COUNTRIES = ("a", "b", "c"), ("x", "y"), ("DE", "FR", "")


def condition(chance, depth=2):
    parts = {
        "category": lambda: chance.sample(CATEGORIES, chance.randint(1, 2)),
        "tag": lambda: chance.sample(TAGS, 1),
        "country": lambda: chance.choice(["DE", "FR"]),
        "segment": lambda: "vip",
        "value": lambda: {chance.choice(["min", "max"]): chance.choice([500, 1000]),
                          "currency": chance.choice(["EUR", "EUR", "USD"])},
        "weight": lambda: {chance.choice(["min", "max"]): 100},
        "offline": lambda: chance.random() < 0.5,
        "unknown": lambda: chance.choice(["weight", "country", "value"]),
        "ordered": lambda: {chance.choice(["from", "to"]): "2025-02-20"},
    }  # fmt: skip
    found = {key: parts[key]() for key in chance.sample(sorted(parts), chance.randint(1, 2))}
    if depth and chance.random() < 0.4:
        kind = chance.choice(["any", "all", "not"])
        inner = [condition(chance, depth - 1) for _ in range(2)]
        found[kind] = inner[0] if kind == "not" else inner
    return found


def rule(chance, number):
    made = chance.choice([
        {"rule": "window", "days": chance.choice([5, 9, 30])},
        {"rule": "allow"},
        {"rule": "refuse", "when": condition(chance)},
        {"rule": "staff"},
        {"rule": "review"},
        {"rule": "country", "only": ["DE"], "then": chance.choice(["staff", "refuse", "review"])},
        {"rule": "final_sale", "tags": ["x"]},
        {"rule": "hazmat", "then": "refuse"},
        {"rule": "discount", "above": 4000, "then": "review"},
        {"rule": "returnless", "below": 700, "currency": "EUR"},
        {"rule": "value", "limit": 800, "currency": "EUR"},
        {"rule": "fee", "per": "line", "amount": chance.choice([0, 50]), "currency": "EUR"},
        {"rule": "fee", "per": "percent", "basis_points": 100},
        {"rule": "destination", "to": chance.choice(["here", "there"])},
        {"rule": "refund_method", "methods": chance.choice(["original", "exchange"])},
    ])  # fmt: skip
    spec = {**made, "id": f"r{number}", "priority": chance.choice([0, 0, 1])}
    if chance.random() < 0.7:
        spec["when"] = condition(chance)
    if chance.random() < 0.3:
        spec["unless"] = condition(chance, 0)
    return spec


def what_counts(decision):
    assert isinstance(decision, Verdict)
    v = decision
    kept = (v.outcome, v.refund, v.fee, v.withheld, v.disposal, v.method, v.destination, v.bonus)
    return (*kept, frozenset((share.kind, share.minor) for share in v.fees))


def some_return(chance, situation):
    line = {
        "category": chance.choice(CATEGORIES),
        "price": chance.choice([400, 900, 1500]),
        "currency": chance.choice(["EUR", "EUR", "USD"]),
        "tags": chance.sample(TAGS, chance.randint(0, 2)),
        "weight_g": chance.choice([0, 100, 200]),
        "final_sale": chance.random() < 0.2,
        "discount": chance.choice([0, 5000]),
        "hazard": chance.choice(["", "gas"]),
    }
    of_return = {
        "country": chance.choice(COUNTRIES),
        "ordered_on": chance.choice(["2025-02-19", "2025-02-20"]),
        "segments": chance.choice([(), ("vip",)]),
    }
    return situation.facts(line=line, of_return=of_return, offline=chance.random() < 0.3)


def test_leaving_out_a_rule_that_never_matters_changes_nothing(situation):
    """Random policies over random returns: the proof is in the verdicts."""
    chance = random.Random(4)
    tried = 0
    for _ in range(250):
        drawn = [rule(chance, n) for n in range(chance.randint(2, 6))]
        specs = [spec for spec in drawn if not problems(spec)]  # windows must not ask for the time
        never = [r.place for r in remarks(specs, TODAY) if "never" in r.problem]
        for place in never[:2]:
            tried += 1
            rules = [build(spec) for spec in specs]
            without = rules[:place] + rules[place + 1 :]
            for _ in range(12):
                facts = [some_return(chance, situation)]
                full = evaluate_return(Policy(1, "m", tuple(rules)), facts)
                less = evaluate_return(Policy(1, "m", tuple(without)), facts)
                assert what_counts(full[0]) == what_counts(less[0]), (specs, place, facts)
    assert tried > 100
