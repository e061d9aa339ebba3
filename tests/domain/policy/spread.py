"""What random cases reach: how often each kind of rule spoke and decided, and what came out.

    python -m tests.domain.policy.spread

A property says little where nearly every case is refused, or where a kind of rule never has a
say. test_properties_reach_everything.py holds the floors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kiosk.domain.policy.explain import Fate, Trace, explain
from kiosk.domain.policy.model import Ask, Facts, Policy, Verdict
from tests.domain.policy.conftest import Situation
from tests.domain.policy.random_policies import Maker, case, closing
from tests.domain.policy.random_returns import facts_of, policy_of, returns

HEARD = frozenset(
    {Fate.DECIDED, Fate.ASKED, Fate.AGREED, Fate.OUTWEIGHED, Fate.MOOT, Fate.WAITS, Fate.LIFTED}
)
COUNTS = frozenset({Fate.DECIDED, Fate.ASKED})
SHOWN = 2_000


@dataclass
class Spread:
    """`judged` counts lines; a kind counts once a line."""

    judged: int = 0
    given: Counter[str] = field(default_factory=Counter)
    heard: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, policy: Policy, lines: Sequence[Facts]) -> None:
        for trace in explain(policy, lines):
            self.judged += 1
            self.outcomes[outcome(trace.result)] += 1
            if isinstance(trace.result, Verdict):
                self.reasons[trace.result.reason.why.value] += 1
            self.given.update(kinds(trace, frozenset(Fate)))
            self.heard.update(kinds(trace, HEARD))
            self.decided.update(kinds(trace, COUNTS))

    def told(self) -> Iterator[str]:
        """Tables, in percent of the lines judged."""
        yield f"{self.judged} lines"
        for name, count in self.outcomes.most_common():
            yield f"  {name:18}{100 * count / self.judged:6.1f} %"
        yield f"  {'rule':18}{'there':>8}{'heard':>8}{'decides':>8}"
        for kind in sorted(self.given):
            counts = (self.given[kind], self.heard[kind], self.decided[kind])
            yield f"  {kind:18}" + "".join(f"{100 * n / self.judged:8.1f}" for n in counts)


def outcome(result: Verdict | Ask) -> str:
    return "ask" if isinstance(result, Ask) else result.outcome.value


def kinds(trace: Trace, fates: frozenset[Fate]) -> set[str]:
    """The tags of rules that met one of these fates."""
    return {
        step.tag
        for step in trace.steps
        if step.fate in fates and step.rule_id != "authorised-quantity"
    }


def of_properties(situation: Any, count: int, policy: Maker | None = None) -> Spread:
    """Of the cases that the properties are tried on; the same in every run."""
    found = Spread()
    for seed in range(count):
        one = case(seed, policy)
        found.add(situation.policy(*one.specs), one.facts(situation))
    return found


def of_agreement(situation: Any, count: int) -> Spread:
    """Of the cases that kiosk and centre must agree on."""
    found = Spread()
    merchant = situation.facts().merchant
    for specs, given, told in returns(situation, count, seed=1):
        found.add(policy_of(specs, merchant), facts_of(merchant, given, told))
    return found


def main() -> None:
    situation = Situation()
    print("the properties:", *of_properties(situation, SHOWN).told(), sep="\n")
    print(
        "the window that stays closed:", *of_properties(situation, SHOWN, closing).told(), sep="\n"
    )
    print("kiosk and centre:", *of_agreement(situation, SHOWN).told(), sep="\n")


if __name__ == "__main__":
    main()
