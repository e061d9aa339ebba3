"""All that one policy says, with its seasons, as drafts of rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from kiosk.domain.policy.schema_org import aspects, fees, values
from kiosk.domain.policy.schema_org.drafts import Condition, Draft, person
from kiosk.domain.policy.schema_org.fees import AMOUNT, RESTOCKING, TYPE, Properties
from kiosk.domain.policy.schema_org.graph import Node
from kiosk.domain.policy.schema_org.notes import Notes
from kiosk.domain.policy.schema_org.options import Options
from kiosk.domain.policy.schema_org.values import Doubt, On
from kiosk.domain.policy.schema_org.vocabulary import OF_ANY_THING, OVERRIDING, PROPERTIES

FINITE = "MerchantReturnFiniteReturnWindow"
SEASONS = "returnPolicySeasonalOverride"
MOST_SEASONS = 15
Aspect = Callable[[Properties, Notes, Options], tuple[Draft, ...]]
SEASONAL: dict[Aspect, frozenset[str]] = {
    aspects.window: frozenset({aspects.CATEGORY, aspects.DAYS}),
    fees.drafts: frozenset({TYPE, AMOUNT, RESTOCKING}),
    aspects.refunds: frozenset({aspects.REFUND}),
    aspects.methods: frozenset({aspects.METHOD}),
}
"""What a season may change, and by which properties."""
PRICED = frozenset({"ReturnShippingFees", "ReturnFeesCustomerResponsibility"})
STEADY: tuple[Aspect, ...] = (aspects.items, aspects.border, aspects.labels)


@dataclass(frozen=True, slots=True)
class Season:
    """Orders from `first` to `last`, both included; the properties it changes."""

    first: date
    last: date
    node: Node

    @property
    def orders(self) -> Condition:
        ends = {}
        if self.first > date.min:
            ends["from"] = self.first.isoformat()
        if self.last < date.max:
            ends["to"] = self.last.isoformat()
        return {"ordered": ends}

    @property
    def label(self) -> str:
        return f"from-{self.first}" if self.first > date.min else f"to-{self.last}"


def read(node: Node, notes: Notes, options: Options) -> tuple[Draft, ...]:
    """The drafts of one policy, everywhere it applies. `notes.where` names the policy."""
    made: list[Draft] = []
    for aspect in STEADY:
        made += aspect(node.properties, notes, options)
    seasons, doubts = _seasons(node, notes)
    made += doubts
    for aspect, terms in SEASONAL.items():
        made += _seasonal(aspect, terms, node, seasons, notes, options)
    aspects.others(node.properties, notes)
    _rest(node, PROPERTIES, notes)
    where = notes.where
    for season in seasons:
        notes.where = f"{where}, season {season.label}"
        _rest(season.node, OVERRIDING, notes)
    notes.where = where
    return tuple(made)


def _seasonal(
    aspect: Aspect,
    terms: frozenset[str],
    node: Node,
    seasons: list[Season],
    notes: Notes,
    options: Options,
) -> list[Draft]:
    """An aspect all year, and instead in the seasons that change it."""
    changing = [season for season in seasons if terms & season.node.properties.keys()]
    usual = aspect(node.properties, notes, options)
    outside = tuple(season.orders for season in changing)
    made = [draft.without(*outside) for draft in usual]
    where = notes.where
    for season in changing:
        notes.where = f"{where}, season {season.label}"
        for draft in aspect(_overlaid(node, season.node), notes, options):
            named = Draft(f"{draft.name}-{season.label}", draft.spec, draft.when, draft.unless)
            made.append(named.within(season.orders))
    notes.where = where
    return made


def _overlaid(node: Node, season: Node) -> Properties:
    """The policy's properties as a season changes them. What it says anew takes the place of what
    would contradict it."""
    own = season.properties
    found = {**node.properties, **own}
    windows = [values.name(one) for one in found.get(aspects.CATEGORY, [])] == [FINITE]
    if aspects.DAYS in own and aspects.CATEGORY not in own and not windows:
        found.pop(aspects.CATEGORY, None)  # days are a window, whatever held before
    if aspects.CATEGORY in own and aspects.DAYS not in own and not windows:
        found.pop(aspects.DAYS, None)
    return _overlaid_fees(found, own)


def _overlaid_fees(found: Properties, own: Properties) -> Properties:
    if {TYPE, AMOUNT, RESTOCKING}.isdisjoint(own):
        return found
    for term in ("customerRemorseReturnFees", "customerRemorseReturnShippingFeesAmount"):
        found.pop(term, None)  # a season speaks of a change of mind; of defects it says nothing
    types = {values.name(one) for one in found.get(TYPE, [])}
    if TYPE in own:
        if AMOUNT not in own and types.isdisjoint(PRICED):
            found.pop(AMOUNT, None)
        if "RestockingFees" not in types and RESTOCKING not in own:
            found.pop(RESTOCKING, None)
    elif "FreeReturn" in types or (AMOUNT in own and "ReturnShippingFees" not in types):
        found.pop(TYPE, None)
    return found


def _seasons(node: Node, notes: Notes) -> tuple[list[Season], list[Draft]]:
    """The seasons there are, and rules for orders of which nobody can tell the season."""
    found: list[Season] = []
    doubts: list[Draft] = []
    given = node.get(SEASONS)
    if len(given) > MOST_SEASONS:
        notes.person(SEASONS, f"has more than {MOST_SEASONS} seasons")
        return [], [person("person-season")]
    for value in given:
        season = _season(value, notes) if isinstance(value, Node) else Doubt("is no object")
        if isinstance(season, Doubt):
            notes.person(SEASONS, season.why)
            doubts.append(person("person-season"))
        elif not any(_same(season, other) for other in found):
            found.append(season)
    if found:
        notes.assumed(SEASONS, "a season is of the orders placed from its first to its last day")
    doubts += _overlaps(found, notes)
    return found, doubts


def _same(one: Season, other: Season) -> bool:
    """The same season told twice, as by two programs that write one page."""
    same_days = (one.first, one.last) == (other.first, other.last)
    return same_days and values.frozen(one.node) == values.frozen(other.node)


def _season(node: Node, notes: Notes) -> Season | Doubt:
    ends: list[date] = []
    for term, missing in (("startDate", date.min), ("endDate", date.max)):
        given = node.get(term)
        if len(given) > 1:
            return Doubt(f"says {term} several times; which counts?")
        found = values.day(given[0]) if given else On(missing)
        if isinstance(found, Doubt):
            return Doubt(f"{term}: {found.why}")
        if found.of_moment:
            notes.assumed(term, f"the whole day {found.day} counts")
        ends.append(found.day)
    if ends == [date.min, date.max]:
        return Doubt("a season needs a startDate or an endDate")
    if ends[0] > ends[1]:
        return Doubt(f"a season ends on {ends[1]}, before it begins on {ends[0]}")
    season = Season(ends[0], ends[1], node)
    _season_told(season, notes)
    return season


def _season_told(season: Season, notes: Notes) -> None:
    where = notes.where
    notes.where = f"{where}, season {season.label}"
    notes.mapped("startDate", season.first.isoformat() if season.first > date.min else "any")
    notes.mapped("endDate", season.last.isoformat() if season.last < date.max else "any")
    own = season.node.properties
    if {TYPE, AMOUNT, RESTOCKING} & own.keys():
        notes.assumed(
            TYPE, "a season's fees are those for a change of mind; of defects it is silent"
        )
    if aspects.DAYS in own:
        notes.assumed(aspects.DAYS, "takes the place of the usual days, be it longer or shorter")
    notes.where = where


def _overlaps(seasons: list[Season], notes: Notes) -> list[Draft]:
    made: list[Draft] = []
    ordered = sorted(seasons, key=lambda season: (season.first, season.last))
    latest = date.min
    for place, season in enumerate(ordered):
        if place and season.first <= latest:
            last = min(latest, season.last)
            notes.person(SEASONS, f"two seasons hold from {season.first} to {last}; which counts?")
            both = Season(season.first, last, season.node)
            made.append(person(f"person-season-{both.label}").within(both.orders))
        latest = max(latest, season.last)
    return made


def _rest(node: Node, known: frozenset[str], notes: Notes) -> None:
    """Every property that nobody spoke of yet."""
    for term in sorted(node.properties):
        if notes.full:
            return
        if notes.told(term):
            continue
        if term in known:
            notes.mapped(term, "read")
        elif term in OF_ANY_THING:
            notes.unused(term, "is for people")
        else:
            near = get_close_matches(term[:80], sorted(known), 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            notes.person(term[:80], f"is no property of a return policy{hint}")
    for term in sorted(node.foreign):
        notes.person(term[:80], "is no word of schema.org here: what it means is not known")
