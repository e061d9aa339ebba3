"""Who comes when and with what: visits of real shape, and what the kiosk says to each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.app import judging
from kiosk.demo.weeks.dice import Dice
from kiosk.domain import codes
from kiosk.domain.policy.model import AnswerKind, Ask, Context, EvidenceKind, Policy
from kiosk.domain.returns import Authorisation, AuthorisationState, Merchant, ReturnLine
from kiosk.domain.visit import IdentifiedBy, OpenDrop

ZONE: Final = ZoneInfo("Europe/Berlin")
_HOURS: Final = {
    8: 3,
    9: 5,
    10: 7,
    11: 9,
    12: 13,
    13: 10,
    14: 7,
    15: 7,
    16: 10,
    17: 15,
    18: 12,
    19: 6,
}
"""How many of a day's visitors come in which hour: before noon, after work."""
_DAYS: Final = (120, 95, 90, 95, 110, 140, 45)
"""In per cent of a kiosk's usual day, from Monday."""
_SHOPS: Final = {"linden": 5, "voltaro": 3, "hedge": 2}
_LINES: Final = {1: 62, 2: 26, 3: 12}
_IDENTIFIED: Final = {
    IdentifiedBy.SIGNED: 70,
    IdentifiedBy.SHORT: 18,
    IdentifiedBy.ORDER: 12,
}
_DELIVERED: Final = {2: 10, 3: 16, 4: 16, 5: 14, 7: 14, 9: 12, 12: 10, 22: 5, 45: 3}
"""Days since the delivery: some come too late for the window of their shop."""
_RARE: Final = frozenset({"lithium"})  # goods that no kiosk takes are brought seldom


@dataclass(frozen=True, slots=True)
class Visit:
    at: datetime
    authorisation: Authorisation
    identified_by: IdentifiedBy


@dataclass(frozen=True, slots=True)
class Market:
    """What can be brought: goods by shop."""

    goods: Mapping[str, tuple[ReturnLine, ...]]
    prefixes: Mapping[str, str]

    @classmethod
    def of(cls, goods: Mapping[str, tuple[ReturnLine, ...]], prefixes: Mapping[str, str]) -> Market:
        """Without what a kiosk takes a photograph or a serial number of."""
        shown = {
            shop: tuple(one for one in lines if not one.serials and one.category != "planters")
            for shop, lines in goods.items()
        }
        return cls(shown, prefixes)


def visits(dice: Dice, market: Market, day: datetime, usual: int) -> Iterator[Visit]:
    """At one kiosk; `day` is local midnight, `usual` its visitors on a usual day."""
    percent = _DAYS[day.weekday()] * dice.between(80, 120) // 100
    for _ in range(usual * percent // 100):
        hour = dice.weighted(_HOURS)
        at = day + timedelta(hours=hour, seconds=dice.below(3600), milliseconds=dice.below(1000))
        yield Visit(at, _authorised(dice, market, at), dice.weighted(_IDENTIFIED))


def _authorised(dice: Dice, market: Market, at: datetime) -> Authorisation:
    shop = dice.weighted(_SHOPS)
    goods = market.goods[shop]
    chosen: list[ReturnLine] = []
    for _ in range(dice.weighted(_LINES)):
        one = dice.one_of(goods)
        seldom = one.hazard in _RARE and not dice.chance(15)
        if not seldom and one.sku not in [line.sku for line in chosen]:
            chosen.append(one)
    chosen = chosen or [goods[0]]
    delivered = at.date() - timedelta(days=dice.weighted(_DELIVERED))
    return Authorisation(
        return_id=f"RMA-{dice.name(8)}",
        merchant_id=shop,
        order_number=f"{market.prefixes[shop]}-{dice.between(100, 999)}-{dice.between(1000, 9999)}",
        postal_code=f"{dice.between(1, 9)}{dice.between(1000, 9999)}",
        short_code=codes.short_code(dice.below(1 << 35)),
        state=AuthorisationState.AUTHORISED,
        ordered_on=delivered - timedelta(days=3),
        delivered_on=delivered,
        expires_at=at + timedelta(days=40),
        lines=tuple(
            replace(line, line_id=f"L{place}", quantity=_units(dice, line))
            for place, line in enumerate(chosen, 1)
        ),
        country="DE",
        customer=f"c-{dice.name(10)}",
    )


def _units(dice: Dice, line: ReturnLine) -> int:
    return dice.weighted({1: 90, 2: 8, 3: 2}) if line.price.minor < 6000 else 1


def judged(
    dice: Dice,
    visit: Visit,
    policy: Policy,
    merchant: Merchant,
    site: str,
    names: tuple[str, str],
    offline: bool,
) -> OpenDrop:
    """What the kiosk's own code says, every question answered. `names` are the drop's and the
    visit's id."""
    at = visit.at
    context = Context(at, offline=offline, site=site, evidence=frozenset(EvidenceKind))
    given = visit.authorisation
    items = judging.items(given, merchant, policy, context, {})
    drop = OpenDrop(
        names[0],
        names[1],
        given,
        merchant,
        items,
        visit.identified_by,
        "",
        policy.number,
        offline,
        context=context,
    )
    while (open_ := drop.asking()) is not None:
        item, ask = open_
        said = {**item.answers, ask.question.question_id: _answer(dice, ask)}
        drop = judging.told(drop, replace(item, answers=said))
        drop = replace(drop, items=judging.judge(drop, policy, context))
    return drop


def _answer(dice: Dice, ask: Ask) -> str:
    """Most goods are as good as new; nobody has a picture or a number at hand here."""
    assert ask.question.kind is AnswerKind.CHOICE, ask.question
    answers: Sequence[str] = ask.question.answers
    return answers[0] if dice.chance(70) else dice.one_of(answers)
