"""A return to judge, as one call with the differences that matter to a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from kiosk.domain.money import Money
from kiosk.domain.policy.evaluate import evaluate, evaluate_return
from kiosk.domain.policy.model import Ask, Context, Facts, Policy, Verdict
from kiosk.domain.policy.rules import build
from kiosk.domain.returns import Authorisation, AuthorisationState, Merchant, ReturnLine

DAYS = ("ordered_on", "delivered_on", "fulfilled_on")


class Situation:
    """Makes facts and policies; the defaults are told in vectors/policy/README.md."""

    def facts(
        self,
        *,
        line: Mapping[str, Any] | None = None,
        of_return: Mapping[str, Any] | None = None,
        now: str = "2025-03-10T12:00:00Z",
        timezone: str = "Europe/Berlin",
        brought: int = 1,
        dropped: int = 0,
        answers: Mapping[str, str] | None = None,
        offline: bool = False,
        stale: bool = False,
        at: Mapping[str, Any] | None = None,
        instead: tuple[str, ...] = (),
        **known: Any,
    ) -> Facts:
        """`at` changes the kiosk's context, `known` are further facts of the line."""
        item = self.line(dict(line or {}))
        return Facts(
            authorisation=self.authorisation((item,), of_return or {}),
            line=item,
            merchant=Merchant("M-1", "Schuhhaus", "help@example.org", timezone, instead=instead),
            context=Context(datetime.fromisoformat(now), offline, stale, **dict(at or {})),
            brought=brought,
            already_dropped=dropped,
            answers=dict(answers or {}),
            **known,
        )

    def authorisation(
        self, lines: tuple[ReturnLine, ...], changes: Mapping[str, Any]
    ) -> Authorisation:
        given = {"ordered_on": "2025-02-20", "delivered_on": "2025-03-01", "country": "DE"}
        rest: dict[str, Any] = {**given, **changes}
        for key in DAYS:
            if isinstance(rest.get(key), str):
                rest[key] = date.fromisoformat(rest[key]) if rest[key] else None
        return Authorisation(
            return_id="R-1",
            merchant_id="M-1",
            order_number="1001",
            postal_code="10115",
            short_code="",
            state=AuthorisationState.AUTHORISED,
            expires_at=None,
            lines=lines,
            **rest,
        )

    def line(self, changes: dict[str, Any]) -> ReturnLine:
        price = Money(changes.pop("price", 4999), changes.pop("currency", "EUR"))
        tags = frozenset(changes.pop("tags", ()))
        defaults = {
            "line_id": "L-1",
            "sku": "S-1",
            "name": "Shoes",
            "category": "shoes",
            "quantity": 2,
        }
        return ReturnLine(price=price, tags=tags, **{**defaults, **changes})

    def together(self, *lines: Mapping[str, Any], **shared: Any) -> tuple[Facts, ...]:
        """Lines of one return: each a mapping for `facts` with its own `line`; `shared` holds for
        all of them."""
        ids = [f"L-{place}" for place in range(1, len(lines) + 1)]
        made = [
            self.facts(**{**shared, **own, "line": {"line_id": line_id, **own.get("line", {})}})
            for line_id, own in zip(ids, lines, strict=True)
        ]
        items = tuple(facts.line for facts in made)
        of_return = self.authorisation(items, shared.get("of_return", {}))
        first = made[0]  # one merchant and one visit, as the kiosk has them
        return tuple(
            replace(facts, authorisation=of_return, merchant=first.merchant, context=first.context)
            for facts in made
        )

    def policy(self, *specs: Mapping[str, object]) -> Policy:
        """Rules without an id are called by their tag."""
        rules = tuple(build({"id": spec.get("rule", "?"), **spec}) for spec in specs)
        return Policy(7, "M-1", rules)

    def judge(self, *specs: Mapping[str, object], **facts: Any) -> Verdict | Ask:
        """One line under some rules."""
        return evaluate(self.policy(*specs), self.facts(**facts))

    def verdict(self, *specs: Mapping[str, object], **facts: Any) -> Verdict:
        """The same, where no question is expected."""
        decision = self.judge(*specs, **facts)
        assert isinstance(decision, Verdict)
        return decision

    def verdicts(
        self, specs: list[Mapping[str, object]], lines: tuple[Facts, ...]
    ) -> list[Verdict]:
        """A whole return under some rules, where no question is expected."""
        found = evaluate_return(self.policy(*specs), lines)
        return [verdict for verdict in found if isinstance(verdict, Verdict)]


@pytest.fixture(scope="session")
def situation() -> Situation:
    return Situation()
