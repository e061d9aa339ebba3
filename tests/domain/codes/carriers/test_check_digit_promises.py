"""Every check digit keeps its promise: what it says it catches, and that it lets pass no more
than it says, over random bodies of every length the tables use."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.checks import ALPHANUMERIC, DIGITS, Check
from kiosk.domain.codes.carriers.tables import TABLES

# Characters of random bodies tried for each rule: enough for every exception to occur.
SLIPS, SWAPS = 3_000, 60_000


def _covered(rule: Check) -> set[int]:
    """How many characters the rule covers, in every form of every row that uses it."""
    lengths = set()
    for row in TABLES.rows:
        for form in row.layouts if row.rule is rule else ():
            blank = {field.name: "0" * field.size for field in form.fields if field.name}
            lengths.add(len(row.covers.format_map(blank)))
    return lengths


RULES = {row.rule.name: row.rule for row in TABLES.rows if row.rule is not None}
DECLARED = {rule.name: rule for rule in vars(checks).values() if isinstance(rule, Check)}


def _bodies(rule: Check, characters: int) -> Iterator[tuple[str, str]]:
    dice = random.Random(7)
    alphabet = _alphabet(rule)
    lengths = sorted(_covered(rule))
    for length in lengths:
        for _ in range(characters // sum(lengths)):
            body = "".join(dice.choices(alphabet, k=length))
            yield body, rule.expected(body)


def _alphabet(rule: Check) -> str:
    return DIGITS if rule.value is int else ALPHANUMERIC


def test_no_check_is_declared_in_vain() -> None:
    assert RULES == DECLARED


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
class TestThePromise:
    def test_a_wrong_check_is_always_caught(self, rule: Check) -> None:
        for body, check in _bodies(rule, SLIPS):
            others = (c for c in ALPHANUMERIC if c != check)
            assert not any(rule.good(body, other) for other in others)

    def test_slips_of_one_character(self, rule: Check) -> None:
        passed: dict[int, set[int]] = {}
        for body, check in _bodies(rule, SLIPS):
            for i, weight in enumerate(rule.weights(len(body))):
                for other in _alphabet(rule):
                    slipped = body[:i] + other + body[i + 1 :]
                    if other != body[i] and rule.good(slipped, check):
                        apart = abs(rule.value(other) - rule.value(body[i]))
                        passed.setdefault(weight, set()).add(apart)
        assert passed == {weight: set(apart) for weight, apart in rule.promise.slip.items()}

    def test_exchanges_of_neighbours(self, rule: Check) -> None:
        passed: dict[tuple[int, int], set[int]] = {}
        for body, check in _bodies(rule, SWAPS):
            weights = rule.weights(len(body))
            for i in range(len(body) - 1):
                swapped = body[:i] + body[i + 1] + body[i] + body[i + 2 :]
                if swapped != body and rule.good(swapped, check):
                    apart = abs(rule.value(body[i]) - rule.value(body[i + 1]))
                    passed.setdefault((weights[i], weights[i + 1]), set()).add(apart)
        assert passed == {weights: set(apart) for weights, apart in rule.promise.swap.items()}

    def test_the_last_character_and_the_check_exchanged(self, rule: Check) -> None:
        passed: dict[int, set[int]] = {}
        for body, check in _bodies(rule, SWAPS):
            if body[-1] != check and rule.good(body[:-1] + check, body[-1]):
                apart = abs(rule.value(body[-1]) - rule.value(check))
                passed.setdefault(rule.weights(len(body))[-1], set()).add(apart)
        assert passed == {weight: set(apart) for weight, apart in rule.promise.last.items()}


def test_the_worked_examples_of_the_standards() -> None:
    """Not ours to compute: examples printed in the carriers' own documents."""
    assert checks.S10.good("47312482", "9")  # UPU S10, RN473124829GB
    assert checks.GS1_MOD_10.good("921239123456781234567", "0")  # USPS Publication 199
    assert checks.AUSPOST.good("ABC12345678901234567", "5")  # Australia Post
    assert checks.ISO_7064_37_36.good("00818270998000002004532" + "7276", "N")  # DPD
    assert checks.LUHN.good("7992739871", "3")
