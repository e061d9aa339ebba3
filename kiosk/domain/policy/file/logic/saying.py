"""Where a rule may speak, and where it is certain to; what the most is that it can say."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.policy.file.regions import (
    ALL,
    INFINITE,
    NONE,
    NOTHING,
    Bearing,
    Box,
    Boxes,
    Elsewise,
    Range,
    TooMany,
    holds,
    not_held,
    overlap,
    union,
    words_of,
)
from kiosk.domain.policy.frame import FramedRule
from kiosk.domain.policy.hearing import WEIGHT
from kiosk.domain.policy.model import Outcome
from kiosk.domain.policy.rules.age_restricted import AgeRestricted
from kiosk.domain.policy.rules.allow import Allow
from kiosk.domain.policy.rules.bin_space import BinSpace
from kiosk.domain.policy.rules.bundle_age import BundleAge
from kiosk.domain.policy.rules.condition import Condition
from kiosk.domain.policy.rules.discount import Discount
from kiosk.domain.policy.rules.final_sale import FinalSale
from kiosk.domain.policy.rules.hazmat import Hazmat
from kiosk.domain.policy.rules.hygiene import Hygiene
from kiosk.domain.policy.rules.membership import Membership
from kiosk.domain.policy.rules.refuse import Refuse
from kiosk.domain.policy.rules.returnless import Returnless
from kiosk.domain.policy.rules.review import Review
from kiosk.domain.policy.rules.serial_limit import SerialLimit
from kiosk.domain.policy.rules.staff import Staff
from kiosk.domain.policy.rules.value import Per, Value
from kiosk.domain.policy.rules.window import Window
from kiosk.domain.policy.says import Bonus, Charge, Destination, Methods

YES = {True: frozenset({"True"}), False: frozenset({"False"})}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A rule with its sets. `may` is where it may say anything at all, `quiet` where it may say
    nothing of `sure`, the outcome it is certain to give elsewhere; None where none is certain.
    `may` is None where there are too many boxes to tell."""

    place: int
    rule: FramedRule
    may: Boxes | None
    quiet: Boxes
    sure: Outcome | None

    @classmethod
    def of(cls, place: int, rule: FramedRule) -> Spoken:
        try:
            may = overlap(_applies(rule), _speaks(rule))
            silent, sure = _certain(rule)
            quiet = union(not_applies(rule), silent)
        except TooMany:
            return cls(place, rule, None, ALL, None)
        return cls(place, rule, may, quiet, sure)

    @property
    def order(self) -> tuple[int, str]:
        """Sorts the one that counts first, among those that say the same."""
        return (-self.rule.priority, self.rule.rule_id)

    def within(self, other: Spoken) -> bool:
        """Proven: wherever this one may speak, the other is certain to."""
        if self.may is None:
            return False
        try:
            return not overlap(self.may, other.quiet)
        except TooMany:
            return False

    def meets(self, other: Spoken) -> Box | None:
        """A situation in which both may speak; None where there is none."""
        if self.may is None or other.may is None:
            return None
        try:
            both = overlap(self.may, other.may)
        except TooMany:
            return None
        return both[0] if both else None


def _applies(rule: FramedRule) -> Boxes:
    unless = rule.frame.unless
    return overlap(holds(rule.frame.when), not_held(unless) if unless else ALL)


def not_applies(rule: FramedRule) -> Boxes:
    """Where its frame keeps it silent, or may."""
    unless = rule.frame.unless
    return union(not_held(rule.frame.when), holds(unless) if unless else NONE)


def _speaks(rule: FramedRule) -> Boxes:
    """Where the rule itself may speak; ALL is always right."""
    match rule:
        case FinalSale(tags=tags):
            return union(words_of("final_sale", YES[True]), _bearing(tags))
        case Hygiene(tags=tags):
            return union(words_of("hygiene", YES[True]), _bearing(tags))
        case Hazmat(classes=classes) if classes:
            return words_of("hazard", classes)
        case Hazmat():
            return words_of("hazard", (NOTHING,), inside=False)
        case AgeRestricted():
            return words_of("age_restricted", YES[True])
        case Discount(above=above):
            return [{"discount": Range(above + 1, INFINITE)}]
        case BinSpace(below=below):
            return [{"bin_space": Range(-INFINITE, below - 1)}]
        case BundleAge(hours=hours):
            return [{"policy_age": Range(hours + 1, INFINITE)}, {"policy_age": Elsewise()}]
        case Membership():
            return _turned_away(rule)
        case Returnless():
            return _cheap(rule)
        case Value(per=Per.ITEM, limit=limit, currency=currency):
            dearer = Range(limit + 1, INFINITE, currency)
            return [{"value": dearer}, {"value": Elsewise(currency)}]
        case _:
            return ALL


