"""Kiosk and centre come to the same verdict: one engine, before the wire and behind it.

The centre has what it read from its merchants; the kiosk has what came of it through the bundle's
JSON (sync.wire.codec): rules, authorisations, and the situation as an event tells it. Rules and
returns are made at random out of the golden vectors' own, so that every rule meets every other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from kiosk.domain.policy.agenda import Agenda, Roster, Speaker
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.model import Ask, Rule, Verdict
from kiosk.domain.policy.rules import RULES
from kiosk.domain.returns import Authorisation, Merchant
from sync.wire import codec, lines
from tests.domain.policy.random_returns import POOL, Told, facts_of, policy_of, returns

SHORT, LONG = 2_000, 100_000


def through(value: Any, kind: Any) -> Any:
    """A value as it arrives at the other end."""
    arrived = codec.decode(codec.encode(value), kind)
    assert arrived is not None
    return arrived


def judged(
    specs: tuple[Mapping[str, Any], ...],
    merchant: Merchant,
    authorisation: Authorisation,
    told: tuple[Told, ...],
) -> tuple[Verdict | Ask, ...]:
    facts = facts_of(merchant, authorisation, told)
    return evaluate_return(policy_of(specs, merchant), facts)


def cases(situation: Any, count: int, seed: int) -> Iterator[tuple[Verdict | Ask, ...]]:
    """Both ends judge `count` returns and must agree; what they say."""
    merchant = situation.facts().merchant
    key: object = None
    for specs, given, told in returns(situation, count, seed):
        if specs is not key:
            content = PolicyContent(7, "k", (merchant,), {merchant.merchant_id: specs}, ())
            key, arrived = specs, through(content, PolicyContent)
        centre = judged(specs, merchant, given, told)
        row = codec.decode(lines.row_of(given), Authorisation)
        assert row is not None
        kiosk = judged(
            arrived.rules[merchant.merchant_id],
            arrived.merchants[0],
            row,
            through(told, tuple[Told, ...]),
        )
        assert kiosk == centre
        assert [one.inputs for one in kiosk if isinstance(one, Verdict)] == [
            one.inputs for one in centre if isinstance(one, Verdict)
        ]
        yield centre


def _agree(situation: Any, count: int, seed: int) -> None:
    outcomes: set[str] = set()
    seen = 0
    for decisions in cases(situation, count, seed):
        seen += 1
        outcomes |= {"ask" if isinstance(one, Ask) else one.outcome.value for one in decisions}
    assert seen == count
    assert len(outcomes) == 7  # all six, and questions: the cases are no monotony


class TestWhatIsLeftOutIsNotMissed:
    """The evaluator asks few rules, some of them once for all lines, and names inputs late. Here
    it asks all rules about each line, and names at once."""

    def test_rules_found_by_the_lines_own_words_are_all_that_speak(
        self, situation: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        few = list(cases(situation, 400, seed=21))
        monkeypatch.setattr("kiosk.domain.policy.agenda.of", everyone)
        assert list(cases(situation, 400, seed=21)) == few

    def test_inputs_named_late_are_those_named_at_once(
        self, situation: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        late = list(cases(situation, 400, seed=22))
        monkeypatch.setattr("kiosk.domain.policy.verdict.Named", lambda naming: naming())
        at_once = list(cases(situation, 400, seed=22))
        assert [named(one) for one in at_once] == [named(one) for one in late]
        assert any(inputs for one in late for inputs in named(one))


def everyone(rules: tuple[Rule, ...]) -> Agenda:
    speakers = (Speaker(one, one.rule_id, -one.priority, one.judge) for one in rules)
    ids = frozenset(one.rule_id for one in rules)
    return Agenda(Roster(), Roster(tuple(speakers)), ids, namesakes=True)


def named(decisions: tuple[Verdict | Ask, ...]) -> list[dict[str, str | int]]:
    return [dict(one.inputs) for one in decisions if isinstance(one, Verdict)]


def test_the_rules_to_choose_from_are_all_there_are() -> None:
    assert set(RULES) <= {spec.get("rule") for spec in POOL}


def test_kiosk_and_centre_agree(situation: Any) -> None:
    _agree(situation, SHORT, seed=1)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_kiosk_and_centre_agree_on_a_hundred_thousand_returns(situation: Any) -> None:
    _agree(situation, LONG, seed=1_000_000)
