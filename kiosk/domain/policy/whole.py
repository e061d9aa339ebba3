"""The lines of one return as one: what they share is reckoned before any rule looks."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.domain.policy import history
from kiosk.domain.policy.model import RETURN_WIDE, Facts, Whole
from kiosk.domain.returns import PastDrop, PastReturn


def prepare(lines: Sequence[Facts]) -> tuple[Facts, ...]:
    """The same facts with history and drops merged (kiosk.domain.policy.history), the answers to
    the return's questions shared, and the whole reckoned. `already_dropped` becomes what the
    drops tell where that is more. What all lines share is one very object for all of them."""
    if len(lines) == 1:  # as with most returns
        return (_single(lines[0]),)
    answers = _shared_answers(lines)
    known: list[tuple[tuple[PastDrop, ...], tuple[PastReturn, ...]]] = []
    before: dict[str, int] = {}
    for place, facts in enumerate(lines):
        if place and _told_alike(lines[place - 1], facts):
            known.append(known[-1])
        else:
            told = facts.authorisation
            drops = history.drops(facts.drops, told.drops)
            known.append((drops, history.returns(facts.history, told.history)))
        before[facts.line.line_id] = _before(facts, known[-1][0])
    whole = _whole(lines, known[0][0], before) if known else None
    made: list[Facts] = []
    for facts, (drops, past) in zip(lines, known, strict=True):
        one = Facts(
            facts.authorisation,
            facts.line,
            facts.merchant,
            facts.context,
            facts.brought,
            before[facts.line.line_id],
            {**facts.answers, **answers},  # a copy: verdicts look at it again, later
            past,
            drops,
            facts.measured_g,
            whole,
        )
        made.append(one)
    return tuple(made)


def _single(facts: Facts) -> Facts:
    """As `prepare`, for one line."""
    told, line = facts.authorisation, facts.line
    drops = history.drops(facts.drops, told.drops)
    before = _before(facts, drops)
    if told.lines == (line,):
        whole = facts.alone(before)
    else:
        whole = _whole((facts,), drops, {line.line_id: before})
    return Facts(
        told,
        line,
        facts.merchant,
        facts.context,
        facts.brought,
        before,
        {**facts.answers},  # a copy: verdicts look at it again, later
        history.returns(facts.history, told.history),
        drops,
        facts.measured_g,
        whole,
    )


def _told_alike(one: Facts, other: Facts) -> bool:
    """Whether earlier visits are known from the very same sources."""
    return (
        one.authorisation is other.authorisation
        and one.history is other.history
        and one.drops is other.drops
    )


def _before(facts: Facts, known: tuple[PastDrop, ...]) -> int:
    """Units of the line that came before, by whoever knows of more."""
    if not known:
        return facts.already_dropped
    return max(facts.already_dropped, history.units(known, facts.line.line_id))


def _shared_answers(lines: Sequence[Facts]) -> dict[str, str]:
    """Of several answers to one question of the return the first line's, by line id."""
    shared: dict[str, str] = {}
    answered = [facts for facts in lines if facts.answers]
    if not answered:
        return shared
    for facts in sorted(answered, key=lambda one: one.line.line_id):
        for question_id in RETURN_WIDE & facts.answers.keys():
            shared.setdefault(question_id, facts.answers[question_id])
    return shared


def _whole(lines: Sequence[Facts], drops: tuple[PastDrop, ...], here: dict[str, int]) -> Whole:
    """`drops` are those of the return, `here` the units of each line that came before."""
    before = dict(here)
    all_lines = {}
    brought = units = value = 0
    for facts in lines:
        all_lines[facts.line.line_id] = facts.line
        if facts.brought > 0:
            brought += 1
            units += facts.brought
            value += facts.line.price.minor * facts.brought
    for line in lines[0].authorisation.lines:
        if line.line_id not in all_lines:
            all_lines[line.line_id] = line
            before[line.line_id] = history.units(drops, line.line_id)
    authorised = units_before = value_before = 0
    currencies: set[str] = set()
    for line_id, line in all_lines.items():
        authorised += line.quantity
        units_before += before[line_id]
        value_before += line.price.minor * before[line_id]
        currencies.add(line.price.currency)
    return Whole(
        units=units,
        units_before=units_before,
        units_authorised=authorised,
        lines=brought,
        value=value,
        currency=currencies.pop() if len(currencies) == 1 else "",
        value_before=value_before,
    )
