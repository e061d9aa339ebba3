"""In which ways goods may come back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from kiosk.domain.policy.model import Facts, Finding, Instead
from kiosk.domain.policy.rules.membership import Membership
from kiosk.domain.reasons import Why


@dataclass(frozen=True, slots=True)
class Method(Membership):
    """Kiosk, counter, post, store ... Parameters: `only`, `never`, `then`
    (kiosk.domain.policy.rules.membership). What `only` lists is what is offered instead.
    """

    tag: ClassVar[str] = "method"
    dimension: ClassVar[str] = "method"
    why: ClassVar[Why] = Why.METHOD_NOT_OFFERED

    def speak(self, facts: Facts) -> Finding | None:
        found = Membership.speak(self, facts)
        ways = tuple(way for way in Instead if way.value in self.only)
        return replace(found, instead=(*ways, Instead.MERCHANT)) if found and ways else found
