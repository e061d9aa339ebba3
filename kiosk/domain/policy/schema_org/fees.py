"""What a return costs, for a change of mind and for a defect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kiosk.domain.policy.schema_org import values
from kiosk.domain.policy.schema_org.drafts import Condition, Draft, Spec, person
from kiosk.domain.policy.schema_org.graph import Literal, Value
from kiosk.domain.policy.schema_org.notes import Notes
from kiosk.domain.policy.schema_org.options import Options
from kiosk.domain.policy.schema_org.tables import DIGITS
from kiosk.domain.policy.schema_org.values import Doubt
from kiosk.domain.policy.schema_org.vocabulary import FEES

TYPE, AMOUNT, RESTOCKING = "returnFees", "returnShippingFeesAmount", "restockingFee"
REMORSE, DEFECT = "customerRemorse", "itemDefect"
SHIPPING, RESTOCK = "fee-shipping", "fee-restock"

Properties = dict[str, list[Value]]
Costs = dict[str, tuple[Draft, ...]]  # by name; no entry where nothing is charged


@dataclass(frozen=True, slots=True)
class _Said:
    """What holds for one cause: the properties' names and their values."""

    types_term: str
    types: list[Value]
    amount_term: str
    amounts: list[Value]
    level: bool  # type and amount are said together: they must not contradict each other


def drafts(properties: Properties, notes: Notes, options: Options) -> tuple[Draft, ...]:
    """Fee rules; or a rule that says STAFF for the cause whose fee nobody can tell."""
    mind = _costs(properties, REMORSE, notes)
    defect = _costs(properties, DEFECT, notes)
    if not any(
        properties.get(term)
        for term in (TYPE, AMOUNT, RESTOCKING, _typed(REMORSE), _amount(REMORSE))
    ):
        notes.assumed(TYPE, "nothing is said of fees for a change of mind: none is charged")
    reasons: Condition = {"reason": list(options.defects)}
    made: list[Draft] = []
    for name in dict.fromkeys((*mind, *defect)):
        one, other = mind.get(name, ()), defect.get(name, ())
        if one == other:
            made += one
            continue
        made += [draft.without(reasons) for draft in one]
        made += [_renamed(draft).within(reasons) for draft in other]
    if mind != defect:
        words = ", ".join(options.defects)
        notes.assumed(
            _typed(DEFECT),
            f"a defect is a return for the reason {words}; any other, or none, a change of mind",
        )
    return tuple(made)


def _renamed(draft: Draft) -> Draft:
    return Draft(f"{draft.name}-defect", draft.spec, draft.when, draft.unless)


def _typed(cause: str) -> str:
    return f"{cause}ReturnFees"


def _amount(cause: str) -> str:
    return f"{cause}ReturnShippingFeesAmount"


def _costs(properties: Properties, cause: str, notes: Notes) -> Costs:
    said = _said(properties, cause)
    types = values.choices(said.types, FEES)
    if isinstance(types, Doubt):
        return _doubt(notes, said.types_term, types.why)
    if said.amounts and not types:
        types = ("shipping",)
        notes.assumed(said.amount_term, "without a returnFees it is charged as shipping fee")
    if "free" in types:
        return _free(said, types, properties, notes)
    costs: Costs = {}
    if "outbound" in types:
        notes.assumed(
            said.types_term,
            "OriginalShippingFees: no rule, as a kiosk refunds goods and never the way out",
        )
    if "customer" in types and not said.amounts:
        why = "the customer pays, but not told how much: what a return at a kiosk costs is missing"
        return _doubt(notes, said.types_term, why)
    if {"shipping", "customer"} & set(types):
        costs |= _shipping(said, notes)
    elif said.amounts and said.level:
        why = f"an amount for shipping stands beside {_words(said.types)}, which charges none"
        return _doubt(notes, said.amount_term, why)
    if "restock" in types and not properties.get(RESTOCKING):
        return _doubt(notes, said.types_term, "RestockingFees is said, but no restockingFee")
    return costs | _restocking(properties.get(RESTOCKING, []), notes)


