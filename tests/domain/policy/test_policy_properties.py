"""What holds of every verdict, whatever the rules: tried on rules and facts made at random."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.money import Money
from kiosk.domain.policy.evaluate import evaluate, evaluate_return
from kiosk.domain.policy.explain import explain
from kiosk.domain.policy.model import Ask, EvidenceKind, Facts, Outcome, Policy, Verdict
from kiosk.domain.policy.rules import RULES, build, problems
from kiosk.domain.reasons import Why
from kiosk.domain.returns import ChargedOnce, PastDrop, PastReturn

MODEST = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)

CATEGORIES = st.sampled_from(["shoes", "coats"])
AMOUNT = st.integers(0, 20_000)
CURRENCY = st.just("EUR")
THEN = st.sampled_from(["staff", "refuse", "review"])
TARIFF = st.one_of(
    st.fixed_dictionaries(
        {"per": st.sampled_from(["line", "item"]), "amount": AMOUNT, "currency": CURRENCY}
    ),
    st.fixed_dictionaries({"per": st.just("percent"), "basis_points": st.integers(0, 10_000)}),
    st.fixed_dictionaries(
        {
            "per": st.just("return"),
            "amount": st.integers(0, 2_000),
            "basis_points": st.integers(0, 3_000),
            "currency": CURRENCY,
            "at_most": AMOUNT,
        }
    ),
)


def rule(tag: str, **parameters: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"rule": st.just(tag), **parameters})


def priced(tag: str, kinds: list[str], **parameters: Any) -> st.SearchStrategy[dict[str, Any]]:
    whole = rule(tag, kind=st.sampled_from(kinds), **parameters)
    return st.builds(lambda one, other: {**one, **other}, whole, TARIFF)


PARAMETERS = st.one_of(
    rule("allow"),
    rule("review"),
    rule("staff"),
    rule("final_sale"),
    rule("hologram"),
    rule("window", days=st.integers(0, 40), undelivered=st.sampled_from(["staff", "accept"])),
    rule("window", months=st.integers(1, 2), weekend=st.just(["saturday", "sunday"])),
    rule("hazmat", then=st.sampled_from(["staff", "refuse"])),
    rule("quantity", at_most=st.integers(0, 3)),
    rule("value", limit=AMOUNT, currency=CURRENCY, then=st.sampled_from(["staff", "review"])),
    rule("value", limit=AMOUNT, currency=CURRENCY, per=st.sampled_from(["line", "brought"])),
    rule(
        "returnless",
        below=st.integers(1, 20_000),
        currency=CURRENCY,
        then=st.sampled_from(["keep", "donate", "recycle"]),
    ),
    rule(
        "condition",
        question=st.sampled_from(["worn", "box"]),
        accept=st.just(["a"]),
        review=st.sampled_from([["b"], ["b", "c"]]),
        refuse=st.just(["d"]),
    ),
    priced("fee", ["return", "restock"]),
    priced("bonus", ["bonus"], method=st.sampled_from(["store_credit", "exchange"])),
    rule("country", only=st.just(["DE"]), then=THEN),
    rule("channel", never=st.just("outlet"), then=THEN),
    rule("segment", only=st.just("vip"), then=THEN),
    rule("method", only=st.just(["kiosk"])),
    rule("zone", never=st.just("far")),
    rule("reason", never=st.just("whim"), then=THEN),
    rule("discount", above=st.integers(0, 5_000), then=THEN),
    rule("items", at_most=st.integers(1, 4), then=THEN),
    rule("whole", then=THEN),
    rule("packaging", then=THEN),
    rule("hygiene", ask=st.booleans(), then=THEN),
    rule("age_restricted", then=THEN),
    rule("oversize", longest_mm=st.integers(1, 900)),
    rule("weight", grams=st.integers(0, 90), then=THEN),
    rule("bin_space", below=st.integers(1, 100)),
    rule("bundle_age", hours=st.integers(0, 48), then=THEN),
    rule("evidence", evidence=st.sampled_from(["photo", "serial"]), then=THEN),
    rule("serial_limit", days=st.integers(1, 90), returns=st.integers(0, 3), then=THEN),
    rule("destination", to=st.sampled_from(["hub", "outlet"])),
    rule(
        "refund_method",
        methods=st.lists(
            st.sampled_from(["original", "store_credit", "exchange"]), min_size=1, unique=True
        ),
    ),
    rule(
        "allow_list",
        rules=st.lists(st.sampled_from(["r0", "r1", "r2"]), min_size=1, unique=True),
        when=st.just({"segment": "vip"}),
    ),
    rule("refuse", when=st.just({"tag": "no"})),
)
WHEN = st.one_of(
    st.just({}),
    st.builds(lambda c: {"when": {"category": c}}, CATEGORIES),
    st.builds(lambda c: {"unless": {"category": c}}, CATEGORIES),
    st.just({"when": {"any": [{"not": {"weight": {"max": 500}}}, {"segment": "vip"}]}}),
    st.just({"unless": {"resolution": "exchange"}}),
    st.just({"when": {"answer": {"worn": ["a", "b"]}}}),
    st.just({"when": {"offline": True}}),
)


def _spec(
    parameters: dict[str, Any], when: dict[str, Any], name: int, priority: int
) -> dict[str, Any]:
    timeless = parameters["rule"] in ("window", "allow_list")
    where = {} if timeless and "offline" in str(when) else when
    return {**where, **parameters, "id": f"r{name}", "priority": priority}


SPEC = st.builds(_spec, PARAMETERS, WHEN, st.integers(0, 5), st.integers(0, 2))
SPECS = st.lists(SPEC, max_size=7)
LINE = st.fixed_dictionaries(
    {
        "price": AMOUNT,
        "quantity": st.integers(1, 3),
        "category": CATEGORIES,
        "final_sale": st.booleans(),
        "hazard": st.sampled_from(["", "lithium"]),
    },
    optional={
        "discount": st.integers(0, 9_000),
        "weight_g": st.integers(0, 900),
        "longest_mm": st.integers(0, 900),
        "age": st.sampled_from([0, 18]),
        "hygiene": st.booleans(),
        "serials": st.just(("SN1", "SN2")),
        "reason": st.sampled_from(["", "whim", "faulty"]),
        "tags": st.sampled_from([(), ("no",)]),
    },
)
OF_LINE = st.fixed_dictionaries(
    {
        "line": LINE,
        "brought": st.integers(0, 4),
        "dropped": st.integers(0, 3),
        "answers": st.dictionaries(
            st.sampled_from(["worn", "box", "packaging", "sealed", "refund_method"]),
            st.sampled_from(["a", "b", "d", "?", "original", "none", "yes", "exchange"]),
        ),
    },
    optional={"measured_g": st.integers(0, 2_000)},
)
NOW = st.integers(0, 60).map(
    lambda d: (datetime(2025, 2, 25, 9, tzinfo=UTC) + timedelta(days=d)).isoformat()
)
OF_RETURN = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["DE", "FR"]),
        "channel": st.sampled_from(["web", "outlet"]),
        "segments": st.sampled_from([(), ("vip",)]),
        "resolution": st.sampled_from(["", "original", "store_credit", "shells"]),
        "delivered_on": st.sampled_from(["2025-03-01", None]),
        "history": st.just((PastReturn("R-0", date(2025, 2, 27), 1, Money(100, "EUR")),)),
    },
)
SHARED = st.fixed_dictionaries(
    {"offline": st.booleans(), "now": NOW, "of_return": OF_RETURN},
    optional={
        "at": st.fixed_dictionaries(
            {},
            optional={
                "policy_age_hours": st.integers(0, 60),
                "bin_free_percent": st.integers(0, 100),
                "evidence": st.just(frozenset(EvidenceKind)),
                "staffed": st.booleans(),
            },
        ),
        "drops": st.just((PastDrop("d1", {"L-1": 1}, fees=(ChargedOnce("return", 300, 1_000),)),)),
    },
)
FACTS = st.builds(lambda one, shared: {**one, **shared}, OF_LINE, SHARED)
LINES = st.tuples(st.lists(OF_LINE, min_size=1, max_size=3), SHARED)


def lines_of(situation: Any, given_lines: Any) -> tuple[Facts, ...]:
    own, shared = given_lines
    made: tuple[Facts, ...] = situation.together(*own, **shared)
    return made


def test_the_rules_tried_are_all_there_are() -> None:
    tried = {
        spec
        for spec in RULES
        if any(f"'{spec}'" in repr(one) for one in PARAMETERS.original_strategies)
    }
    assert tried == set(RULES)


@MODEST
@given(SPECS, LINES, st.randoms(use_true_random=False))
def test_the_order_of_rules_never_matters(
    situation: Any, specs: list[dict[str, Any]], given_lines: Any, chance: Any
) -> None:
    lines = lines_of(situation, given_lines)
    shuffled = list(specs)
    chance.shuffle(shuffled)
    first, second = situation.policy(*specs), situation.policy(*shuffled)
    assert evaluate_return(first, lines) == evaluate_return(second, lines)
    ways = [
        [(step.rule_id, step.fate, step.by) for step in trace.steps]
        for policy in (first, second)
        for trace in explain(policy, lines)
    ]
    half = len(ways) // 2
    assert [sorted(way) for way in ways[:half]] == [sorted(way) for way in ways[half:]]


@MODEST
@given(SPECS, LINES)
def test_refund_fee_and_withheld_make_up_the_price(
    situation: Any, specs: list[dict[str, Any]], given_lines: Any
) -> None:
    lines = lines_of(situation, given_lines)
    for facts, decision in zip(
        lines, evaluate_return(situation.policy(*specs), lines), strict=True
    ):
        if isinstance(decision, Ask):
            continue
        parts = (decision.refund, decision.fee, decision.withheld)
        assert all(part.minor >= 0 for part in parts)
        assert sum(part.minor for part in parts) == facts.line.price.minor * facts.brought
        assert {part.currency for part in parts} == {facts.line.price.currency}
        if decision.outcome in (Outcome.REFUSE, Outcome.STAFF, Outcome.REVIEW):
            assert decision.refund.minor == 0
        assert (decision.outcome is Outcome.ACCEPT_WITH_FEE) <= (decision.fee.minor > 0)
        assert decision.provisional == facts.context.offline
        assert sum(part.minor for part in decision.fees) == decision.fee.minor
        assert all(part.minor >= 0 for part in (*decision.fees, *decision.bonuses))
        given_on_top = decision.bonus.minor if decision.bonus else 0
        assert sum(part.minor for part in decision.bonuses) == given_on_top
        refused = decision.outcome in (Outcome.STAFF, Outcome.REFUSE)
        assert bool(decision.instead) == refused


@MODEST
@given(SPECS, LINES, PARAMETERS)
def test_a_rule_about_something_else_changes_nothing(
    situation: Any, specs: list[dict[str, Any]], given_lines: Any, other: dict[str, Any]
) -> None:
    lines = lines_of(situation, given_lines)
    elsewhere = {**other, "id": "elsewhere", "priority": 9, "when": {"category": "hats"}}
    assert evaluate_return(situation.policy(*specs), lines) == evaluate_return(
        situation.policy(*specs, elsewhere), lines
    )


@MODEST
@given(SPECS, FACTS, st.integers(1, 400))
def test_a_later_clock_never_opens_a_closed_window(
    situation: Any, specs: list[dict[str, Any]], given_facts: dict[str, Any], days: int
) -> None:
    """Even where the policy has grown old meanwhile and the kiosk has lost its centre."""
    policy = situation.policy(*specs)
    early = evaluate(policy, situation.facts(**given_facts))
    later = datetime.fromisoformat(given_facts["now"]) + timedelta(days=days)
    changed = {**given_facts, "now": later.isoformat(), "stale": True, "offline": days % 2 == 0}
    late = evaluate(policy, situation.facts(**changed))
    if isinstance(early, Verdict) and early.reason.why is Why.WINDOW_CLOSED:
        assert isinstance(late, Verdict)
        assert late.outcome is Outcome.REFUSE


@MODEST
@given(SPECS, FACTS, st.data())
def test_a_question_asked_can_change_what_comes_of_it(
    situation: Any, specs: list[dict[str, Any]], given_facts: dict[str, Any], data: st.DataObject
) -> None:
    """Whoever answers gets on: no question comes twice, and some two answers lead apart."""
    policy = situation.policy(*specs)
    decision = evaluate(policy, situation.facts(**given_facts))
    if not isinstance(decision, Ask):
        return

    def after(answer: str) -> Verdict | Ask:
        answers = {**given_facts["answers"], decision.question.question_id: answer}
        return evaluate(policy, situation.facts(**{**given_facts, "answers": answers}))

    tried = decision.question.probes or decision.question.answers
    results = [after(answer) for answer in tried]
    assert len({repr(result) for result in results}) > 1
    for result in results:
        if isinstance(result, Ask):
            assert result.question.question_id != decision.question.question_id


@MODEST
@given(SPECS, FACTS)
def test_nothing_is_taken_beyond_the_authorisation(
    situation: Any, specs: list[dict[str, Any]], given_facts: dict[str, Any]
) -> None:
    facts = situation.facts(**given_facts)
    before = max(facts.already_dropped, sum(d.units.get("L-1", 0) for d in facts.drops))
    if facts.brought + before > facts.line.quantity:
        decision = evaluate(situation.policy(*specs, {"rule": "allow", "id": "a"}), facts)
        assert isinstance(decision, Verdict)
        assert decision.outcome is Outcome.REFUSE
        assert not decision.takes_goods


@MODEST
@given(SPECS, LINES)
def test_the_order_of_lines_changes_no_line(
    situation: Any, specs: list[dict[str, Any]], given_lines: Any
) -> None:
    """Only the odd cents of a split go to whoever stands first; the sums are the same."""
    lines = lines_of(situation, given_lines)
    policy = situation.policy(*specs)
    straight = evaluate_return(policy, lines)
    turned = evaluate_return(policy, lines[::-1])[::-1]
    for one, other in zip(straight, turned, strict=True):
        if isinstance(one, Ask) or isinstance(other, Ask):
            assert one == other
            continue
        assert one.reason.why is other.reason.why
        assert one.rule_ids == other.rule_ids
        assert abs(one.fee.minor - other.fee.minor) <= 2
    totals = [
        sum(v.fee.minor for v in decisions if isinstance(v, Verdict))
        for decisions in (straight, turned)
    ]
    assert totals[0] == totals[1]


@MODEST
@given(SPECS, FACTS, AMOUNT)
def test_a_dearer_item_is_never_refunded_less_by_fees_alone(
    situation: Any, specs: list[dict[str, Any]], given_facts: dict[str, Any], more: int
) -> None:
    """Under rules that look at no values, a higher price never means a smaller refund."""
    only_fees = [spec for spec in specs if spec["rule"] in ("fee", "window", "allow", "hologram")]
    policy = situation.policy(*only_fees)
    line = given_facts["line"]
    dearer = {**given_facts, "line": {**line, "price": line["price"] + more}}
    one = evaluate(policy, situation.facts(**given_facts))
    other = evaluate(policy, situation.facts(**dearer))
    if isinstance(one, Verdict) and isinstance(other, Verdict):
        assert one.outcome is other.outcome or one.takes_goods == other.takes_goods
        assert one.refund.minor <= other.refund.minor


@MODEST
@given(SPECS, LINES)
def test_an_explanation_tells_of_every_rule_and_of_the_very_result(
    situation: Any, specs: list[dict[str, Any]], given_lines: Any
) -> None:
    lines = lines_of(situation, given_lines)
    policy = situation.policy(*specs)
    for trace, result in zip(explain(policy, lines), evaluate_return(policy, lines), strict=True):
        assert trace.result == result
        told = sorted(step.rule_id for step in trace.steps)
        assert told == sorted([rule.rule_id for rule in policy.rules] + ["authorised-quantity"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
KNOWN_KEYS = st.sampled_from(
    ["rule", "id", "priority", "when", "unless", "days", "from", "limit", "per", "question"]
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        KNOWN_KEYS | st.text(max_size=5), JSON | st.sampled_from(["window", "fee", "evidence"])
    )
)
def test_any_specification_builds_and_a_bad_one_never_accepts(spec: dict[str, Any]) -> None:
    rule = build(spec)
    assert isinstance(rule.rule_id, str)
    if problems(spec):
        assert rule.tag == "unknown"


@MODEST
@given(LINES, SPECS)
def test_the_same_facts_give_the_same_verdict(
    situation: Any, given_lines: Any, specs: list[dict[str, Any]]
) -> None:
    lines = lines_of(situation, given_lines)
    rebuilt = Policy(7, "M-1", tuple(build(dict(spec)) for spec in specs))
    assert evaluate_return(situation.policy(*specs), lines) == evaluate_return(rebuilt, lines)
