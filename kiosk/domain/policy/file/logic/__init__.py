"""What a list of rules comes to as a whole: rules that never matter, that contradict each other,
goods that no rule takes.

Everything is reckoned over sets of situations (kiosk.domain.policy.file.regions) that only err by
being too large. So "never" is proven: a rule that can matter is never reported. What is reported
of two rules that may meet can be a situation that no shop knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from kiosk.domain.policy.file.logic import clashes, gaps, loose, past, shadows, slips
from kiosk.domain.policy.file.logic.remarks import Remark
from kiosk.domain.policy.file.logic.saying import Spoken
from kiosk.domain.policy.file.mistakes import Level
from kiosk.domain.policy.frame import FramedRule
from kiosk.domain.policy.rules import build, problems
from kiosk.domain.sentences import Sentence

MOST_RULES = 400


def remarks(specs: Sequence[Mapping[str, object]], today: date) -> Iterator[Remark]:
    """Of one shop's rules, those that read well. `place` is the rule's place in `specs`."""
    if not specs:
        why = Sentence("there is no rule: staff decide all")
        example = Sentence("{place}, as {example}", place="[[rules]]", example='rule = "window"')
        yield Remark(None, Level.WARNING, why, Sentence("write {example}", example=example))
    spoken = [
        Spoken.of(place, rule)
        for place, spec in enumerate(specs[:MOST_RULES])
        if not problems(spec) and isinstance(rule := build(spec), FramedRule)
    ]
    whole = len(spoken) == len(specs)
    never = list(shadows.remarks(spoken))
    yield from never
    mattering = {one.place for one in spoken} - {remark.place for remark in never}
    yield from clashes.remarks([one for one in spoken if one.place in mattering])
    yield from loose.remarks(spoken, whole)
    yield from slips.remarks(spoken)
    yield from past.remarks(spoken, today)
    if whole and spoken:
        yield from gaps.remarks(spoken)


__all__ = ["Remark", "remarks"]
