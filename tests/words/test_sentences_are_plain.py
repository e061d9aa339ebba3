"""Everything the core can say has a sentence, short and plain, whatever values come with it."""

from __future__ import annotations

import re

import pytest

from kiosk.domain.money import Money
from kiosk.domain.policy.model import Disposal, Outcome, Question, Verdict
from kiosk.domain.reasons import Reason, Why
from kiosk.ports import DeviceFault, Trouble
from kiosk.words import words
from kiosk.words.reasons import last_resort

W = words("en")
MOST_WORDS = 12
VALUES = {
    "days": 30,
    "closed_on": "2026-05-03",
    "expired_on": "2026-05-03",
    "dropped_on": "2026-05-03",
    "drop_number": "K1-000017-X",
    "answer": "damaged",
    "limit": 25000,
    "fee": 395,
    "currency": "EUR",
    "authorised": 2,
    "dropped": 1,
    "rule": "a-rule",
    "evidence": "serial",
}
HAZARDS = ["", "lithium", "aerosol", "flammable", "gas"]
CONDITIONS = ["unused", "opened", "used", "damaged"]


def plain(text: str, most: int = MOST_WORDS) -> None:
    assert text
    assert text[0].isupper() or text[0].isdigit()
    assert not re.search(r"[{}_]|None", text), text
    for sentence in re.split(r"(?<=[.?!]) ", text):
        assert len(sentence.split()) <= most, sentence


def verdict(outcome: Outcome, *, disposal: Disposal = Disposal.NONE, provisional=False) -> Verdict:
    reason = Reason(Why.WITHIN_POLICY)
    amounts = (Money(1605, "EUR"), Money(395, "EUR"), Money(0, "EUR"))
    return Verdict(outcome, reason, *amounts, disposal, provisional, 7, ("a",))


@pytest.mark.parametrize("why", list(Why))
@pytest.mark.parametrize("values", [VALUES, {}], ids=["with values", "without"])
def test_every_reason_has_a_sentence_and_a_next_step(why, values):
    reason = Reason(why, values)
    plain(W.reason(reason))
    plain(W.next_step(reason))
    assert W.reason(reason) != last_resort(W)


@pytest.mark.parametrize("hazard", HAZARDS)
def test_every_hazard_has_a_sentence(hazard):
    plain(W.reason(Reason(Why.HAZARDOUS, {"hazard": hazard})))


def test_reasons_of_any_shape_never_break_a_sentence():
    strange = dict.fromkeys(VALUES, "{x} {0} %s") | {"limit": "much", "fee": "much"}
    for why in Why:
        assert W.reason(Reason(why, strange))


def test_a_reason_names_its_values():
    closed = Reason(Why.WINDOW_CLOSED, {"days": 30, "closed_on": "2026-05-03"})
    assert W.reason(closed) == "Returns for this item closed on May 3, 2026."
    fee = Reason(Why.FEE_APPLIES, {"fee": 395, "currency": "EUR"})
    assert W.reason(fee) == "The shop keeps a return fee of €3.95."


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_has_a_sentence_and_one_next_step(trouble):
    plain(W.trouble(trouble))
    plain(W.trouble_step(trouble))


@pytest.mark.parametrize("fault", [f for f in DeviceFault if f is not DeviceFault.NONE])
def test_every_fault_has_a_sentence_and_a_mend(fault):
    plain(W.fault(fault))
    assert W.fault(fault).count(".") == 2


def test_no_fault_says_nothing():
    assert W.fault(DeviceFault.NONE) == ""


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("disposal", list(Disposal))
@pytest.mark.parametrize("provisional", [True, False])
def test_every_verdict_has_a_sentence(outcome, disposal, provisional):
    plain(W.verdict(verdict(outcome, disposal=disposal, provisional=provisional)))


def test_a_verdict_tells_the_money():
    assert W.verdict(verdict(Outcome.ACCEPT)) == "You get €16.05 back."
    fee = verdict(Outcome.ACCEPT_WITH_FEE, provisional=True)
    assert W.verdict(fee) == "You get €16.05 back after a fee of €3.95, to be confirmed."
    keep = verdict(Outcome.RETURNLESS, disposal=Disposal.DONATE)
    assert W.verdict(keep) == "Please give this item away. You get €16.05 back."


@pytest.mark.parametrize("question", ["condition", "packaging", "complete", "something_else"])
def test_every_question_reads_plainly(question):
    plain(W.question(Question(question, ("yes", "no"))))


def test_the_standard_answers_read_as_keys():
    answers = [W.answer("condition", answer) for answer in CONDITIONS]
    assert answers == ["New, never used", "Opened, not used", "Used", "Damaged"]
    assert W.answer("complete", "yes") == "Yes"
    assert W.answer("colour", "dark_blue") == "Dark blue"
