"""What the page of a verdict's steps says: a sentence for every way in which two can differ."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.events import ShareFact
from kiosk.words import words
from sync.central.cases import Compared
from sync.central.pages.case_words import CaseWords
from sync.central.pages.why_parting import PartingWords
from sync.central.pages.why_words import WhyWords
from sync.central.policy.versions import Lacks
from sync.central.recheck import Result
from sync.central.recheck.judging import Checked
from sync.central.recheck.parting import At, Parting
from sync.central.recheck.rebuilding import Around
from sync.central.recheck.retelling import Retelling, retell
from sync.central.recheck.why import Why
from sync.central.speech import Speech
from tests.sync.judged import MERCHANT, honest

LANGUAGES = sorted(words("en").languages())


def apart(language):
    voice = words(language)
    return PartingWords(voice, Speech(voice, ZoneInfo("UTC")), CaseWords(voice))


@pytest.fixture(scope="module")
def again():
    """An honest drop that took a fee."""
    for one in honest(300, seed=1):
        if len(one.fact.lines) == 1 and one.fact.lines[0].fees:
            return retell(one.fact, one.policy, MERCHANT, Around(authorised=one.authorised))
    raise AssertionError("no drop with a fee among them")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_to_differ_and_every_reason_not_to_tell(language, again):
    say, (line,) = WhyWords(words(language)), again.lines
    partings = [replace(line, parting=Parting(at, "refund")) for at in At]
    gone = replace(line, parting=Parting(At.THERE, "old"), gone=("old",))
    assert len({apart(language).parting(one) for one in (*partings, gone)}) == len(At) + 1
    assert apart(language).parting(line) == ""
    results = [Retelling(Checked(result), (), ("history",)) for result in Result]
    ways = [None, *Lacks, *results]
    told = {say.again(Why({"policy_number": 7}, {}, None, way)) for way in ways}
    assert len(told) == len(ways) - 1  # without rules nothing is told again: no second sentence


def test_of_a_drop_that_was_not_judged_no_rule_is_said_to_count(again):
    say, (line,) = WhyWords(words("en")), again.lines
    untold = replace(again, checked=Checked(Result.UNTOLD))
    spoke = say.shaping(untold, line)
    assert [one.step.rule_id for one in spoke if one.at_kiosk] == list(line.line.rule_ids)
    assert all(say.step(untold, line, one).startswith("This rule speaks.") for one in spoke)
    assert {say.mark(untold, one) for one in spoke if one.at_kiosk} == {
        ("Spoke at the kiosk", "plain")
    }
    lost = replace(spoke[0], unknown=("history", "whole.units_before"))
    assert say.step(untold, line, lost) == (
        "Nobody knows any more what this rule looked at: Earlier returns, Items brought before."
    )
    assert say.checks(lost) == []


def test_the_money_is_laid_side_by_side(again):
    say, (line,) = WhyWords(words("en")), again.lines
    fact = line.line
    assert say.money(fact)[0][0] == "Price of these items"
    assert [what for what, _ in say.money(fact)].count("Refund") == 1
    free = replace(fact, fee=0, fees=(), refund=fact.refund + fact.fee)
    parted = replace(line, line=free, parting=Parting(At.RESULT, "fee"))
    rows = {what: (kiosk, centre) for what, kiosk, centre in apart("en").sides(parted)}
    assert rows.keys() == {f"Fee by the rule {one.rule_id}" for one in fact.fees} | {"Refund"}
    assert {kiosk for what, (kiosk, _) in rows.items() if what != "Refund"} == {"–"}
    odd = replace(fact, fee=fact.fee + 5)  # more than its rules come to: told as a whole, too
    assert "Fee" in dict(say.money(odd))
    twice = replace(fact, fees=(*fact.fees, ShareFact("label", 0, fact.fees[0].rule_id, False, 0)))
    assert say.money(twice) == say.money(fact)


def test_what_differs_stands_in_words(again):
    (line,) = again.lines
    compared = [
        Compared("outcome", "accept", "refuse", "L-1"),
        Compared("method", "exchange", "original", "L-1"),
        Compared("provisional", "yes", "no", "L-1"),
        Compared("rule_ids", "a b", "", "L-1"),
        Compared("destination", "", "hub-2", "L-1"),
        Compared("reason", "final_sale", "hygiene", "L-1"),
    ]
    parted = replace(line, compared=tuple(compared), parting=Parting(At.RESULT, "outcome"))
    assert [row[1:] for row in apart("en").sides(parted)][:5] == [
        ("Accepted", "Refused"),
        ("As an exchange", "To what you paid with"),
        ("Yes", "No"),
        ("a, b", "–"),
        ("–", "hub-2"),
    ]
    path, value = next(iter(line.line.inputs.items()))
    seen = replace(line, parting=Parting(At.FACT, path, value, value))
    ((_, kiosk, centre),) = apart("en").sides(seen)
    assert kiosk == centre
