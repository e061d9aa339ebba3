"""Past drops as facts again, out of what the kiosk recorded; and what it did not record.

A drop's event holds each line's price, units, answers and the facts that its deciding rules looked
at (`inputs`). Other rules may look at other facts: those come from the bundle that this kiosk
holds, if it still knows the return; otherwise nobody can tell, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec

from kiosk.cli.common import fail

if TYPE_CHECKING:
    from kiosk.domain.events import DropCommitted, DropRefused, LineFact
    from kiosk.domain.policy.model import Facts, Policy
    from kiosk.store.policy_file import ActivePolicy

COUNTS = ("history", "drops", "lines", "order_value", "price")
"""Facts of which the inputs tell too little to have them again."""
TOLD = ("line.line_id", "line.sku", "line.price.minor", "line.price.currency", "brought")
TOLD_TOO = ("context.now", "context.offline", "whole.units", "whole.lines", "whole.value")
BROUGHT = ("whole.currency", "merchant.timezone")


@dataclass(frozen=True, slots=True)
class Past:
    """One drop: its lines as recorded, as facts, and what of each is known by path prefix."""

    subject: str
    lines: tuple[LineFact, ...]
    facts: tuple[Facts, ...]
    known: tuple[frozenset[str], ...]


class _Line(msgspec.Struct):
    """One line of an exported history; the head and the chains have other keys."""

    type: str = ""
    time: str = ""
    data: dict[str, Any] = {}


def drops(log: Path, bundle: ActivePolicy | None, zone: str) -> Iterator[Past]:
    """Every drop and refusal of an exported history; a sentence and exit code 2 for a bad line."""
    from kiosk.domain.events import DropCommitted, DropRefused

    kinds: dict[str, type[DropCommitted | DropRefused]] = {
        kind.type: kind for kind in (DropCommitted, DropRefused)
    }
    try:
        with log.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    one = msgspec.json.decode(line, type=_Line)
                    if one.type in kinds:
                        event = msgspec.convert(one.data, type=kinds[one.type])
                        yield _past(event, one.time, bundle, zone)
                except (msgspec.MsgspecError, ValueError) as error:
                    fail(f"{log}:{number}: is no event as kiosks export them: {error}", code=2)
    except OSError as error:
        fail(f"{log}: {error.strerror}", code=2)


def _past(
    event: DropCommitted | DropRefused, time: str, bundle: ActivePolicy | None, zone: str
) -> Past:
    found = bundle.find_return(event.return_id) if bundle else None
    lines = [one for one in event.lines if one.brought > 0 and one.outcome]
    made = [_facts(event, one, time, zone) for one in lines]
    known = [_known(one) for one in lines]
    merchant = bundle.merchants.get(event.merchant_id) if bundle else None
    if found is not None and merchant is not None:
        by_id = {line.line_id: line for line in found.lines}
        for place, one in enumerate(made):
            line = by_id.get(one.line.line_id)
            if line is not None:
                made[place] = replace(one, authorisation=found, line=line, merchant=merchant)
                known[place] |= {"line.", "authorisation.", "merchant."}
    subject = getattr(event, "drop_number", "") or event.return_id
    return Past(subject, tuple(lines), tuple(made), tuple(known))


def _known(line: LineFact) -> frozenset[str]:
    recorded = (path for path in line.inputs if path.rpartition(".")[2] not in COUNTS)
    return frozenset([*recorded, *TOLD, *TOLD_TOO, *BROUGHT, "answers."])


def missing(policy: Policy, facts: Facts, known: frozenset[str]) -> tuple[str, ...]:
    """Facts that some rule looks at and nobody recorded, by path."""
    from kiosk.domain.policy.hearing import judge
    from kiosk.domain.policy.recording import watched

    glass, seen = watched(facts)
    for rule in policy.rules:
        judge(rule, glass)
    prefixes = tuple(path for path in known if path.endswith("."))
    return tuple(
        sorted(path for path in seen if path not in known and not path.startswith(prefixes))
    )


def _facts(event: DropCommitted | DropRefused, one: LineFact, time: str, zone: str) -> Facts:
    from kiosk.domain.policy.model import Context, Facts
    from kiosk.domain.returns import Authorisation, Merchant, ReturnLine

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
    whole = {
        "merchant_id": event.merchant_id,
        "order_number": "",
        "postal_code": "",
        "short_code": "",
        "state": "authorised",
        "ordered_on": time[:10],
        "delivered_on": None,
        "expires_at": None,
        **_told("authorisation", one.inputs, Authorisation),
        "return_id": event.return_id,
        "lines": (),
    }
    offline = getattr(event, "offline", one.provisional)
    told = _told("context", one.inputs, Context)
    context = msgspec.convert({**told, "now": time, "offline": offline}, type=Context)
    kept = str(one.inputs.get("merchant.timezone", zone))
    return Facts(
        authorisation=replace(msgspec.convert(whole, type=Authorisation), lines=(made,)),
        line=made,
        merchant=Merchant(event.merchant_id, event.merchant_id, "", kept),
        context=context,
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


def judged(policy: Policy, past: Past) -> Sequence[Any]:
    """The decisions of a drop's lines under other rules."""
    from kiosk.domain.policy.evaluate import evaluate_return

    return evaluate_return(policy, past.facts)
