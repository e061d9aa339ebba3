"""Policies and returns at random, the same for a seed, for the properties.

Left to mere chance nearly every return is refused: of seven rules one stands in the way, and one
such rule is enough. So two policies of three are mild: one rule grants, some set prices and ways,
few stand in the way; and most facts are the usual ones. test_properties_reach_everything.py
counts what comes of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from kiosk.domain.money import Money
from kiosk.domain.policy.model import EvidenceKind, Facts
from kiosk.domain.returns import ChargedOnce, PastDrop, PastReturn

Spec = dict[str, Any]


def drawn(part: Any, chance: Random) -> Any:
    """What stands there, every choice in it made."""
    if callable(part):
        return drawn(part(chance), chance)
    if isinstance(part, dict):
        return {key: drawn(value, chance) for key, value in part.items()}
    return part


def among(*values: Any) -> Callable[[Random], Any]:
    return lambda chance: chance.choice(values)


def between(low: int, high: int) -> Callable[[Random], int]:
    return lambda chance: chance.randint(low, high)


def mostly(usual: Any, *rare: Any) -> Callable[[Random], Any]:
    """Three times of four the usual."""
    return lambda chance: usual if chance.random() < 0.75 else chance.choice(rare)


def several(*values: str) -> Callable[[Random], list[str]]:
    """One or more of them, in any order."""
    return lambda chance: chance.sample(values, chance.randint(1, len(values)))


EUR = {"currency": "EUR"}
AMOUNT = between(0, 20_000)
THEN = {"then": among("staff", "refuse", "review")}
TARIFF = among(
    {"per": among("line", "item"), "amount": between(0, 3_000), **EUR},
    {"per": "percent", "basis_points": between(0, 10_000)},
    {"per": "line", "amount": AMOUNT, "at_least": 5, "at_most": 6_000, **EUR},
    {
        "per": "return",
        "amount": between(0, 2_000),
        "basis_points": between(0, 3_000),
        "at_most": AMOUNT,
        **EUR,
    },
)


def priced(spec: Spec) -> Callable[[Random], Spec]:
    return lambda chance: {**drawn(spec, chance), **drawn(TARIFF, chance)}


SHORT = {"rule": "window", "days": between(0, 12)}
SEASON = {"from": "02-01", "to": "02-28", "until": "03-12"}
CLOSERS = among(
    {**SHORT, "undelivered": among("staff", "accept")},
    {**SHORT, "weekend": ["saturday", "sunday"]},
    {**SHORT, "holidays": ["2025-03-05", "03-10"]},
    {**SHORT, "extend": [SEASON]},
    {**SHORT, "latest": "2025-03-09"},
    {**SHORT, "from": "order"},
    {"rule": "window", "months": 1, "from": "order"},
)
GRANTS = among(
    {"rule": "allow"},
    {"rule": "window", "days": between(40, 90), "undelivered": among("staff", "accept")},
    {"rule": "window", "months": between(2, 3), "weekend": ["saturday", "sunday"]},
)
FEE = priced({"rule": "fee", "kind": among("return", "restock")})
PRICES = among(
    FEE,
    FEE,
    priced(
        {"rule": "bonus", "kind": "bonus", "method": among("store_credit", "exchange", "original")}
    ),
    {"rule": "destination", "to": among("hub", "outlet")},
    {"rule": "refund_method", "methods": several("original", "store_credit", "exchange")},
    priced({"rule": "serial_limit", "days": 90, "returns": between(0, 1), "then": "fee"}),
)
RETURNLESS = {
    "rule": "returnless",
    "below": between(1, 20_000),
    "then": among("keep", "donate", "recycle"),
    **EUR,
}
OTHERS: tuple[Any, ...] = (
    {"rule": "review"},
    {"rule": "staff"},
    {"rule": "final_sale"},
    {"rule": "hologram"},
    CLOSERS,
    {"rule": "hazmat", "then": among("staff", "refuse")},
    {"rule": "quantity", "at_most": between(0, 3), "then": among("staff", "refuse")},
    {
        "rule": "value",
        "limit": AMOUNT,
        "per": among("item", "line", "brought", "return", "order"),
        "then": among("staff", "review"),
        **EUR,
    },
    RETURNLESS,
    {
        "rule": "condition",
        "question": among("worn", "box"),
        "accept": ["a"],
        "review": among(["b"], ["b", "c"]),
        "refuse": ["d"],
    },
    {"rule": "country", "only": ["DE"], **THEN},
    {"rule": "channel", "never": "outlet", **THEN},
    {"rule": "segment", "only": "vip", **THEN},
    {"rule": "method", "only": ["kiosk"], **THEN},
    {"rule": "zone", "never": "far", **THEN},
    {"rule": "reason", "never": "whim", **THEN},
    {"rule": "discount", "above": between(0, 5_000), **THEN},
    {"rule": "items", "at_least": between(0, 1), "at_most": between(1, 4), **THEN},
    {"rule": "whole", "of": among("return", "order"), **THEN},
    {"rule": "packaging", "other": among(True, False), **THEN},
    {"rule": "hygiene", "ask": among(True, False), **THEN},
    {"rule": "age_restricted", **THEN},
    {"rule": "oversize", "longest_mm": between(1, 900), **THEN},
    {"rule": "weight", "grams": between(0, 90), **THEN},
    {"rule": "bin_space", "below": between(1, 60), "then": among("staff", "refuse")},
    {"rule": "bundle_age", "hours": between(0, 48), **THEN},
    {"rule": "evidence", "evidence": among("photo", "serial"), **THEN},
    {"rule": "serial_limit", "days": between(1, 90), "returns": between(0, 2), **THEN},
    {
        "rule": "allow_list",
        "rules": several("r0", "r1", "r2", "r3"),
        "when": among({"category": "shoes"}, {"segment": "vip"}),
    },
    {"rule": "refuse", "when": {"tag": "no"}},
)
ANY_OTHER = among(*OTHERS)
ANY = among(*OTHERS, GRANTS, PRICES, PRICES)
WHEN = mostly(
    {},
    {"when": {"category": "shoes"}},
    {"unless": {"category": "coats"}},
    {"when": {"any": [{"not": {"weight": {"max": 500}}}, {"segment": "vip"}]}},
    {"unless": {"resolution": "exchange"}},
    {"when": {"answer": {"worn": ["a", "b"]}}},
    {"when": {"offline": True}},
)
LINE = {
    "price": AMOUNT,
    "quantity": among(1, 2, 3, 3),
    "category": among("shoes", "coats"),
    "final_sale": mostly(False, True),
    "hazard": mostly("", "lithium"),
    "discount": mostly(0, 3_000, 9_000),
    "weight_g": mostly(400, 0, 900),
    "longest_mm": mostly(300, 0, 900),
    "age": mostly(0, 18),
    "hygiene": mostly(False, True),
    "reason": mostly("faulty", "", "whim"),
    "tags": mostly((), ("no",)),
    "serials": among((), ("SN1", "SN2")),
}
ANSWERS = {
    "worn": among("a", "b", "d", "?"),
    "box": among("a", "b", "d", "?"),
    "packaging": among("original", "other", "none", "?"),
    "sealed": among("yes", "no", "?"),
    "evidence_photo": among("0" * 64, "none"),
    "evidence_serial": among("SN1", "SN1,SN2", "SN3", "none"),
    "refund_method": mostly("original", "store_credit", "exchange"),
}
OF_LINE = {
    "line": LINE,
    "brought": lambda chance: chance.choice([1] * 12 + [0, 2, 4]),
    "dropped": lambda chance: chance.choice([0] * 14 + [1, 3]),
    "answers": lambda chance: {
        key: value for key, value in drawn(ANSWERS, chance).items() if chance.random() < 0.5
    },
    "measured_g": mostly(400, None, 800, 1_500),
}
PAST = (PastReturn("R-0", date(2025, 2, 27), 1, Money(100, "EUR")),)
DROP = PastDrop("d1", {"L-1": 1}, fees=(ChargedOnce("return", 300, 1_000),))
SHARED = {
    "offline": mostly(False, True),
    "now": lambda chance: _day(chance.randint(0, 60)),
    "of_return": {
        "country": mostly("DE", "FR"),
        "zone": mostly("near", "far"),
        "channel": mostly("web", "outlet"),
        "segments": mostly(("vip",), ()),
        "resolution": mostly("", "original", "store_credit", "exchange", "shells"),
        "delivered_on": mostly("2025-03-01", None),
        "history": among((), PAST),
        "order_value": among(None, Money(9_999, "EUR")),
    },
    "at": {
        "policy_age_hours": mostly(1, 30, 60, None),
        "bin_free_percent": mostly(50, 0, 10, None),
        "evidence": mostly(frozenset(EvidenceKind), frozenset()),
        "staffed": mostly(True, False),
        "method": mostly("kiosk", "counter"),
    },
    "drops": lambda chance: (DROP,) if chance.random() < 0.1 else (),
}


def _day(after: int) -> str:
    return (datetime(2025, 2, 25, 9, tzinfo=UTC) + timedelta(days=after)).isoformat()


@dataclass(frozen=True, slots=True)
class Case:
    """`specs` of a policy; `lines` and `shared` as Situation.together takes them. The same seed
    and kind of policy make the same case."""

    seed: int
    specs: list[Spec]
    lines: list[Spec]
    shared: Spec

    def facts(self, situation: Any) -> tuple[Facts, ...]:
        made: tuple[Facts, ...] = situation.together(*self.lines, **self.shared)
        return made

    def later(self, days: int, **changes: Any) -> Case:
        """The same so many days on."""
        now = datetime.fromisoformat(self.shared["now"]) + timedelta(days=days)
        return Case(
            self.seed, self.specs, self.lines, {**self.shared, "now": now.isoformat(), **changes}
        )


def rule(kind: Any, chance: Random, where: Any = WHEN) -> Spec:
    """A specification, with a name that another may have too."""
    spec = drawn(kind, chance)
    found = drawn(where, chance)
    if spec["rule"] in ("window", "allow_list") and "offline" in str(found):
        found = {}  # these must not look at the clock
    return {
        **found,
        **spec,
        "id": f"r{chance.randint(0, 9)}",
        "priority": chance.randint(0, 2),
    }


def mild(chance: Random) -> list[Spec]:
    prices = [rule(PRICES, chance) for _ in range(chance.randint(0, 3))]
    others = [rule(ANY_OTHER, chance) for _ in range(chance.randint(0, 3))]
    gifts = [rule(RETURNLESS, chance)] if chance.random() < 0.15 else []
    return [rule(GRANTS, chance, {}), *prices, *others, *gifts]


def wild(chance: Random) -> list[Spec]:
    return [rule(ANY, chance) for _ in range(chance.randint(0, 7))]


def closing(chance: Random) -> list[Spec]:
    """Where many a window is over."""
    return [rule(CLOSERS, chance, {}), *mild(chance)]


Maker = Callable[[Random], list[Spec]]


def case(seed: int, policy: Maker | None = None) -> Case:
    chance = Random(seed)
    make = policy or chance.choice((mild, mild, wild))
    specs = make(chance)
    lines = [drawn(OF_LINE, chance) for _ in range(chance.choice((1, 1, 2, 3)))]
    return Case(seed, specs, lines, drawn(SHARED, chance))


def cases(count: int, policy: Maker | None = None) -> Iterator[Case]:
    """Others in every run of the tests (pytest-randomly seeds `random` and prints how)."""
    for _ in range(count):
        yield case(random.getrandbits(48), policy)
