"""The facts a kiosk judged by, made again from what it kept with the drop.

A drop's event keeps its own lines, the order and the situation (kiosk.domain.policy.keeping). Of
earlier drops of the return and of the customer's other returns it keeps sums only: what the centre
knows of those is tried, and believed where the sums bear it out. `known` says which facts are as
they were; a path that ends in a dot stands for all below it. `takeback policy replay` makes facts
of the same drops with other memories of what came before, by the same functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import msgspec

from kiosk.domain.events import DropCommitted, DropRefused, LineFact
from kiosk.domain.policy import history, keeping
from kiosk.domain.policy.model import Context, Facts
from kiosk.domain.policy.whole import prepare
from kiosk.domain.returns import (
    Authorisation,
    ChargedOnce,
    Merchant,
    PastDrop,
    PastReturn,
    ReturnLine,
)

TAKEN: Final = ("accepted", "returnless")
HISTORY: Final = "history"
EARLIER: Final = keeping.EARLIER_DROPS
_LINES: Final = "authorisation.lines"
KEPT: Final = (
    *("line.", "context.", "merchant.", "answers.", "authorisation.order_value."),
    *("brought", "already_dropped", "measured_g", "whole.units", "whole.lines", "whole.value"),
    *(f"authorisation.{name}" for name in keeping.OF_RETURN),
)
ALL_KNOWN: Final = frozenset({*KEPT, *keeping.BEFORE, _LINES, HISTORY, EARLIER})


@dataclass(frozen=True, slots=True)
class Around:
    """What the centre knows around one drop: drops of the same return before it, those of its own
    kiosk apart, and the return as it is authorised now (None where it is not). Those that staff had
    taken back by then are none; but a kiosk beside a counter does not hear of that: `unheard` are
    its own, with them."""

    here: tuple[DropCommitted, ...] = ()
    everywhere: tuple[DropCommitted, ...] = ()
    authorised: Authorisation | None = None
    unheard: tuple[DropCommitted, ...] = ()


@dataclass(frozen=True, slots=True)
class Rebuilt:
    facts: tuple[Facts, ...]
    known: frozenset[str]

    def knows(self, path: str) -> bool:
        """Whether a fact is as the kiosk had it."""
        return path in self.known or path.startswith(_below(self.known))


@lru_cache(maxsize=64)  # asked for each fact of each rule
def _below(known: frozenset[str]) -> tuple[str, ...]:
    return tuple(path for path in known if path.endswith("."))


def rebuild(fact: DropCommitted, merchant: Merchant, around: Around) -> Rebuilt:
    """The lines of a drop as facts, in its order. Raises msgspec.ValidationError and
    json.JSONDecodeError (both ValueError) for facts that are of no form that kiosks keep."""
    lines = {one.line_id: line_of(one) for one in fact.lines}
    shared = fact.facts
    told = authorisation_of(fact)
    past, history_known = _history(fact, around)
    best: Rebuilt | None = None
    for others, drops in _guesses(around):
        every = {**others, **lines}
        whole = replace(told, lines=tuple(every[key] for key in sorted(every)))
        facts = facts_of(fact, merchant, whole, lines, past, drops)
        known = borne_out(facts, shared)
        if best is None or len(known) > len(best.known):
            best = Rebuilt(facts, known)
        if known == _FROM_SUMS:
            break
    assert best is not None, "nothing known is a guess, too"
    kept = {*KEPT, *best.known, *({HISTORY} if history_known else ())}
    return Rebuilt(best.facts, frozenset(kept))


def line_of(one: LineFact) -> ReturnLine:
    """Goods as the kiosk knew them; their name was not kept."""
    given = {"line_id": one.line_id, "sku": one.sku, "name": one.sku, "category": ""}
    made = {**given, **keeping.fields_of("line", one.facts, ReturnLine)}
    return msgspec.convert(made, type=ReturnLine)


def facts_of(
    fact: DropCommitted | DropRefused,
    merchant: Merchant,
    whole: Authorisation,
    lines: Mapping[str, ReturnLine],
    past: tuple[PastReturn, ...],
    drops: tuple[PastDrop, ...],
) -> tuple[Facts, ...]:
    """What was brought, line by line, in the situation that the drop kept. `lines` has the drop's
    own; `past` are the customer's other returns, `drops` those of this return before."""
    shared = fact.facts
    context = msgspec.convert(keeping.fields_of("context", shared, Context), type=Context)
    there = replace(merchant, timezone=str(shared["merchant.timezone"]))
    return tuple(
        Facts(
            authorisation=whole,
            line=lines[one.line_id],
            merchant=there,
            context=context,
            brought=one.brought,
            already_dropped=int(one.facts.get("already_dropped", 0)),
            answers=dict(one.answers),
            history=past,
            drops=drops,
            measured_g=_number(one.facts.get("measured_g")),
        )
        for one in fact.lines
    )