def _certain(rule: FramedRule) -> tuple[Boxes, Outcome | None]:
    """Where it may be silent though it applies, and what it says elsewhere."""
    match rule:
        case Refuse():
            return NONE, Outcome.REFUSE
        case Staff():
            return NONE, Outcome.STAFF
        case Review():
            return NONE, Outcome.REVIEW
        case Allow():
            return NONE, Outcome.ACCEPT
        case FinalSale(tags=tags):
            return overlap(words_of("final_sale", YES[False]), _without(tags)), Outcome.REFUSE
        case Hygiene(ask=False, tags=tags, then=then):
            return overlap(words_of("hygiene", YES[False]), _without(tags)), then
        case Hazmat(classes=classes, then=then):
            none = words_of("hazard", (NOTHING,))
            return words_of("hazard", classes, inside=False) if classes else none, Outcome(then)
        case Discount(above=above, then=then):
            return [{"discount": Range(-INFINITE, above)}], then
        case Membership(then=then):
            return _passed(rule), then
        case _:
            return ALL, None


def _bearing(tags: tuple[str, ...]) -> Boxes:
    return [{"tag": Bearing(frozenset({frozenset(tags)}), frozenset())}] if tags else NONE


def _without(tags: tuple[str, ...]) -> Boxes:
    return [{"tag": Bearing(frozenset(), frozenset(tags))}] if tags else ALL


def _turned_away(rule: Membership) -> Boxes:
    denied = words_of(rule.dimension, rule.never) if rule.never else NONE
    others = words_of(rule.dimension, rule.only, inside=False) if rule.only else NONE
    return union(denied, others)


def _passed(rule: Membership) -> Boxes:
    spared = words_of(rule.dimension, rule.never, inside=False) if rule.never else ALL
    return overlap(spared, words_of(rule.dimension, rule.only) if rule.only else ALL)


def _cheap(rule: Returnless) -> Boxes:
    kinds = words_of("category", rule.categories) if rule.categories else ALL
    if rule.below is None:
        return kinds
    return overlap(kinds, [{"value": Range(-INFINITE, rule.below - 1, rule.currency)}])


def most(rule: FramedRule) -> int:
    """The weight of the weightiest outcome that a rule can bring, its charges and the like
    weighing nothing: those end with any outcome that takes no goods."""
    match rule:
        case Allow():
            return WEIGHT[Outcome.ACCEPT]
        case Review():
            return WEIGHT[Outcome.REVIEW]
        case Returnless():
            return WEIGHT[Outcome.RETURNLESS]
        case Staff():
            return WEIGHT[Outcome.STAFF]
        case Condition(refuse=(), staff=(), review=()):
            return WEIGHT[Outcome.STAFF]  # for an answer in none of the lists
        case _:
            return WEIGHT[Outcome.REFUSE]


def grants(rule: FramedRule) -> bool:
    """Whether a rule can be the one that decides that goods are taken, or may be kept."""
    match rule:
        case Allow() | Review() | Returnless() | Window() | Condition():
            return True
        case _:
            return getattr(rule, "then", None) in (Outcome.REVIEW, "review")


def kind(rule: FramedRule) -> str:
    """What it decides, where only one rule can count: "" for an outcome."""
    match rule:
        case SerialLimit(fee=None):
            return ""
        case SerialLimit():
            return f"{Charge.__name__} serial"
        case _:
            pass
    match rule.tag:
        case "fee":
            return f"{Charge.__name__} {getattr(rule, 'kind', '')}"
        case "bonus":
            return f"{Bonus.__name__} {getattr(rule, 'kind', '')} {getattr(rule, 'method', '')}"
        case "refund_method":
            return Methods.__name__
        case "destination":
            return Destination.__name__
        case _:
            return ""


def outlasts(longer: Window, shorter: Window) -> bool:
    """Proven: whatever day it began, `longer` ends no earlier than `shorter`."""
    same = (longer.start, longer.on, longer.undelivered) == (
        shorter.start,
        shorter.on,
        shorter.undelivered,
    )
    spans = longer.days >= shorter.days and longer.months >= shorter.months
    alike = shorter.calendar == longer.calendar or _plain(shorter)
    seasons = set(shorter.extend) <= set(longer.extend)
    return same and spans and alike and seasons and longer.latest >= shorter.latest


def _plain(window: Window) -> bool:
    return not window.calendar.weekend and not window.calendar.holidays
