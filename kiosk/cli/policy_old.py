"""Drops whose events are of older programs, as facts again.

Those kept only what the rules of their time looked at (`inputs`). Other facts come from the bundle
that a kiosk holds, if it still knows the return; otherwise nobody can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec

from kiosk.cli.policy_past import Past, Told, unsaid

if TYPE_CHECKING:
    from kiosk.domain.events import LineFact
    from kiosk.domain.policy.model import Facts
    from kiosk.store.policy_file import ActivePolicy

COUNTS = ("history", "drops", "lines", "order_value", "price")
"""Facts of which the inputs tell too little to have them again."""
TOLD = ("line.line_id", "line.sku", "line.price.minor", "line.price.currency", "brought")
TOLD_TOO = ("context.now", "context.offline", "whole.units", "whole.lines", "whole.value")
BROUGHT = ("whole.currency", "merchant.timezone", "authorisation.return_id")


def facts_of(told: Told, bundle: ActivePolicy | None, zone: str) -> Past:
    event = told.event
    found = bundle.find_return(event.return_id) if bundle else None
    merchant = bundle.merchants.get(event.merchant_id) if bundle else None
    lines = [one for one in event.lines if one.brought > 0 and one.outcome]
    made = [_facts(told, one, zone) for one in lines]
    known = [_known(one) for one in lines]
    if found is not None and merchant is not None:
        by_id = {line.line_id: line for line in found.lines}
        for place, one in enumerate(made):
            line = by_id.get(one.line.line_id)
            if line is not None:
                made[place] = replace(one, authorisation=found, line=line, merchant=merchant)
                known[place] |= {"line.", "authorisation.", "merchant."}
    return Past(told, tuple(lines), tuple(made), tuple(known))


def _known(line: LineFact) -> frozenset[str]:
    recorded = (path for path in line.inputs if path.rpartition(".")[2] not in COUNTS)
    return frozenset([*recorded, *TOLD, *TOLD_TOO, *BROUGHT, "answers."])


def _facts(told: Told, one: LineFact, zone: str) -> Facts:
    from kiosk.domain.policy.model import Context, Facts
    from kiosk.domain.returns import Authorisation, Merchant, ReturnLine

    event = told.event
    line = {
        "line_id": one.line_id,
        "sku": one.sku,
        "name": one.sku,
        "category": "",
        "quantity": one.brought,
        **_told("line", one.inputs, ReturnLine),
        "price": {"minor": one.price // one.brought, "currency": one.currency},
    }
    made = msgspec.convert(line, type=ReturnLine)
    whole = {**unsaid(told), **_told("authorisation", one.inputs, Authorisation), "lines": ()}
    offline = getattr(event, "offline", one.provisional)
    context = _told("context", one.inputs, Context)
    context |= {"now": told.time, "offline": offline}
    kept = str(one.inputs.get("merchant.timezone", zone))
    return Facts(
        authorisation=replace(msgspec.convert(whole, type=Authorisation), lines=(made,)),
        line=made,
        merchant=Merchant(event.merchant_id, event.merchant_id, "", kept),
        context=msgspec.convert(context, type=Context),
        brought=one.brought,
        already_dropped=int(one.inputs.get("already_dropped", 0)),
        answers=dict(one.answers),
    )


def _told(part: str, inputs: Mapping[str, str | int], kind: type[Any]) -> dict[str, object]:
    """The fields of one object that were recorded, as kiosk.domain.policy.recording.plain wrote
    them."""
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    found: dict[str, object] = {}
    for one in fields(kind):
        path = f"{part}.{one.name}"
        if path in inputs and one.name not in COUNTS:
            found[one.name] = _value(inputs[path], str(hints[one.name]))
    return found


def _value(value: str | int, kind: str) -> object:
    if "bool" in kind:
        return value == "yes"
    if "frozenset" in kind or "tuple" in kind:
        return [word for word in str(value).split(",") if word]
    return None if value == "" and "None" in kind else value
