"""One drop's verdict told again, step by step, beside what its kiosk recorded. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.domain.events import DropCommitted, LineFact
from kiosk.domain.policy.explain import Fate, Step, Trace, explain
from kiosk.domain.policy.model import Ask, Facts, Policy, Verdict
from kiosk.domain.policy.recording import Seen
from kiosk.domain.policy.whole import prepare
from kiosk.domain.returns import Merchant
from sync.central.cases import Compared
from sync.central.recheck.judging import Checked, Result, check, judge_again
from sync.central.recheck.parting import Parting, parting
from sync.central.recheck.rebuilding import Around, Rebuilt

UNHEARD = frozenset({Fate.SILENT, Fate.EXCEPTED, Fate.ELSEWHERE})
"""Rules that have nothing to say of the line."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One rule: what became of it here, whether it spoke at the kiosk and speaks here, and what it
    looked at that nobody knows any more (paths; then what it says here is worth nothing)."""

    step: Step
    at_kiosk: bool
    here: bool
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retold:
    """One line. `steps` are in the order of kiosk.domain.policy.explain; `gone` are rules that
    spoke at the kiosk and are not among the bundle's; `facts` are those judged by."""

    line: LineFact
    facts: Facts
    result: Verdict | Ask
    steps: tuple[Heard, ...]
    gone: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = ()
    parting: Parting | None = None


@dataclass(frozen=True, slots=True)
class Retelling:
    """A whole drop. Only where `judged` what is decided here may be set beside the kiosk's verdict:
    elsewhere a step says what its rule looked at, and not what it came to. `unknown` are the paths
    of facts that nobody knows any more. `lines` is () where the facts cannot be made again."""

    checked: Checked
    lines: tuple[Retold, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def judged(self) -> bool:
        return self.checked.result in (Result.SAME, Result.DIFFERS)


def retell(fact: DropCommitted, policy: Policy, merchant: Merchant, around: Around) -> Retelling:
    """By the rules of the drop's bundle and merchant. Lines that were not brought are left out."""
    checked = check(fact, policy, merchant, around)
    found = judge_again(fact, policy, merchant, around)
    if isinstance(found, Checked):
        return Retelling(checked)
    rebuilt, _ = found
    traces = explain(policy, rebuilt.facts)
    told = zip(fact.lines, prepare(rebuilt.facts), traces, strict=True)
    lines = tuple(
        _line(line, facts, trace, rebuilt, checked)
        for line, facts, trace in told
        if line.brought > 0 and line.outcome
    )
    unknown = checked.why.split() if checked.result is Result.UNTOLD else []
    return Retelling(checked, lines, tuple(unknown))


def _line(line: LineFact, facts: Facts, trace: Trace, rebuilt: Rebuilt, checked: Checked) -> Retold:
    here = trace.result.rule_ids if isinstance(trace.result, Verdict) else ()
    steps = tuple(_heard(step, line, here, rebuilt) for step in trace.steps)
    compared = tuple(part for part in checked.compared if part.line_id == line.line_id)
    known = {one.step.rule_id for one in steps}
    return Retold(
        line,
        facts,
        trace.result,
        steps,
        gone=tuple(rule_id for rule_id in line.rule_ids if rule_id not in known),
        compared=compared,
        parting=parting(line, trace.result, _seen(steps, rebuilt), compared),
    )


def _heard(step: Step, line: LineFact, here: tuple[str, ...], rebuilt: Rebuilt) -> Heard:
    unknown = tuple(path for path in step.looked if not rebuilt.knows(path))
    return Heard(step, step.rule_id in line.rule_ids, step.rule_id in here, unknown)


def _seen(steps: tuple[Heard, ...], rebuilt: Rebuilt) -> Seen:
    def every() -> Iterator[tuple[str, str | int]]:
        for one in steps:
            yield from one.step.looked.items()

    return {path: value for path, value in every() if rebuilt.knows(path)}
