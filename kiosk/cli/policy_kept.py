"""Drops whose events keep all that rules may look at, as facts again.

Made by the functions of the centre's verdict check; what came before each drop is what the
histories told before it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kiosk.cli.policy_past import HISTORY, Memory, Past, Told

if TYPE_CHECKING:
    from kiosk.store.policy_file import ActivePolicy


def facts_of(told: Told, memory: Memory, bundle: ActivePolicy | None) -> Past:
    from kiosk.domain.returns import Merchant
    from sync.central.recheck import rebuilding

    event = told.event
    lines = {one.line_id: rebuilding.line_of(one) for one in event.lines}
    every = {**memory.lines[event.return_id], **lines}
    whole = replace(
        rebuilding.authorisation_of(event, told.time[:10]),
        lines=tuple(every[key] for key in sorted(every)),
    )
    history = _history(told, memory, bundle, whole.customer)
    merchant = Merchant(event.merchant_id, event.merchant_id, "", "")
    drops = tuple(memory.of_return[event.return_id])
    facts = rebuilding.facts_of(event, merchant, whole, lines, history or (), drops)
    known = {*rebuilding.KEPT, *rebuilding.borne_out(facts, event.facts)}
    known |= {HISTORY} if history is not None else set()
    return Past(told, tuple(event.lines), facts, tuple(frozenset(known) for _ in facts))


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
