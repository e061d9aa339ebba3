"""Which rules are asked about a line: all that could speak, each of them once."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.policy import agenda
from kiosk.domain.policy.model import Facts, Policy, Verdict
from kiosk.domain.reasons import Why

ALLOW = {"rule": "allow", "id": "yes"}
ALWAYS = {"country": ["DE"]}


def asked(policy: Policy, facts: Facts) -> list[str]:
    laid = agenda.of(policy.rules)
    return sorted(one.rule_id for roster in (laid.once, laid.each) for one in roster.about(facts))


def refuse(name: str, **when: Any) -> dict[str, Any]:
    return {"rule": "refuse", "id": name, "when": when}


def test_a_rule_of_another_category_is_not_asked(situation: Any) -> None:
    policy = situation.policy(ALLOW, refuse("a", category=["shoes"]), refuse("b", category="hats"))
    assert asked(policy, situation.facts()) == ["a", "yes"]
    assert asked(policy, situation.facts(line={"category": "hats"})) == ["b", "yes"]
    assert asked(policy, situation.facts(line={"category": ""})) == ["yes"]


def test_a_rule_found_by_two_of_a_lines_words_is_asked_once(situation: Any) -> None:
    policy = situation.policy(
        refuse("a", tag=["swim", "green"]), refuse("b", segment=["vip", "new"])
    )
    facts = situation.facts(
        line={"tags": ("swim", "green")}, of_return={"segments": ("vip", "vip")}
    )
    assert asked(policy, facts) == ["a", "b"]


def test_a_flag_finds_the_rules_that_want_it_as_it_is(situation: Any) -> None:
    policy = situation.policy(refuse("off", offline=True), refuse("on", offline=False))
    assert asked(policy, situation.facts(offline=True)) == ["off"]
    assert asked(policy, situation.facts()) == ["on"]


def test_a_word_that_nobody_knows_finds_nothing(situation: Any) -> None:
    policy = situation.policy(refuse("a", resolution=["exchange"]))
    assert asked(policy, situation.facts()) == []
    assert asked(policy, situation.facts(answers={"refund_method": "exchange"})) == ["a"]


def test_what_else_a_rule_wants_is_still_asked_of_it(situation: Any) -> None:
    """The word only finds it: the rest of `when`, `unless` and `instead` are the rule's own."""
    more = refuse("more", category=["shoes"], country=["FR"])
    but = {**refuse("but", category=["shoes"]), "unless": {"country": ["DE"]}}
    verdict = situation.verdict(ALLOW, more, but)
    assert verdict.rule_ids == ("yes",)
    own = {**refuse("own", category=["shoes"]), "instead": ["post"]}
    assert situation.verdict(ALLOW, own, instead=("post",)).instead == ("post",)


@pytest.mark.parametrize("local", [{"weekday": ["monday"]}, {"hour": {"min": 9}}])
def test_a_rule_that_stumbles_before_the_flag_still_says_staff(
    situation: Any, local: dict[str, Any]
) -> None:
    """In a time zone nobody knows no clock can be read, and nothing is waved through by it."""
    rule = refuse("a", **local, staffed=False)
    verdict = situation.verdict(ALLOW, rule, timezone="Nowhere/At_All")
    assert isinstance(verdict, Verdict)
    assert verdict.reason.why is Why.RULE_UNKNOWN


def test_the_same_rules_are_laid_out_once_and_others_apart(situation: Any) -> None:
    policy = situation.policy(ALLOW)
    assert agenda.of(policy.rules) is agenda.of(policy.rules)
    assert agenda.of(situation.policy(ALLOW).rules) is not agenda.of(policy.rules)


def test_a_list_of_rules_may_change_and_is_laid_out_every_time(situation: Any) -> None:
    rules = [*situation.policy(ALLOW).rules]
    assert agenda.of(rules).ids == {"yes"}
    rules.append(situation.policy(refuse("no")).rules[0])
    assert agenda.of(rules).ids == {"yes", "no"}


def test_the_oldest_agenda_gives_way(situation: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many bundles come, so many agendas are kept and no more."""
    monkeypatch.setattr(agenda, "KEPT", 4)
    monkeypatch.setattr(agenda, "_laid", {})
    policies = [situation.policy(ALLOW).rules for _ in range(5)]
    laid = [agenda.of(rules) for rules in policies]
    assert all(agenda.of(policies[n]) is laid[n] for n in (1, 2, 3, 4))
    assert agenda.of(policies[0]) is not laid[0]
    assert all(agenda.of(policies[n]) is laid[n] for n in (2, 3, 4))
    assert agenda.of(policies[1]) is not laid[1]


def test_what_found_a_rule_is_not_asked_again_and_all_else_is(situation: Any) -> None:
    rule = refuse("a", category=["shoes"], reason=["faulty"], staffed=True)
    policy = situation.policy(rule)
    ((_, found_by),) = agenda.of(policy.rules).each.by_word
    (speaker,) = found_by["shoes"]
    hats = situation.facts(line={"category": "hats", "reason": "faulty"})
    assert speaker.speak(hats) is not None  # nobody asks it about hats
    assert speaker.speak(situation.facts(line={"reason": ""})) is None
    assert speaker.speak(situation.facts(line={"reason": "faulty"}, at={"staffed": False})) is None
    assert speaker.rule is policy.rules[0]


def test_what_a_rule_offers_itself_stays_where_its_frame_offers_nothing(situation: Any) -> None:
    rule = {"rule": "method", "id": "m", "only": ["counter"], "unless": {"segment": ["vip"]}}
    verdict = situation.verdict(ALLOW, rule, instead=("counter",))
    assert verdict.instead == ("counter", "merchant")


def test_a_fee_that_offers_something_instead_is_a_fee_all_the_same(situation: Any) -> None:
    """What to do instead is for those whose goods are not taken."""
    fee = {"rule": "fee", "id": "f", "per": "line", "amount": 100, "currency": "EUR"}
    verdict = situation.verdict(ALLOW, {**fee, "instead": ["post"]}, instead=("post",))
    assert (verdict.fee.minor, verdict.instead) == (100, ())


@pytest.mark.parametrize(("name", "first"), [("a", "a"), ("b", "authorised-quantity")])
def test_the_guard_speaks_no_louder_and_no_softer_than_a_rule(
    situation: Any, name: str, first: str
) -> None:
    """It has the usual priority: among those that refuse, the alphabet decides."""
    verdict = situation.verdict(ALLOW, {"rule": "refuse", "id": name, "when": ALWAYS}, brought=3)
    assert verdict.rule_ids[0] == first
