"""Returns at random under rules out of the golden vectors, so that every rule meets every other.

Every kind is as likely as any other, however many vectors tell of it, and two policies of three
are mild, as one rule that stands in the way is enough to hide all others.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.domain.money import Money
from kiosk.domain.policy.model import Context, EvidenceKind, Facts, Policy
from kiosk.domain.policy.rules import build, problems
from kiosk.domain.returns import (
    Authorisation,
    ChargedOnce,
    Merchant,
    PastDrop,
    PastReturn,
    ReturnLine,
)

FOLDER = Path(__file__).parents[1] / "vectors" / "policy"
A_POLICY = 4  # returns judged by one policy


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one line beside its authorisation, as it goes over the wire."""

    line_id: str
    context: Context
    brought: int
    already_dropped: int
    answers: dict[str, str]
    history: tuple[PastReturn, ...]
    drops: tuple[PastDrop, ...]
    measured_g: int | None


FILES = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in FOLDER.glob("*.toml")}


def rules_of(topic: str, vector: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A vector's specifications; a rule without an id is called by its tag."""
    file = FILES[topic]
    named = file["policies"][vector["policy"]] if "policy" in vector else ()
    return [
        {"id": one, **file["rules"][one]}
        if isinstance(one, str)
        else {"id": one.get("rule"), **one}
        for one in (*named, *vector.get("rules", ()))
    ]


def specs_of_vectors() -> list[dict[str, Any]]:
    """Every rule that is written in the vectors, once."""
    found: list[dict[str, Any]] = []
    for topic in sorted(FILES):
        told = FILES[topic]
        inline = [
            one for v in told["vector"] for one in v.get("rules", ()) if isinstance(one, dict)
        ]
        found += [*told["rules"].values(), *inline]
    return found


POOL = specs_of_vectors()
BY_KIND: dict[str, list[dict[str, Any]]] = {}
for _one in POOL:  # what is wrong, as the vectors tell it in every way there is, is one kind
    BY_KIND.setdefault("wrong" if problems({"id": "r", **_one}) else str(_one["rule"]), []).append(
        _one
    )
PRICES = ("bonus", "destination", "fee", "refund_method", "returnless", "serial_limit")
GRANTS = ({"rule": "allow"}, {"rule": "window", "days": 60})


class Chance:
    """Random returns, the same for a seed."""

    def __init__(self, seed: int) -> None:
        self.of = random.Random(seed)

    def maybe(self, value: Any, otherwise: Any) -> Any:
        return value if self.of.random() < 0.3 else otherwise

    def kind(self, *kinds: str) -> dict[str, Any]:
        """A rule of the vectors; every kind as likely as any other."""
        return self.of.choice(BY_KIND[self.of.choice(kinds or tuple(BY_KIND))])

    def specs(self) -> tuple[dict[str, Any], ...]:
        """Two policies of three are mild: what stands in the way is seldom, or all is refused."""
        of = self.of
        if of.random() < 0.67:
            prices = [self.kind(*PRICES) for _ in range(of.randint(0, 3))]
            others = [self.kind() for _ in range(of.randint(0, 2))]
            some = [of.choice(GRANTS), *prices, *others]
        else:
            some = [self.kind() for _ in range(of.randint(1, 7))]
        of.shuffle(some)
        return tuple({**spec, "id": f"r{place}"} for place, spec in enumerate(some))

    def line(self, line_id: str) -> ReturnLine:
        of = self.of
        return ReturnLine(
            line_id=line_id,
            sku=of.choice(["S-1", "S-2"]),
            name="Shoes",
            category=of.choice(["shoes", "coats", "radios", "hats"]),
            quantity=of.randint(1, 3),
            price=Money(of.choice([0, 1, 499, 4999, of.randint(1, 60_000)]), self.currency()),
            tags=frozenset(of.sample(["clearance", "green", "swim"], self.maybe(2, 0))),
            final_sale=self.maybe(True, False),
            hazard=self.maybe("lithium", ""),
            reason=of.choice(["", "faulty", "whim", "small"]),
            vendor=self.maybe("Alder", ""),
            discount=self.maybe(of.randint(0, 9_000), 0),
            weight_g=self.maybe(800, 0),
            longest_mm=self.maybe(of.randint(1, 900), 0),
            age=self.maybe(18, 0),
            hygiene=self.maybe(True, False),
            serials=self.maybe(("SN-1", "SN-2"), ()),
            resolution=self.maybe("exchange", ""),
        )

    def currency(self) -> str:
        return "GBP" if self.of.random() < 0.03 else "EUR"

    def past(self) -> tuple[PastReturn, ...]:
        of = self.of
        return tuple(
            PastReturn(
                f"R-{of.randint(0, 6)}",
                date(2025, 3, of.randint(1, 10)),
                of.randint(0, 3),
                Money(of.randint(0, 6_000), self.currency()),
            )
            for _ in range(self.maybe(of.randint(1, 6), 0))
        )

    def drops(self) -> tuple[PastDrop, ...]:
        paid = (ChargedOnce("return", self.of.randint(0, 500), self.of.randint(0, 5_000)),)
        return tuple(
            PastDrop(f"d{self.of.randint(1, 3)}", {"L-1": 1}, paid, self.maybe(paid, ()))
            for _ in range(self.of.choice([0] * 9 + [1]))
        )

    def authorisation(self, situation: Any) -> Authorisation:
        of = self.of
        items = tuple(self.line(f"L-{place + 1}") for place in range(of.randint(1, 3)))
        changes = {
            "ordered_on": f"2025-02-{of.randint(1, 28):02d}",
            "delivered_on": self.maybe(None, f"2025-03-{of.randint(1, 9):02d}"),
            "country": of.choice(["DE", "CH", ""]),
            "channel": of.choice(["web", "outlet", ""]),
            "segments": self.maybe(("vip",), ()),
            "resolution": of.choice(["", "original", "store_credit", "exchange"]),
            "order_units": of.randint(0, 6),
            "order_value": self.maybe(Money(of.randint(0, 30_000), "EUR"), None),
            "history": self.past(),
            "drops": self.drops(),
        }
        made: Authorisation = situation.authorisation(items, changes)
        return made

    def told(self, situation: Any, line_ids: list[str]) -> tuple[Told, ...]:
        of = self.of
        now = f"2025-{of.randint(3, 4):02d}-{of.randint(1, 28):02d}T{of.randint(0, 23):02d}:30:00Z"
        context = replace(
            situation.facts(now=now, offline=self.maybe(True, False)).context,
            policy_stale=self.maybe(True, False),
            policy_age_hours=self.maybe(of.randint(0, 99), None),
            bin_free_percent=of.choice([None, 0, 5, 30, 80]),
            evidence=frozenset(self.maybe(list(EvidenceKind), ())),
            staffed=not self.maybe(True, False),
        )
        history, drops = self.past(), self.drops()
        return tuple(
            Told(
                line_id=line_id,
                context=context,
                brought=of.choice([1] * 8 + [0, 2, 3]),
                already_dropped=of.choice([0] * 9 + [1]),
                answers=self.answers(),
                history=history,
                drops=drops,
                measured_g=self.maybe(of.randint(0, 2_000), None),
            )
            for line_id in line_ids
        )

    def answers(self) -> dict[str, str]:
        given = {
            "worn": self.of.choice(["new", "tried", "worn", "?"]),
            "box": self.of.choice(["yes", "no"]),
            "packaging": self.of.choice(["original", "other", "none"]),
            "sealed": self.of.choice(["yes", "no"]),
            "evidence_photo": self.of.choice(["none", "0" * 64]),
            "evidence_serial": self.of.choice(["none", "SN-1", "SN-1,SN-2"]),
            "refund_method": self.of.choice(["original", "store_credit", "exchange"]),
        }
        return {key: answer for key, answer in given.items() if self.of.random() < 0.7}


def facts_of(
    merchant: Merchant, authorisation: Authorisation, told: tuple[Told, ...]
) -> tuple[Facts, ...]:
    """All that is known of the lines of one return."""
    items = {line.line_id: line for line in authorisation.lines}
    return tuple(
        Facts(
            authorisation=authorisation,
            line=items[one.line_id],
            merchant=merchant,
            **{
                part.name: getattr(one, part.name) for part in fields(one) if part.name != "line_id"
            },
        )
        for one in told
    )


Drawn = tuple[tuple[dict[str, Any], ...], Authorisation, tuple[Told, ...]]


def returns(situation: Any, count: int, seed: int) -> Iterator[Drawn]:
    """Rules, a return, and what is known of its lines; one policy for a few returns."""
    for start in range(0, count, A_POLICY):
        chance = Chance(seed + start)
        specs = chance.specs()
        for _ in range(min(A_POLICY, count - start)):
            given = chance.authorisation(situation)
            yield specs, given, chance.told(situation, [line.line_id for line in given.lines])


def policy_of(specs: tuple[Mapping[str, Any], ...], merchant: Merchant) -> Policy:
    return Policy(7, merchant.merchant_id, tuple(build(spec) for spec in specs))
