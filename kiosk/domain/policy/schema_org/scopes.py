"""For whom a policy is: countries, tiers of members, products; and which of two goes first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kiosk.domain.policy.schema_org import values
from kiosk.domain.policy.schema_org.drafts import Condition
from kiosk.domain.policy.schema_org.graph import Literal, Node, Value
from kiosk.domain.policy.schema_org.notes import Notes
from kiosk.domain.policy.schema_org.values import Doubt

COUNTRY, TIER = "applicableCountry", "validForMemberTier"
_SLUG = re.compile(r"[^\w]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Scope:
    """() is everywhere, everybody, everything."""

    countries: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()

    @property
    def condition(self) -> Condition:
        pairs = {"country": self.countries, "segment": self.segments, "sku": self.skus}
        return {key: list(words) for key, words in pairs.items() if words}

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """A product's own policy goes before the shop's, a tier's before everybody's, a
        country's before everywhere's."""
        return bool(self.skus), bool(self.segments), bool(self.countries)

    def meets(self, other: Scope) -> bool:
        """Whether a line can be in both. A customer may be of several tiers."""
        return all(
            not one or not two or not set(one).isdisjoint(two)
            for one, two in ((self.countries, other.countries), (self.skus, other.skus))
        )


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Nobody can tell for whom a policy is. `known` are the countries that could be read."""

    known: tuple[str, ...] = ()
    nameless: bool = False  # it hangs on a product without a SKU


def read(node: Node, notes: Notes) -> tuple[Scope, Unplaced | None]:
    """Countries and tiers of a policy; products are found by where it hangs."""
    countries, bad = _countries(node, notes)
    segments = _tiers(node, notes)
    if segments is None:
        return Scope(countries), Unplaced()
    return Scope(countries, segments), Unplaced(countries) if bad else None


def _countries(node: Node, notes: Notes) -> tuple[tuple[str, ...], bool]:
    given = node.get(COUNTRY)
    if not given:
        notes.assumed(COUNTRY, "is not given: the policy is taken for every country")
        return (), False
    found = [values.country(value) for value in given]
    doubts = [one.why for one in found if isinstance(one, Doubt)]
    for why in doubts:
        notes.person(COUNTRY, why)
    good = tuple(sorted({one for one in found if isinstance(one, str)}))
    if good:
        notes.mapped(COUNTRY, ", ".join(good))
    return good, bool(doubts)


def _tiers(node: Node, notes: Notes) -> tuple[str, ...] | None:
    found: list[str] = []
    for value in node.get(TIER):
        slug = _slug(value)
        if not slug:
            notes.person(TIER, f"{values.show(value)} has no name")
            return None
        found.append(f"member:{slug}")
    if found:
        notes.assumed(TIER, f"such customers are in the segment {', '.join(sorted(set(found)))}")
    return tuple(sorted(set(found)))


def _slug(value: Value) -> str:
    """A tier's name, or the end of its address, in small letters with hyphens."""
    if isinstance(value, Node):
        names = value.get("name")
        if len(names) == 1 and isinstance(names[0], Literal):
            return _slug(names[0])
        text = value.id.rpartition("#")[2].rpartition("/")[2]
    else:
        text = str(value.value)
    return _SLUG.sub("-", text.strip().lower()).strip("-")[:60]