def _said(properties: Properties, cause: str) -> _Said:
    """The cause's own words; where it has none, those for any cause."""
    own, amount = _typed(cause), _amount(cause)
    typed, priced = bool(properties.get(own)), bool(properties.get(amount))
    types_term = own if typed or priced else TYPE
    amount_term = amount if priced else AMOUNT
    return _Said(
        types_term,
        properties.get(types_term, []),
        amount_term,
        properties.get(amount_term, []),
        level=priced or not typed,
    )


def _words(types: Sequence[Value]) -> str:
    return ", ".join(values.name(value) for value in types)


def _doubt(notes: Notes, term: str, why: str) -> Costs:
    notes.person(term, why)
    return {"person-fee": (person("person-fee"),)}


def _free(said: _Said, types: Sequence[str], properties: Properties, notes: Notes) -> Costs:
    if len(types) > 1:
        return _doubt(notes, said.types_term, f"{_words(said.types)} contradict each other")
    if said.level and any(_charges(value) for value in said.amounts):
        return _doubt(notes, said.amount_term, "an amount stands beside FreeReturn; which holds?")
    general = said.types_term != _typed(DEFECT)  # a defect alone may be free of restocking
    if general and any(_charges(value) for value in properties.get(RESTOCKING, [])):
        return _doubt(notes, RESTOCKING, "a restocking fee stands beside FreeReturn; which holds?")
    notes.mapped(said.types_term, "FreeReturn: no fee")
    return {}


def _charges(value: Value) -> bool:
    """Whether it is, or may be, more than nothing."""
    found = values.percent(value) if isinstance(value, Literal) else values.money(value)
    return found != 0 and not (isinstance(found, tuple) and found[0] == 0)


def _shipping(said: _Said, notes: Notes) -> Costs:
    if not said.amounts:
        why = f"{_words(said.types)} is said, but no amount of it"
        return _doubt(notes, said.types_term, why)
    costs = _amounts(said.amounts, said.amount_term, SHIPPING, "shipping", notes)
    if SHIPPING in costs:
        notes.assumed(said.amount_term, "is charged at a kiosk too, once a return")
    return costs


def _restocking(given: list[Value], notes: Notes) -> Costs:
    if any(isinstance(value, Literal) for value in given):
        if len(given) != 1:
            return _doubt(notes, RESTOCKING, "has several values; which counts?")
        points = values.percent(given[0])
        if isinstance(points, Doubt):
            return _doubt(notes, RESTOCKING, points.why)
        text = f"{points / 100:g} % of the price of each line"
        notes.mapped(RESTOCKING, text if points else "0: no fee")
        spec = {"rule": "fee", "kind": "restock", "per": "percent", "basis_points": points}
        return {RESTOCK: (Draft(RESTOCK, spec),)} if points else {}
    costs = _amounts(given, RESTOCKING, RESTOCK, "restock", notes) if given else {}
    if RESTOCK in costs:
        notes.assumed(RESTOCKING, "a fixed fee is charged once a return")
    return costs


def _amounts(given: list[Value], term: str, name: str, kind: str, notes: Notes) -> Costs:
    """One rule a currency. Where there are several, goods in none of them go to a person."""
    found: dict[str, int] = {}
    for value in given:
        amount = values.money(value)
        if isinstance(amount, Doubt):
            return _doubt(notes, term, amount.why)
        minor, code = amount
        if found.setdefault(code, minor) != minor:
            return _doubt(notes, term, f"says two amounts in {code}; which counts?")
    if not any(found.values()):
        notes.mapped(term, "0: no fee")
        return {}
    made = [_charge(kind, minor, code) for code, minor in sorted(found.items())]
    told = ", ".join(f"{Decimal(n).scaleb(-DIGITS[c])} {c}" for c, n in sorted(found.items()))
    notes.mapped(term, f"{told}, a fee of the kind {kind!r}")
    if len(made) == 1:
        return {name: (Draft(name, made[0]),)}
    places: list[Condition] = [{"value": {"currency": code}} for code in sorted(found)]
    several = tuple(
        Draft(f"{name}-{code.lower()}", spec, when=(place,))
        for code, spec, place in zip(sorted(found), made, places, strict=True)
    )
    return {name: (*several, person(f"{name}-else").without(*places))}


def _charge(kind: str, minor: int, code: str) -> Spec:
    return {"rule": "fee", "kind": kind, "per": "return", "amount": minor, "currency": code}
