"""Past drops under other rules, and what of them nobody can know.

A drop's event keeps all that rules may look at (kiosk.domain.policy.keeping); what came before it,
the drops before it tell. Where those are not all that the kiosk knew, the sums it kept say so, and
a line whose rules look there is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli import policy_kept, policy_old
from kiosk.cli.policy_past import EARLIER, Memory, Past, drops

if TYPE_CHECKING:
    from kiosk.domain.events import LineFact
    from kiosk.domain.policy.model import Ask, Facts, Policy, Verdict
    from kiosk.store.policy_file import ActivePolicy


@dataclass(frozen=True, slots=True)
class Judged:
    """One line that was brought, under other rules. `missing` are facts that some rule looked at
    and nobody knows: then `decision` is worth nothing."""

    line: LineFact
    decision: Verdict | Ask
    missing: tuple[str, ...]


def past(logs: Sequence[Path], bundle: ActivePolicy | None, zone: str) -> Iterator[Past]:
    """Every drop of the histories in order, with what was known before it. `zone` is for events
    that do not tell the merchant's."""
    memory = Memory()
    for told in drops(logs):
        if told.event.facts:
            found = policy_kept.facts_of(told, memory, bundle)
        else:
            found = policy_old.facts_of(told, bundle, zone)
        zone_of = found.facts[0].merchant.timezone if found.facts else zone
        memory.take(told, [facts.line for facts in found.facts], zone_of)
        if found.facts:
            yield found


def judge(policy: Policy, one: Past) -> list[Judged]:
    """The lines that were brought, in order."""
    from kiosk.domain.policy.evaluate import evaluate_return
    from kiosk.domain.policy.whole import prepare

    decisions = evaluate_return(policy, one.facts)
    found = []
    for line, facts, known, decision in zip(
        one.lines, prepare(one.facts), one.known, decisions, strict=True
    ):
        if line.brought > 0 and line.outcome:
            unknown = [*_missing(policy, facts, known), *_once(decision, known)]
            found.append(Judged(line, decision, tuple(sorted(unknown))))
    return found


def _missing(policy: Policy, facts: Facts, known: frozenset[str]) -> Iterator[str]:
    """Facts that some rule looks at and nobody knows, by path."""
    from kiosk.domain.policy.hearing import judge as heard
    from kiosk.domain.policy.recording import watched

    glass, seen = watched(facts)
    for rule in policy.rules:
        heard(rule, glass)
    prefixes = tuple(path for path in known if path.endswith("."))
    yield from (path for path in seen if path not in known and not path.startswith(prefixes))


def _once(decision: Verdict | Ask, known: frozenset[str]) -> Iterator[str]:
    """What comes once a return is reckoned on its earlier drops, which no rule looks at."""
    from kiosk.domain.policy.model import Verdict

    shares = (*decision.fees, *decision.bonuses) if isinstance(decision, Verdict) else ()
    if EARLIER not in known and any(share.once for share in shares):
        yield EARLIER
