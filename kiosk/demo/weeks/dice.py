"""Choices that look like chance and are the same for the same seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Dice:
    """SHA-256 over the seed and a count. For a demo only: whoever knows the seed knows it all."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._count = 0

    def below(self, limit: int) -> int:
        self._count += 1
        told = hashlib.sha256(f"takeback demo {self._seed} {self._count}".encode()).digest()
        return int.from_bytes(told[:8]) % limit

    def between(self, first: int, last: int) -> int:
        """Both included."""
        return first + self.below(last - first + 1)

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def weighted(self, choices: Mapping[T, int]) -> T:
        place = self.below(sum(choices.values()))
        for choice, weight in choices.items():
            place -= weight
            if place < 0:
                return choice
        raise AssertionError("no weight at all")

    def name(self, length: int) -> str:
        """Letters and digits, as numbers of returns have."""
        return "".join(_ALPHABET[self.below(32)] for _ in range(length))
