"""Goods that no rule takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kiosk.domain.policy.file.logic.remarks import Remark
from kiosk.domain.policy.file.logic.saying import Spoken, grants
from kiosk.domain.policy.file.mistakes import Level
from kiosk.domain.policy.file.regions import Among, Boxes, TooMany, overlap
from kiosk.domain.policy.model import Outcome
from kiosk.domain.sentences import Sentence


def remarks(spoken: Sequence[Spoken]) -> Iterator[Remark]:
    granting = [one for one in spoken if grants(one.rule)]
    if not granting:
        remedy = Sentence(
            "add a rule that takes goods, as {one} or {other}",
            one='rule = "window"',
            other='rule = "allow"',
        )
        why = Sentence("no rule takes anything: staff decide all")
        yield Remark(None, Level.WARNING, why, remedy)
        return
    mentioned = sorted({word for one in spoken for word in _categories(one.may or [])} - {""})
    for word in mentioned:
        if _gap([{"category": Among(frozenset({word}))}], granting, spoken):
            why = Sentence(
                "no rule takes goods of the category {name}: staff decide", name=repr(word)
            )
            yield _remark(why)
    others: Boxes = [{"category": Among(frozenset(mentioned), inside=False)}]
    if mentioned and _gap(others, granting, spoken):
        why = Sentence("no rule takes goods of any category not named here: staff decide")
        yield _remark(why)


def _remark(problem: Sentence) -> Remark:
    remedy = Sentence("add a window for them, or a rule that refuses")
    return Remark(None, Level.WARNING, problem, remedy)


def _categories(boxes: Boxes) -> Iterator[str]:
    for box in boxes:
        limit = box.get("category")
        if isinstance(limit, Among):
            yield from limit.words


def _gap(goods: Boxes, granting: Sequence[Spoken], spoken: Sequence[Spoken]) -> bool:
    """Proven: no granting rule speaks of any of these goods, and it is not by a rule's will."""
    try:
        if any(one.may is None or overlap(goods, one.may) for one in granting):
            return False
        refused = (one for one in spoken if one.sure in (Outcome.REFUSE, Outcome.STAFF))
        return all(overlap(goods, one.quiet) for one in refused)
    except TooMany:
        return False
