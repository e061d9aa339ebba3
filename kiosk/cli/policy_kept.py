"""Drops whose events keep all that rules may look at, as facts again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.cli.policy_past import EARLIER, HISTORY, Memory, Past, Told, unsaid

if TYPE_CHECKING:
    from kiosk.domain.policy.model import Facts
    from kiosk.store.policy_file import ActivePolicy

KEPT = ("line.", "context.", "merchant.", "answers.", "authorisation.order_value.")
LINES = "authorisation.lines"
KEPT_TOO = ("brought", "already_dropped", "measured_g", "whole.units", "whole.lines", "whole.value")


def facts_of(told: Told, memory: Memory, bundle: ActivePolicy | None) -> Past:
    from kiosk.domain.policy import keeping
    from kiosk.domain.policy.model import Context, Facts
    from kiosk.domain.returns import Authorisation, Merchant, ReturnLine

    event, shared = told.event, told.event.facts
    lines = {}
    for one in event.lines:
        given = {"line_id": one.line_id, "sku": one.sku, "name": one.sku, "category": ""}
        made = {**given, **keeping.fields_of("line", one.facts, ReturnLine)}
        lines[one.line_id] = msgspec.convert(made, type=ReturnLine)
    others = memory.lines[event.return_id]
    whole = {**unsaid(told), **keeping.fields_of("authorisation", shared, Authorisation)}
    authorisation = msgspec.convert({**whole, "lines": ()}, type=Authorisation)
    every = {**others, **lines}
    authorisation = replace(authorisation, lines=tuple(every[key] for key in sorted(every)))
    context = msgspec.convert(keeping.fields_of("context", shared, Context), type=Context)
    history = _history(told, memory, bundle, authorisation.customer)
    merchant = Merchant(event.merchant_id, event.merchant_id, "", str(shared["merchant.timezone"]))
    facts = tuple(
        Facts(
            authorisation=authorisation,
            line=lines[one.line_id],
            merchant=merchant,
            context=context,
            brought=one.brought,
            already_dropped=int(one.facts.get("already_dropped", 0)),
            answers=dict(one.answers),
            history=history or (),
            drops=tuple(memory.of_return[event.return_id]),
            measured_g=_number(one.facts.get("measured_g")),
        )
        for one in event.lines
    )
    known = _known(facts, shared, history is not None)
    return Past(told, tuple(event.lines), facts, tuple(known for _ in facts))


def _known(
    facts: tuple[Facts, ...], shared: Mapping[str, str | int], history: bool
) -> frozenset[str]:
    """What is as it was: all that was kept, and of the rest what the kept sums confirm."""
    from kiosk.domain.policy import keeping
    from kiosk.domain.policy.whole import prepare

    known = {*KEPT, *KEPT_TOO, *(f"authorisation.{name}" for name in keeping.OF_RETURN)}
    known |= {HISTORY} if history else set()
    for one in prepare(facts)[:1]:
        for path in keeping.BEFORE:
            now = getattr(one.together, path.rpartition(".")[2])
            if now == shared.get(path, type(now)()):
                known.add(path)
        if known.issuperset(keeping.BEFORE):  # no line of the return is missing
            known.add(LINES)
        if len(one.drops) == shared.get(keeping.EARLIER_DROPS, 0):
            known.add(EARLIER)
    return frozenset(known)


def _history(
    told: Told, memory: Memory, bundle: ActivePolicy | None, customer: str
) -> tuple[Any, ...] | None:
    """The customer's other returns as the kiosk knew them; None where that cannot be had again."""
    from kiosk.domain.policy import history, keeping

    event = told.event
    wanted = tuple(event.facts.get(path, 0) for path in keeping.OTHER_RETURNS)
    found = bundle.find_return(event.return_id) if bundle else None
    here = memory.history(event.merchant_id, customer)
    told_too = found.history if found else ()
    for candidate in ((), here, history.returns(here, told_too), told_too):
        if keeping.other_returns(candidate, event.return_id) == wanted:
            return tuple(candidate)
    return None


def _number(value: str | int | None) -> int | None:
    return None if value is None else int(value)
