"""Where kiosk and centre part: the first step at which one of them did not go along. Pure.

A verdict goes from the facts to the rules that speak, from there to what they come to. The kiosk
kept of each step what it needs: the facts that its deciding rules looked at (`inputs`), the rules
that spoke, the weightiest first (`rule_ids`), and what came of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from itertools import zip_longest
from typing import Final

from kiosk.domain.events import LineFact
from kiosk.domain.policy.model import Ask, Verdict
from sync.central.cases import Compared

_RESULTS: Final = (
    *("outcome", "reason", "method", "fee", "refund", "withheld", "bonus"),
    *("destination", "disposal", "provisional"),
)
"""In the order in which they are decided (Compared.what)."""


@unique
class At(StrEnum):
    FACT = "fact"  # both looked at it, and saw another
    THERE = "there"  # a rule spoke at the kiosk alone
    HERE = "here"  # a rule speaks at the centre alone
    ORDER = "order"  # the same rules, another is weightier
    QUESTION = "question"  # the centre would ask first
    RESULT = "result"  # the same rules came to something else


@dataclass(frozen=True, slots=True)
class Parting:
    """`what` is a fact's path, a rule's id, a question's id, or a code of Compared; `kiosk` and
    `centre` are what a fact or a result was to each of them."""

    at: At
    what: str
    kiosk: str | int = ""
    centre: str | int = ""


def parting(
    line: LineFact,
    result: Verdict | Ask,
    seen: Mapping[str, str | int],
    compared: Sequence[Compared],
) -> Parting | None:
    """None where both came to the same. `seen` is what the centre's rules looked at, as far as it
    is known to be what the kiosk had."""
    if not compared:
        return None
    for path, kiosk, centre in facts_apart(line, seen):
        return Parting(At.FACT, path, kiosk, centre)
    if isinstance(result, Ask):
        return Parting(At.QUESTION, result.question.question_id)
    return _rules_apart(line.rule_ids, result.rule_ids) or _results_apart(compared)


def facts_apart(
    line: LineFact, seen: Mapping[str, str | int]
) -> Iterator[tuple[str, str | int, str | int]]:
    """Facts that both looked at and saw otherwise: path, the kiosk's, the centre's."""
    for path in sorted(line.inputs.keys() & seen.keys()):
        if line.inputs[path] != seen[path]:
            yield path, line.inputs[path], seen[path]


def _rules_apart(there: Sequence[str], here: Sequence[str]) -> Parting | None:
    for kiosk, centre in zip_longest(there, here):
        if kiosk == centre:
            continue
        if kiosk is not None and kiosk not in here:
            return Parting(At.THERE, kiosk)
        if centre is not None and centre not in there:
            return Parting(At.HERE, centre)
        return Parting(At.ORDER, kiosk or centre)
    return None


def _results_apart(compared: Sequence[Compared]) -> Parting | None:
    by_what = {part.what: part for part in compared}
    for what in _RESULTS:
        if what in by_what:
            return Parting(At.RESULT, what, by_what[what].first, by_what[what].second)
    return None
