"""What a verdict says it was decided by, and what an explanation says became of every rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.explain import Fate, Step, Trace, explain
from kiosk.domain.policy.model import Ask, Facts, Finding, Policy, Question, Verdict
from kiosk.domain.policy.recording import Named, plain, watched
from kiosk.domain.policy.rules import build
from kiosk.domain.policy.says import Charge
from kiosk.domain.reasons import Why

ALLOW = {"rule": "allow", "id": "yes"}
WINDOW = {"rule": "window", "id": "w", "days": 30}
FEE = {"rule": "fee", "id": "f", "per": "line", "amount": 100, "currency": "EUR"}


def trace(situation: Any, *specs: dict[str, Any], **facts: Any) -> Trace:
    (found,) = explain(situation.policy(*specs), (situation.facts(**facts),))
    return found


def fates(found: Trace) -> dict[str, str]:
    return {step.rule_id: step.fate.value for step in found.steps}


def step(found: Trace, rule_id: str) -> Step:
    return next(one for one in found.steps if one.rule_id == rule_id)


class TestInputs:
    def test_they_are_the_facts_that_the_deciding_rules_looked_at(self, situation: Any) -> None:
        verdict = situation.verdict(WINDOW, {"rule": "final_sale"}, now="2025-06-01T00:00:00Z")
        assert verdict.inputs == {
            "authorisation.delivered_on": "2025-03-01",
            "authorisation.ordered_on": "2025-02-20",
            "context.now": "2025-06-01T00:00:00+00:00",
            "merchant.timezone": "Europe/Berlin",
        }

    def test_conditions_look_too_and_fees_decide_their_part(self, situation: Any) -> None:
        fee = {**FEE, "when": {"category": "shoes", "not": {"segment": ["vip", "gold"]}}}
        verdict = situation.verdict(ALLOW, fee, of_return={"segments": ("new", "app")})
        assert verdict.inputs == {
            "line.category": "shoes",
            "authorisation.segments": "app,new",
            "line.price.currency": "EUR",
        }

    def test_rules_that_did_not_decide_leave_no_trace(self, situation: Any) -> None:
        other = {"rule": "review", "when": {"vendor": "acme"}}
        assert situation.verdict(ALLOW, other).inputs == {}

    def test_answers_are_inputs(self, situation: Any) -> None:
        box = {"rule": "packaging", "then": "refuse"}
        verdict = situation.verdict(ALLOW, box, answers={"packaging": "none", "other": "x"})
        assert verdict.inputs == {"answers.packaging": "none"}

    def test_what_nobody_knows_is_empty(self, situation: Any) -> None:
        verdict = situation.verdict({"rule": "bundle_age", "hours": 1}, ALLOW)
        assert verdict.inputs == {"context.policy_age_hours": ""}

    def test_the_guard_names_its_own(self, situation: Any) -> None:
        verdict = situation.verdict(ALLOW, brought=3)
        assert verdict.inputs == {"already_dropped": 0, "brought": 3, "line.quantity": 2}

    def test_they_are_named_when_they_are_read_and_only_once(self, situation: Any) -> None:
        asked: list[str] = []
        inputs = Named(lambda: asked.append("asked") or {"line.category": "shoes"})
        assert asked == []
        assert inputs == {"line.category": "shoes"}
        assert (inputs["line.category"], len(inputs), repr(inputs)) == (
            "shoes",
            1,
            "{'line.category': 'shoes'}",
        )
        assert asked == ["asked"]

    def test_what_changes_before_they_are_read_changes_nothing(self, situation: Any) -> None:
        answers = {"packaging": "none"}
        box = {"rule": "packaging", "then": "refuse"}
        facts = replace(situation.facts(), answers=answers)
        (verdict,) = evaluate_return(situation.policy(ALLOW, box), (facts,))
        answers["packaging"] = "original"
        assert isinstance(verdict, Verdict)
        assert verdict.inputs == {"answers.packaging": "none"}

    def test_every_kind_of_fact_has_a_plain_form(self, situation: Any) -> None:
        facts, seen = watched(situation.facts(answers={"a": "b"}))
        assert facts.answers.get("a") == "b"
        assert facts.answers.get("z") is None
        assert dict(facts.answers) == {"a": "b"}
        assert len(facts.answers) == 1
        assert facts.line.final_sale is False
        assert facts.authorisation.history == ()
        assert facts.authorisation.state.value == "authorised"
        assert facts.resolution == ""
        assert seen["answers.a"] == "b"
        assert seen["answers.z"] == ""
        assert seen["line.final_sale"] == "no"
        assert seen["authorisation.state"] == "authorised"
        assert seen["authorisation.history"] == ""
        assert plain(True) == "yes"
        assert plain(({"a": 1},)) == 1
        assert plain({"a": 1}) == 1
        assert plain(1.5) == "1.5"


class TestFates:
    def test_of_a_refusal(self, situation: Any) -> None:
        refuse = {"rule": "refuse", "id": "no", "when": {"category": "shoes"}}
        found = trace(situation, WINDOW, FEE, refuse)
        assert fates(found) == {
            "no": "decided",
            "w": "outweighed",
            "f": "outweighed",
            "authorised-quantity": "silent",
        }
        assert [step.fate for step in found.steps] == sorted(
            (step.fate for step in found.steps), key=list(Fate).index
        )
        assert step(found, "w").by == "no"
        assert step(found, "f").by == "no"
        assert isinstance(step(found, "f").say, Charge)
        assert isinstance(step(found, "no").say, Finding)
        assert found.policy_number == 7
        assert found.line_id == "L-1"

    def test_of_conditions(self, situation: Any) -> None:
        specs = (
            ALLOW,
            {"rule": "review", "id": "far", "when": {"any": [{"country": "FR"}, {"sku": "S-9"}]}},
            {"rule": "review", "id": "but", "unless": {"category": "shoes"}},
            {"rule": "review", "id": "doubt", "when": {"weight": {"max": 5}}},
            {"rule": "review", "id": "not", "when": {"not": {"all": [{"staffed": True}]}}},
        )
        found = trace(situation, *specs)
        assert fates(found) == {
            "yes": "decided",
            "far": "elsewhere",
            "but": "excepted",
            "doubt": "elsewhere",
            "not": "elsewhere",
            "authorised-quantity": "silent",
        }
        told = [(c.path, c.wanted, c.found, c.truth) for c in step(found, "far").checked]
        assert told == [
            ("when.any[0].country", "FR", "DE", False),
            ("when.any[1].sku", "S-9", "S-1", False),
        ]
        (excepted,) = step(found, "but").checked
        assert (excepted.path, excepted.truth) == ("unless.category", True)
        (doubt,) = step(found, "doubt").checked
        assert (doubt.wanted, doubt.found, doubt.truth) == ("0 to 5", "", None)
        (denied,) = step(found, "not").checked
        assert (denied.path, denied.wanted, denied.found) == (
            "when.not.all[0].staffed",
            "yes",
            "yes",
        )

    def test_every_comparison_tells_what_it_wants_and_finds(self, situation: Any) -> None:
        when = {
            "value": {"min": 1, "max": 2, "currency": "EUR"},
            "order_value": {"min": 1, "currency": "EUR"},
            "ordered": {"from": "2025-01-01", "to": "2025-01-02"},
            "fulfilled": {"from": "2025-01-01"},
            "units": {"min": 3},
            "staffed": False,
            "resolution": "exchange",
            "answer": {"worn": ["no", "a_bit"]},
            "unknown": ["weight", "category"],
        }
        found = trace(situation, ALLOW, {"rule": "review", "id": "r", "when": when})
        told = {c.path: (c.wanted, c.found) for c in step(found, "r").checked}
        assert told == {
            "when.value": ("1 to 2 EUR", "4999 EUR"),
            "when.order_value": ("1 to 1000000000000 EUR", ""),
            "when.ordered": ("2025-01-01 to 2025-01-02", "2025-02-20"),
            "when.fulfilled": ("2025-01-01 to 9999-12-31", ""),
            "when.units": ("3 to 1000000000", "1"),
            "when.staffed": ("no", "yes"),
            "when.resolution": ("exchange", ""),
            "when.answer": ("worn: a_bit, no", ""),
            "when.unknown": ("weight, category", "weight"),
        }

    def test_of_two_questions_the_louder_rule_asks(self, situation: Any) -> None:
        asks = {"rule": "packaging", "then": "refuse"}
        worn = {"rule": "condition", "question": "worn", "answers": ["no", "yes"], "refuse": "yes"}
        found = trace(situation, ALLOW, {**worn, "id": "a"}, {**asks, "id": "b", "priority": 9})
        assert (fates(found)["b"], fates(found)["a"]) == ("asked", "waits")

    def test_of_one_fate_the_louder_rule_is_told_first(self, situation: Any) -> None:
        loud = {"rule": "review", "id": "z", "priority": 9, "when": {"category": "hats"}}
        calm = {"rule": "review", "id": "a", "when": {"category": "hats"}}
        found = trace(situation, ALLOW, calm, loud)
        assert [one.rule_id for one in found.steps if one.fate is Fate.ELSEWHERE] == ["z", "a"]

    def test_of_fees(self, situation: Any) -> None:
        waived = {**FEE, "id": "free", "amount": 0, "priority": 5}
        found = trace(situation, ALLOW, FEE, waived)
        assert fates(found)["free"] == "decided"
        assert (step(found, "f").fate, step(found, "f").by) == (Fate.OUTWEIGHED, "free")

    def test_of_destinations_and_methods(self, situation: Any) -> None:
        specs = [{"rule": "destination", "id": id_, "to": id_} for id_ in ("a", "b")]
        methods = [{"rule": "refund_method", "id": i, "methods": "exchange"} for i in ("m", "n")]
        found = trace(situation, ALLOW, *specs, *methods)
        assert fates(found)["a"] == fates(found)["m"] == "decided"
        assert (step(found, "b").fate, step(found, "b").by) == (Fate.OUTWEIGHED, "a")
        assert (step(found, "n").fate, step(found, "n").by) == (Fate.OUTWEIGHED, "m")

    def test_of_rules_that_agree(self, situation: Any) -> None:
        found = trace(situation, ALLOW, WINDOW)
        assert (step(found, "w").fate, step(found, "yes").fate) == (Fate.DECIDED, Fate.AGREED)
        assert step(found, "yes").by == "w"

    def test_of_an_allow_list(self, situation: Any) -> None:
        refuse = {"rule": "refuse", "id": "no", "when": {"category": "shoes"}}
        listed = {"rule": "allow_list", "id": "but", "rules": "no", "when": {"country": "DE"}}
        found = trace(situation, ALLOW, refuse, listed)
        assert fates(found)["but"] == "decided"
        assert (step(found, "no").fate, step(found, "no").by) == (Fate.LIFTED, "but")

    def test_of_an_open_question(self, situation: Any) -> None:
        found = trace(situation, ALLOW, {"rule": "packaging", "id": "box"})
        assert isinstance(found.result, Ask)
        assert fates(found) == {"box": "asked", "yes": "waits", "authorised-quantity": "silent"}
        assert isinstance(step(found, "box").say, Question)

    def test_of_the_question_how_to_be_paid(self, situation: Any) -> None:
        methods = {"rule": "refund_method", "id": "m", "methods": ["original", "exchange"]}
        found = trace(situation, ALLOW, methods)
        assert fates(found) == {"m": "asked", "yes": "waits", "authorised-quantity": "silent"}

    def test_of_a_question_that_changes_nothing(self, situation: Any) -> None:
        refuse = {"rule": "refuse", "id": "no", "when": {"category": "shoes"}}
        found = trace(situation, refuse, {"rule": "packaging", "id": "box"})
        assert fates(found)["box"] == "moot"

    def test_of_nothing_at_all(self, situation: Any) -> None:
        found = trace(situation, FEE)
        assert (step(found, "f").fate, step(found, "f").by) == (Fate.OUTWEIGHED, "")

    def test_of_a_rule_from_elsewhere(self, situation: Any) -> None:
        policy = Policy(1, "M", (Plain(), build(ALLOW)))
        (found,) = explain(policy, (situation.facts(),))
        assert fates(found)["plain"] == "silent"
        assert step(found, "plain").checked == ()

    def test_each_rule_tells_what_it_looked_at(self, situation: Any) -> None:
        found = trace(situation, ALLOW, {**FEE, "when": {"category": "hats", "country": "DE"}})
        assert step(found, "yes").looked == {}
        assert step(found, "f").looked == {"line.category": "shoes"}  # that settled it

    def test_a_zone_that_nobody_knows_is_told_by_the_rules_finding(self, situation: Any) -> None:
        sundays = {**ALLOW, "when": {"weekday": "sunday"}}
        found = trace(situation, sundays, timezone="Mars/Olympus")
        assert step(found, "yes").checked == ()
        assert step(found, "yes").say.reason.why is Why.RULE_UNKNOWN

    def test_every_line_has_its_own(self, situation: Any) -> None:
        lines = situation.together({}, {"line": {"final_sale": True}})
        specs = (ALLOW, {"rule": "final_sale"})
        found = explain(situation.policy(*specs), lines)
        assert [one.line_id for one in found] == ["L-1", "L-2"]
        assert tuple(one.result for one in found) == evaluate_return(
            situation.policy(*specs), lines
        )


class Plain:
    """A rule without a frame, that has nothing to say."""

    tag = "plain"
    rule_id = "plain"
    priority = 0

    def judge(self, facts: Facts) -> Finding | Question | None:
        return None


def test_a_verdict_is_hashable_and_its_inputs_no_part_of_it(situation: Any) -> None:
    one = situation.verdict(WINDOW)
    assert isinstance(one, Verdict)
    assert hash(one) == hash(situation.verdict(WINDOW))
