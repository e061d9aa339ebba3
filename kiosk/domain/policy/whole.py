"""The lines of one return as one: what they share is reckoned before any rule looks."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.domain.policy import history
from kiosk.domain.policy.model import RETURN_WIDE, Facts, Whole
from kiosk.domain.returns import PastDrop


def prepare(lines: Sequence[Facts]) -> tuple[Facts, ...]:
    """The same facts with history and drops merged (kiosk.domain.policy.history), the answers to
    the return's questions shared, and the whole reckoned. `already_dropped` becomes what the
    drops tell where that is more."""
    wide = _shared_answers(lines) if any(facts.answers for facts in lines) else {}
    drops = [history.drops(facts.drops, facts.authorisation.drops) for facts in lines]
    before = {
        facts.line.line_id: _before(facts, known) for facts, known in zip(lines, drops, strict=True)
    }
    whole = _whole(lines, drops, before)
    return tuple(
        [
            Facts(
                authorisation=facts.authorisation,
                line=facts.line,
                merchant=facts.merchant,
                context=facts.context,
                brought=facts.brought,
                already_dropped=before[facts.line.line_id],
                answers={**facts.answers, **wide},  # a copy: verdicts look at it again, later
                history=history.returns(facts.history, facts.authorisation.history),
                drops=known,
                measured_g=facts.measured_g,
                whole=whole,
            )
            for facts, known in zip(lines, drops, strict=True)
        ]
    )


def _before(facts: Facts, known: tuple[PastDrop, ...]) -> int:
    """Units of the line that came before, by whoever knows of more."""
    if not known:
        return facts.already_dropped
    return max(facts.already_dropped, history.units(known, facts.line.line_id))


def _shared_answers(lines: Sequence[Facts]) -> dict[str, str]:
    """Of several answers to one question of the return the first line's, by line id."""
    shared: dict[str, str] = {}
    for facts in sorted(lines, key=lambda one: one.line.line_id):
        for question_id in RETURN_WIDE & facts.answers.keys():
            shared.setdefault(question_id, facts.answers[question_id])
    return shared


def _whole(
    lines: Sequence[Facts], drops: Sequence[tuple[PastDrop, ...]], here: dict[str, int]
) -> Whole:
    all_lines = {facts.line.line_id: facts.line for facts in lines}
    before = dict(here)
    for line in lines[0].authorisation.lines if lines else ():
        if line.line_id not in all_lines:
            all_lines[line.line_id] = line
            before[line.line_id] = history.units(drops[0], line.line_id)
    units = brought = value = 0
    for facts in lines:
        if facts.brought > 0:
            brought += 1
            units += facts.brought
            value += facts.line.price.minor * facts.brought
    authorised = value_before = 0
    for line_id, line in all_lines.items():
        authorised += line.quantity
        value_before += line.price.minor * before[line_id]
    currencies = {line.price.currency for line in all_lines.values()}
    return Whole(
        units=units,
        units_before=sum(before.values()),
        units_authorised=authorised,
        lines=brought,
        value=value,
        currency=currencies.pop() if len(currencies) == 1 else "",
        value_before=value_before,
    )
