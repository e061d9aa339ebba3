"""How a line's refund was made up: the kiosk's sum beside the centre's."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import assert_never

from kiosk.domain.events import LineFact, ShareFact
from kiosk.domain.money import Money
from kiosk.domain.policy.model import Share, Verdict
from kiosk.words import Words
from sync.central.recheck.retelling import Retold


class _Part(IntEnum):
    """In the order in which people reckon."""

    PRICE = 1
    FEE_BY_RULE = 2
    FEE = 3  # told only where the rules' shares do not come to it
    WITHHELD = 4
    REFUND = 5
    BONUS_BY_RULE = 6
    BONUS = 7  # as with fees


_Sums = dict[tuple[_Part, str], int]
"""Minor units by part, and by rule where it is one's."""


class MoneyWords:
    def __init__(self, words: Words) -> None:
        self._words, self._t = words, words.t

    def rows(self, line: LineFact, one: Retold | None) -> list[tuple[str, str, str]]:
        """What for, the kiosk's amount, the centre's. One that is not there is "", and so are all
        of the centre's where it has no verdict (`one`)."""
        kiosk = _kiosk(line)
        centre = _centre(line, one.result) if one and isinstance(one.result, Verdict) else {}
        return [
            (
                self._what(*key),
                self._amount(kiosk.get(key), line.currency),
                self._amount(centre.get(key), line.currency),
            )
            for key in sorted(dict.fromkeys((*kiosk, *centre)), key=lambda key: key[0])
        ]

    def _amount(self, minor: int | None, currency: str) -> str:
        if minor is None:
            return ""
        return self._words.money(Money(minor, currency)) if currency else str(minor)

    def _what(self, part: _Part, rule: str) -> str:
        t = self._t
        match part:
            case _Part.PRICE:
                return t("Price of these items")
            case _Part.FEE_BY_RULE:
                return t("Fee by the rule {rule}", rule=rule)
            case _Part.FEE:
                return t("Fee")
            case _Part.WITHHELD:
                return t("Not refunded now")
            case _Part.REFUND:
                return t("Refund")
            case _Part.BONUS_BY_RULE:
                return t("Bonus by the rule {rule}", rule=rule)
            case _Part.BONUS:
                return t("Bonus")
            case _:
                assert_never(part)


def _kiosk(line: LineFact) -> _Sums:
    return {
        (_Part.PRICE, ""): line.price,
        **_shares(_Part.FEE_BY_RULE, _Part.FEE, line.fees, line.fee, -1),
        **({(_Part.WITHHELD, ""): line.withheld} if line.withheld else {}),
        (_Part.REFUND, ""): line.refund,
        **_shares(_Part.BONUS_BY_RULE, _Part.BONUS, line.bonuses, line.bonus, 1),
    }


def _centre(line: LineFact, verdict: Verdict) -> _Sums:
    withheld, bonus = verdict.withheld.minor, verdict.bonus.minor if verdict.bonus else 0
    return {
        (_Part.PRICE, ""): line.price,
        **_shares(_Part.FEE_BY_RULE, _Part.FEE, verdict.fees, verdict.fee.minor, -1),
        **({(_Part.WITHHELD, ""): withheld} if withheld else {}),
        (_Part.REFUND, ""): verdict.refund.minor,
        **_shares(_Part.BONUS_BY_RULE, _Part.BONUS, verdict.bonuses, bonus, 1),
    }


def _shares(
    each: _Part, whole: _Part, shares: Iterable[Share | ShareFact], total: int, sign: int
) -> _Sums:
    """By rule, and as a whole where that is not their sum."""
    found: _Sums = {}
    for share in shares:
        key = each, share.rule_id
        found[key] = found.get(key, 0) + sign * share.minor
    if sum(found.values()) != sign * total:
        found[whole, ""] = sign * total
    return found
