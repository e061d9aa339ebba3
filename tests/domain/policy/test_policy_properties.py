"""What holds of every verdict, whatever the rules: tried on rules and facts made at random."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.policy.evaluate import evaluate
from kiosk.domain.policy.model import Ask, Outcome, Policy, Verdict
from kiosk.domain.policy.rules import build, problems
from kiosk.domain.reasons import Why

MODEST = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

CATEGORIES = st.sampled_from(["shoes", "coats"])
AMOUNT = st.integers(0, 20_000)
CURRENCY = st.just("EUR")
WHEN = st.one_of(
    st.just({}),
    st.builds(lambda c: {"when": {"category": c}}, CATEGORIES),
    st.builds(lambda c: {"unless": {"category": c}}, CATEGORIES),
    st.just({"when": {"offline": True}}),
)
PARAMETERS = st.one_of(
    st.fixed_dictionaries({"rule": st.just("allow")}),
    st.fixed_dictionaries({"rule": st.just("review")}),
    st.fixed_dictionaries({"rule": st.just("final_sale")}),
    st.fixed_dictionaries({"rule": st.just("hologram")}),
    st.fixed_dictionaries({"rule": st.just("window"), "days": st.integers(0, 40)}),
    st.fixed_dictionaries(
        {"rule": st.just("hazmat"), "then": st.sampled_from(["staff", "refuse"])}
    ),
    st.fixed_dictionaries({"rule": st.just("quantity"), "at_most": st.integers(0, 3)}),
    st.fixed_dictionaries(
        {
            "rule": st.just("value"),
            "limit": AMOUNT,
            "currency": CURRENCY,
            "then": st.sampled_from(["staff", "review"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "rule": st.just("fee"),
            "per": st.sampled_from(["line", "item"]),
            "amount": AMOUNT,
            "currency": CURRENCY,
            "kind": st.sampled_from(["return", "restock"]),
        }
    ),
    st.fixed_dictionaries(
        {"rule": st.just("fee"), "per": st.just("percent"), "basis_points": st.integers(0, 10_000)}
    ),
    st.fixed_dictionaries(
        {
            "rule": st.just("returnless"),
            "below": st.integers(1, 20_000),
            "currency": CURRENCY,
            "then": st.sampled_from(["keep", "donate", "recycle"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "rule": st.just("condition"),
            "question": st.sampled_from(["worn", "box"]),
            "accept": st.just(["a"]),
            "review": st.sampled_from([["b"], ["b", "c"]]),
            "refuse": st.just(["d"]),
        }
    ),
)
SPEC = st.builds(
    lambda parameters, when, name, priority: {
        **parameters,
        **when,
        "id": f"r{name}",
        "priority": priority,
    },
    PARAMETERS,
    WHEN,
    st.integers(0, 5),
    st.integers(0, 2),
)
SPECS = st.lists(SPEC, max_size=7)
FACTS = st.fixed_dictionaries(
    {
        "line": st.fixed_dictionaries(
            {
                "price": AMOUNT,
                "quantity": st.integers(1, 3),
                "category": CATEGORIES,
                "final_sale": st.booleans(),
                "hazard": st.sampled_from(["", "lithium"]),
            }
        ),
        "brought": st.integers(0, 4),
        "dropped": st.integers(0, 3),
        "answers": st.dictionaries(
            st.sampled_from(["worn", "box"]), st.sampled_from(["a", "b", "d", "?"])
        ),
        "offline": st.booleans(),
        "now": st.integers(0, 60).map(
            lambda d: (datetime(2025, 2, 25, 9, tzinfo=UTC) + timedelta(days=d)).isoformat()
        ),
    }
)


@MODEST
@given(SPECS, FACTS, st.randoms(use_true_random=False))
def test_the_order_of_rules_never_matters(
    situation: Any, specs: list[dict[str, Any]], given_facts: dict[str, Any], chance: Any
) -> None:
    facts = situation.facts(**given_facts)
    shuffled = list(specs)
    chance.shuffle(shuffled)
    assert evaluate(situation.policy(*specs), facts) == evaluate(situation.policy(*shuffled), facts)


@MODEST
@given(SPECS, FACTS)
def test_refund_fee_and_withheld_make_up_the_price(
    situation: Any, specs: list[dict[str, Any]], given_facts: dict[str, Any]
) -> None:
    facts = situation.facts(**given_facts)
    decision = evaluate(situation.policy(*specs), facts)
    if isinstance(decision, Verdict):
        parts = (decision.refund, decision.fee, decision.withheld)
        assert all(part.minor >= 0 for part in parts)
        assert sum(part.minor for part in parts) == facts.line.price.minor * facts.brought
        assert {part.currency for part in parts} == {facts.line.price.currency}
        if decision.outcome in (Outcome.REFUSE, Outcome.STAFF, Outcome.REVIEW):
            assert decision.refund.minor == 0
        assert (decision.outcome is Outcome.ACCEPT_WITH_FEE) <= (decision.fee.minor > 0)
        assert decision.provisional == facts.context.offline


@MODEST
@given(SPECS, FACTS, PARAMETERS)
def test_a_rule_about_something_else_changes_nothing(
    situation: Any,
    specs: list[dict[str, Any]],
    given_facts: dict[str, Any],
    other: dict[str, Any],
) -> None:
    facts = situation.facts(**given_facts)
    elsewhere = {**other, "id": "elsewhere", "priority": 9, "when": {"category": "hats"}}
    assert evaluate(situation.policy(*specs), facts) == evaluate(
        situation.policy(*specs, elsewhere), facts
    )


@MODEST
@given(SPECS, FACTS, st.integers(1, 400))
def test_a_later_clock_never_opens_a_closed_window(
    situation: Any, specs: list[dict[str, Any]], given_facts: dict[str, Any], days: int
) -> None:
    policy = situation.policy(*specs)
    early = evaluate(policy, situation.facts(**given_facts))
    later = datetime.fromisoformat(given_facts["now"]) + timedelta(days=days)
    late = evaluate(policy, situation.facts(**{**given_facts, "now": later.isoformat()}))
    if isinstance(early, Verdict) and early.reason.why is Why.WINDOW_CLOSED:
        assert isinstance(late, Verdict)
        assert late.outcome is Outcome.REFUSE


@MODEST
@given(SPECS, FACTS, st.data())
def test_a_question_asked_can_change_what_comes_of_it(
    situation: Any, specs: list[dict[str, Any]], given_facts: dict[str, Any], data: st.DataObject
) -> None:
    """Whoever answers every question gets a verdict after as many answers as there are
    questions, and some two answers to the question asked lead apart."""
    policy = situation.policy(*specs)
    decision = evaluate(policy, situation.facts(**given_facts))
    if not isinstance(decision, Ask):
        return

    def after(answer: str) -> Verdict | Ask:
        answers = {**given_facts["answers"], decision.question.question_id: answer}
        return evaluate(policy, situation.facts(**{**given_facts, "answers": answers}))

    results = [after(answer) for answer in decision.question.answers]
    assert len({repr(result) for result in results}) > 1
    for result in results:
        assert result is not None
        if isinstance(result, Ask):
            assert result.question.question_id != decision.question.question_id


@MODEST
@given(SPECS, FACTS)
def test_nothing_is_taken_beyond_the_authorisation(
    situation: Any, specs: list[dict[str, Any]], given_facts: dict[str, Any]
) -> None:
    facts = situation.facts(**given_facts)
    if facts.brought + facts.already_dropped > facts.line.quantity:
        decision = evaluate(situation.policy(*specs, {"rule": "allow", "id": "a"}), facts)
        assert isinstance(decision, Verdict)
        assert decision.outcome is Outcome.REFUSE
        assert not decision.takes_goods


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
KNOWN_KEYS = st.sampled_from(
    ["rule", "id", "priority", "when", "unless", "days", "from", "limit", "per", "question"]
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(KNOWN_KEYS | st.text(max_size=5), JSON | st.sampled_from(["window", "fee"])))
def test_any_specification_builds_and_a_bad_one_never_accepts(spec: dict[str, Any]) -> None:
    rule = build(spec)
    assert isinstance(rule.rule_id, str)
    if problems(spec):
        assert rule.tag == "unknown"


@MODEST
@given(FACTS, SPECS)
def test_the_same_facts_give_the_same_verdict(
    situation: Any, given_facts: dict[str, Any], specs: list[dict[str, Any]]
) -> None:
    facts = situation.facts(**given_facts)
    rebuilt = Policy(7, "M-1", tuple(build(dict(spec)) for spec in specs))
    assert evaluate(situation.policy(*specs), facts) == evaluate(rebuilt, facts)
