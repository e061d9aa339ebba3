"""Where kiosk and centre part on a line, in the reader's language."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.policy.model import Ask, RefundMethod, Verdict
from kiosk.words import Words, facts
from sync.central.cases import Compared
from sync.central.pages.case_words import CaseWords
from sync.central.pages.why_money import MoneyWords
from sync.central.recheck.parting import At, Parting
from sync.central.recheck.retelling import Retold
from sync.central.speech import Speech


class PartingWords:
    """Handed to the template as `apart`."""

    def __init__(self, words: Words, say: Speech, told: CaseWords) -> None:
        self._words, self._t, self._say, self._told = words, words.t, say, told
        self._money = MoneyWords(words)

    def parting(self, line: Retold) -> str:
        """The first step at which kiosk and centre do not agree; "" where they do."""
        t, one = self._t, line.parting
        if one is None:
            return ""
        match one.at:
            case At.FACT:
                return t("They differ first at a fact: {what}.", what=self._fact(line, one))
            case At.THERE if one.what in line.gone:
                return t(
                    "They differ first at the rule {rule}: it spoke at the kiosk, and this bundle "
                    "has no such rule.",
                    rule=one.what,
                )
            case At.THERE:
                return t(
                    "They differ first at the rule {rule}: it spoke at the kiosk, and has nothing "
                    "to say here.",
                    rule=one.what,
                )
            case At.HERE:
                return t(
                    "They differ first at the rule {rule}: it speaks here, and did not at the "
                    "kiosk.",
                    rule=one.what,
                )
            case At.ORDER:
                return t(
                    "They differ first at the rule {rule}: the same rules speak, and it weighs "
                    "more for one of the two.",
                    rule=one.what,
                )
            case At.QUESTION:
                return t("They differ first at a question: the centre would ask it.")
            case At.RESULT:
                what = self._told.what(one.what)
                return t(
                    "The same rules spoke. They differ first in what follows: {what}.", what=what
                )
            case _:
                assert_never(one.at)

    def _fact(self, line: Retold, one: Parting) -> str:
        return facts.name(self._words, one.what, line.facts.merchant.look)

    def sides(self, line: Retold) -> list[tuple[str, str, str]]:
        """What kiosk and centre do not agree on: what it is, the kiosk's and the centre's."""
        rows = []
        one = line.parting
        if one is not None and one.at is At.FACT:
            rows.append((self._fact(line, one), *self._values(line, one)))
        rows += [self._side(line, part) for part in line.compared if not self._told.is_amount(part)]
        for what, kiosk, centre in self._money.rows(line.line, line):
            if kiosk != centre and isinstance(line.result, Verdict):
                rows.append((what, kiosk or "–", centre or "–"))
        return rows

    def _values(self, line: Retold, one: Parting) -> tuple[str, str]:
        zone, look = line.facts.merchant.timezone, line.facts.merchant.look
        there = {**line.line.inputs, one.what: one.kiosk}
        kiosk, centre = (
            facts.value(self._words, one.what, seen, zone, look)
            for seen in (there, {**there, one.what: one.centre})
        )
        return kiosk, centre

    def _side(self, line: Retold, part: Compared) -> tuple[str, str, str]:
        values = (part.first, part.second)
        kiosk, centre = (self._value(line, part, value) for value in values)
        return self._told.what(part.what), kiosk, centre

    def _value(self, line: Retold, part: Compared, value: str | int) -> str:
        text = str(value)
        match part.what:
            case "outcome" if text.startswith("ask:") and isinstance(line.result, Ask):
                return self._words.question(line.result.question, line.facts.merchant.look)
            case "outcome":
                return self._say.outcome(text)
            case "reason":
                return self._reason(line, text)
            case "method" if text in set(RefundMethod):
                return self._words.method(RefundMethod(text))
            case "rule_ids":
                return text.replace(" ", ", ") or "–"
            case "provisional":
                return self._t("Yes") if text == "yes" else self._t("No")
            case _:
                return text or "–"

    def _reason(self, line: Retold, code: str) -> str:
        """Each side's reason with its own values."""
        ours = line.result.reason if isinstance(line.result, Verdict) else None
        if ours is not None and ours.why.value == code:
            return self._words.reason(ours)
        return self._say.reason(code, line.line.reason_values)
