"""Goods that no rule takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kiosk.domain.policy.file.logic.remarks import Remark
from kiosk.domain.policy.file.logic.saying import Spoken, grants
from kiosk.domain.policy.file.mistakes import Level
from kiosk.domain.policy.file.regions import Among, Boxes, TooMany, overlap
from kiosk.domain.policy.model import Outcome


def remarks(spoken: Sequence[Spoken]) -> Iterator[Remark]:
    granting = [one for one in spoken if grants(one.rule)]
    if not granting:
        remedy = 'add a rule that takes goods, as rule = "window" or rule = "allow"'
        yield Remark(None, Level.WARNING, "no rule takes anything: staff decide all", remedy)
        return
    mentioned = sorted({word for one in spoken for word in _categories(one.may or [])} - {""})
    for word in mentioned:
        if _gap([{"category": Among(frozenset({word}))}], granting, spoken):
            yield _remark(f"no rule takes goods of the category {word!r}: staff decide")
    others: Boxes = [{"category": Among(frozenset(mentioned), inside=False)}]
    if mentioned and _gap(others, granting, spoken):
        yield _remark("no rule takes goods of any category not named here: staff decide")


def _remark(problem: str) -> Remark:
    return Remark(None, Level.WARNING, problem, "add a window for them, or a rule that refuses")


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
