"""What the page of a verdict's steps says, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from kiosk.domain.events import LineFact
from kiosk.domain.policy.explain import Fate
from kiosk.domain.policy.model import Finding
from kiosk.words import Words, assisting, explaining, facts
from sync.central.pages.why_money import MoneyWords
from sync.central.policy.versions import Lacks
from sync.central.recheck import Result
from sync.central.recheck.retelling import UNHEARD, Heard, Retelling, Retold
from sync.central.recheck.why import Why

_SHAPING = frozenset({Fate.DECIDED, Fate.ASKED})


class WhyWords:
    """Handed to the template as `words`."""

    def __init__(self, words: Words) -> None:
        self._words, self._t = words, words.t
        self._money = MoneyWords(words)

    def again(self, why: Why) -> str:
        """What came of telling it again, and what cannot be told and why not."""
        t, told = self._t, why.told
        match told:
            case None:
                return t(
                    "The kiosk’s own record of this drop is not here or cannot be read, so the "
                    "steps of its verdict cannot be told."
                )
            case Lacks.BUNDLE:
                return t(
                    "The rules of bundle {bundle} were not kept, so the steps of this verdict "
                    "cannot be told. What the kiosk recorded is below.",
                    bundle=why.bundle,
                )
            case Lacks.SHOP:
                return t(
                    "At the centre bundle {bundle} has no rules of this shop, so the steps of this "
                    "verdict cannot be told. What the kiosk recorded is below.",
                    bundle=why.bundle,
                )
            case Retelling():
                return self._judged(told)
            case _:
                assert_never(told)

    def _judged(self, told: Retelling) -> str:
        t = self._t
        match told.checked.result:
            case Result.SAME:
                return t(
                    "The centre judged this drop again, by the same rules and the facts that the "
                    "kiosk recorded. It says the same."
                )
            case Result.DIFFERS:
                return t(
                    "The centre judged this drop again, by the same rules and the facts that the "
                    "kiosk recorded, and comes to something else. The shopper was promised what "
                    "the kiosk said."
                )
            case Result.UNTOLD:
                return t(
                    "The centre cannot judge this drop again: a rule looks at what nobody recorded "
                    "({facts}). What is known of each rule is below.",
                    facts=self.facts(told.unknown),
                )
            case Result.NO_RULES | Result.OTHER_VERSION:
                return t(
                    "The centre cannot judge this drop again: the kiosk that took it has another "
                    "version. What is known is below."
                )
            case _:
                assert_never(told.checked.result)

    def facts(self, paths: Iterable[str]) -> str:
        """Names of facts, each once."""
        return ", ".join(dict.fromkeys(facts.name(self._words, path) for path in paths))

    def rule(self, heard: Heard) -> str:
        return assisting.rule(self._words, heard.step)

    def shaping(self, told: Retelling, line: Retold) -> list[Heard]:
        """Rules that had something to say, here or at the kiosk, and those of which nobody knows
        it any more. Where nothing was judged, in the kiosk's own order."""
        found = [one for one in line.steps if one.step.fate not in UNHEARD or _apart(one)]
        if told.judged:
            return found
        order = {rule_id: place for place, rule_id in enumerate(line.line.rule_ids)}
        return sorted(found, key=lambda one: order.get(one.step.rule_id, len(order)))

    def silent(self, line: Retold) -> list[Heard]:
        """All the others."""
        return [one for one in line.steps if one.step.fate in UNHEARD and not _apart(one)]

    def step(self, told: Retelling, line: Retold, heard: Heard) -> str:
        """What became of a rule, and what it said. Of a line that could not be judged only what
        the rule itself makes certain: not what counted."""
        t, one, look = self._t, heard.step, line.facts.merchant.look
        if heard.unknown:
            names = ", ".join(facts.name(self._words, path, look) for path in heard.unknown)
            return t("Nobody knows any more what this rule looked at: {facts}.", facts=names)
        if told.judged or one.fate in UNHEARD:
            said = explaining.step(self._words, one, look)
        else:
            speaks = t("This rule speaks.")
            said = f"{speaks} {explaining.said(self._words, one, look)}".strip()
        if isinstance(one.say, Finding) and one.say.until is not None:
            day = assisting.row(self._words, t("Last day for it"), self._words.day(one.say.until))
            said = f"{said} {day}."
        return said

    def checks(self, heard: Heard) -> list[str]:
        return [] if heard.unknown else list(explaining.checks(self._words, heard.step))

    def looked(self, line: Retold, heard: Heard) -> list[tuple[str, str]]:
        """What a rule looked at: names and values of what is known."""
        seen = {p: value for p, value in heard.step.looked.items() if p not in heard.unknown}
        merchant = line.facts.merchant
        return list(facts.told(self._words, seen, merchant.timezone, merchant.look))

    def inputs(self, why: Why, seen: Mapping[str, str | int]) -> list[tuple[str, str]]:
        """What the kiosk's deciding rules looked at, as it recorded it."""
        zone = why.fact.facts.get("merchant.timezone", "") if why.fact else ""
        return list(facts.told(self._words, seen, str(zone)))

    def mark(self, told: Retelling, heard: Heard) -> tuple[str, str] | None:
        """A word beside a rule, and its colour, where kiosk and centre heard it differently."""
        t = self._t
        if not told.judged:
            return (t("Spoke at the kiosk"), "plain") if heard.at_kiosk else None
        if heard.at_kiosk and not heard.here:
            return t("Only at the kiosk"), "bad"
        if heard.here and not heard.at_kiosk:
            return t("Only at the centre"), "bad"
        return None

    def shapes(self, told: Retelling, heard: Heard) -> bool:
        """Whether the verdict were another without this rule."""
        return told.judged and heard.step.fate in _SHAPING

    def money(self, line: LineFact) -> list[tuple[str, str]]:
        """How the kiosk's promise was made up, top down."""
        return [(what, kiosk) for what, kiosk, _ in self._money.rows(line, None) if kiosk]


def _apart(heard: Heard) -> bool:
    return bool(heard.unknown) or heard.at_kiosk != heard.here