def authorisation_of(
    fact: DropCommitted | DropRefused, ordered_on: str = "1970-01-01"
) -> Authorisation:
    """The return as its drop kept it, without lines; `ordered_on` where that was not kept."""
    unsaid = {
        **dict.fromkeys(("order_number", "postal_code", "short_code"), ""),
        **dict.fromkeys(("delivered_on", "expires_at"), None),
        "return_id": fact.return_id,
        "merchant_id": fact.merchant_id,
        "state": "authorised",
        "ordered_on": ordered_on,
        "lines": (),
    }
    made = {**unsaid, **keeping.fields_of("authorisation", fact.facts, Authorisation)}
    return msgspec.convert({**made, "lines": ()}, type=Authorisation)


def _history(fact: DropCommitted, around: Around) -> tuple[tuple[PastReturn, ...], bool]:
    """The customer's other returns as the kiosk knew them, and whether they are those."""
    wanted = tuple(fact.facts.get(path, 0) for path in keeping.OTHER_RETURNS)
    authorised = around.authorised.history if around.authorised else ()
    for candidate in ((), history.returns(authorised)):
        if keeping.other_returns(candidate, fact.return_id) == wanted:
            return candidate, True
    return (), False


def _guesses(
    around: Around,
) -> Iterator[tuple[dict[str, ReturnLine], tuple[PastDrop, ...]]]:
    """Other lines of the return, and its earlier drops, as the kiosk may have known them: by its
    own ledger, by what its bundle brought from everywhere, or both."""
    bundle = around.authorised.drops if around.authorised else ()
    here = tuple(past_drop(one) for one in around.here)
    everywhere = tuple(past_drop(one) for one in around.everywhere)
    dropped = {
        line.line_id: line_of(line) for one in around.everywhere for line in one.lines if line.facts
    }
    lines = around.authorised.lines if around.authorised else ()
    authorised = {line.line_id: line for line in lines}
    unheard = tuple(past_drop(one) for one in around.unheard)
    known = (here, everywhere, (), bundle, history.drops(here, bundle), unheard)
    for others in ({**authorised, **dropped}, dropped, {}):
        for drops in dict.fromkeys(known):
            yield others, drops


def past_drop(fact: DropCommitted) -> PastDrop:
    """A drop as one that came before counts: by what was promised then."""
    taken = [one for one in fact.lines if one.state in TAKEN]
    units: Counter[str] = Counter()
    for one in taken:
        units[one.line_id] += one.brought
    return PastDrop(fact.drop_id, dict(units), _once(taken, "fees"), _once(taken, "bonuses"))


def _once(taken: Sequence[LineFact], kind: str) -> tuple[ChargedOnce, ...]:
    shares = (share for one in taken for share in getattr(one, kind))
    return tuple(ChargedOnce(one.kind, one.minor, one.base) for one in shares if one.once)


_FROM_SUMS: Final = frozenset({*keeping.BEFORE, _LINES, EARLIER})


def borne_out(facts: tuple[Facts, ...], shared: Mapping[str, str | int]) -> frozenset[str]:
    """What the kept sums confirm of a guess."""
    known: set[str] = set()
    for one in prepare(facts)[:1]:
        for path in keeping.BEFORE:
            now = getattr(one.together, path.rpartition(".")[2])
            if now == shared.get(path, type(now)()):
                known.add(path)
        if known.issuperset(keeping.BEFORE):  # no line of the return is missing
            known.add(_LINES)
        if len(one.drops) == shared.get(EARLIER, 0):
            known.add(EARLIER)
    return frozenset(known)


def _number(value: str | int | None) -> int | None:
    return None if value is None else int(value)
