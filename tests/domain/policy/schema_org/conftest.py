"""A shop's page in one call, and what comes of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from kiosk.domain.policy.model import Ask, Verdict
from kiosk.domain.policy.rules import problems
from kiosk.domain.policy.schema_org import Imported, Kind, Options, Unreadable, read

FINITE = "https://schema.org/MerchantReturnFiniteReturnWindow"
BASE = {
    "@type": "MerchantReturnPolicy",
    "applicableCountry": "DE",
    "returnPolicyCategory": FINITE,
    "merchantReturnDays": 30,
    "returnFees": "https://schema.org/FreeReturn",
    "returnMethod": "https://schema.org/ReturnAtKiosk",
    "refundType": "https://schema.org/FullRefund",
}
NOTHING: Any = object()


@dataclass
class Page:
    """One import, as a test looks at it."""

    imported: Imported
    situation: Any

    @property
    def rules(self) -> list[dict[str, Any]]:
        return list(self.imported.rules)

    @property
    def ids(self) -> list[str]:
        return [rule["id"] for rule in self.rules]

    def rule(self, rule_id: str) -> dict[str, Any]:
        return next(rule for rule in self.rules if rule["id"] == rule_id)

    def notes(self, kind: Kind, term: str | None = None) -> list[str]:
        return [
            note.text
            for note in self.imported.notes
            if note.kind is kind and term in (None, note.term)
        ]

    def kinds(self, term: str) -> set[Kind]:
        return {note.kind for note in self.imported.notes if note.term == term}

    def person(self, term: str | None = None) -> str:
        """What a person must settle, "" for nothing."""
        return "; ".join(self.notes(Kind.PERSON, term))

    def judge(self, **facts: Any) -> Verdict | Ask:
        decision: Verdict | Ask = self.situation.judge(*self.rules, **facts)
        return decision

    def says(self, **facts: Any) -> str:
        """The outcome, or what is asked; with the fee where there is one."""
        decision = self.judge(**facts)
        if isinstance(decision, Ask):
            return f"ask {decision.question.question_id}"
        fee = f" {decision.fee.minor}" if decision.fee.minor else ""
        return decision.outcome.value + fee


class Pages:
    def __init__(self, situation: Any) -> None:
        self._situation = situation

    def read(self, given: Any, **options: Any) -> Page:
        """Bytes, text, or a value for JSON."""
        if not isinstance(given, str | bytes):
            given = json.dumps(given)
        data = given.encode() if isinstance(given, str) else given
        found = read(data, Options(**options))
        assert isinstance(found, Imported), found
        for rule in found.rules:
            assert problems(rule) == [], rule
        ids = [rule["id"] for rule in found.rules]
        assert len(ids) == len(set(ids))
        return Page(found, self._situation)

    def policy(self, options: dict[str, Any] | None = None, **changes: Any) -> Page:
        """A shop with one policy: a plain one of 30 days, changed; NOTHING leaves a property
        out."""
        policy = {k: v for k, v in {**BASE, **changes}.items() if v is not NOTHING}
        return self.shop(policy, options=options)

    def shop(self, *policies: Any, options: dict[str, Any] | None = None) -> Page:
        has: Any = list(policies) if len(policies) != 1 else policies[0]
        page = {
            "@context": "https://schema.org",
            "@type": "OnlineStore",
            "hasMerchantReturnPolicy": has,
        }
        return self.read(page, **(options or {}))

    def refused(self, given: Any) -> str:
        """Why nothing at all is read."""
        if not isinstance(given, str | bytes):
            given = json.dumps(given)
        found = read(given.encode() if isinstance(given, str) else given)
        assert isinstance(found, Unreadable), found
        return found.why


@pytest.fixture(scope="session")
def pages(situation: Any) -> Pages:
    return Pages(situation)


def euros(value: Any, currency: Any = "EUR") -> dict[str, Any]:
    return {"@type": "MonetaryAmount", "value": value, "currency": currency}


@pytest.fixture(scope="session")
def amount() -> Any:
    return euros


@pytest.fixture(scope="session")
def base() -> dict[str, Any]:
    return dict(BASE)


@pytest.fixture(scope="session")
def nothing() -> Any:
    return NOTHING
