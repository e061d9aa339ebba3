"""Rules in the making: what one aspect of a policy says, before it is known where it applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.domain.policy.condition import MOST_ALTERNATIVES

Spec = dict[str, Any]
Condition = Mapping[str, object]
EVERYTHING: Condition = {"units": {"min": 1}}
"""For rules that must say where they apply, and apply everywhere."""
NEEDS_WHEN = frozenset({"refuse", "returnless"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule without its id: `when` must all hold, of `unless` none."""

    name: str
    spec: Spec
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()

    def within(self, *conditions: Condition) -> Draft:
        """The same rule where these conditions hold too."""
        return Draft(self.name, self.spec, (*conditions, *self.when), self.unless)

    def without(self, *conditions: Condition) -> Draft:
        """The same rule except where one of these conditions holds."""
        return Draft(self.name, self.spec, self.when, (*self.unless, *conditions))


def person(name: str) -> Draft:
    """Where nobody can tell by the page, a person decides."""
    return Draft(name, {"rule": "staff"})


def both(conditions: Sequence[Condition]) -> Condition:
    """One condition that holds where all of them do; {} for none."""
    parts = [part for part in conditions if part]
    keys = [key for part in parts for key in part]
    if len(keys) == len(set(keys)):
        return {key: value for part in parts for key, value in part.items()}
    return {"all": parts}


def either(conditions: Sequence[Condition]) -> Condition:
    """One condition that holds where one of them does."""
    parts = list(conditions)
    if len(parts) == 1:
        return parts[0]
    if len(parts) <= MOST_ALTERNATIVES:
        return {"any": parts}
    several = range(0, len(parts), MOST_ALTERNATIVES)
    return {"any": [{"any": parts[at : at + MOST_ALTERNATIVES]} for at in several]}


def finish(draft: Draft, rule_id: str) -> Spec:
    """The specification that kiosk.domain.policy.rules.build reads."""
    when = both(draft.when)
    if not when and draft.spec["rule"] in NEEDS_WHEN:
        when = EVERYTHING
    spec: Spec = {"rule": draft.spec["rule"], "id": rule_id, **draft.spec}
    if when:
        spec["when"] = when
    if draft.unless:
        spec["unless"] = either(draft.unless)
    return spec
