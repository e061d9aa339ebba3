"""Every state of a parcel on every screen of these jobs: what is listed happens, all else is
refused with a sentence and a next step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.domain.counter import parcels
from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.counter.meaning import ItemScanned, NotKnown, SealScanned, ShelfScanned
from kiosk.domain.counter.parcels import PARCELS, Parcel, ParcelState
from kiosk.domain.counter.saying import Refused
from kiosk.domain.reasons import Reason, Why
from kiosk.flows.counter.model import Did, Key, Tone
from kiosk.words import words
from kiosk.words.counter import refusals
from tests.flows.counter.conftest import Shift
from tests.flows.counter.inbound_story import S, bring, label

W = words("en")
N = "P1"
Act = Callable[[Shift], object]


def scans(shift: Shift) -> None:
    shift.scan(label(N))


def shelf(name: str) -> Act:
    return lambda shift: shift.scan(ShelfScanned(name))


def keys(*pressed: Key) -> Act:
    return lambda shift: shift.press(*pressed)


def chosen(list_key: Key) -> Act:
    """By its line, where the list has it."""

    def choose(shift: Shift) -> None:
        shift.press(list_key)
        shift.choose(N)

    return choose


SCREENS: dict[str, Act] = {
    "home": lambda shift: None,
    "receiving": keys(Key.RECEIVE),
    "receiving, damaged": keys(Key.RECEIVE, Key.DAMAGED),
    "receiving, full": keys(Key.RECEIVE, Key.FULL),
    "in hand": scans,
    "chosen to shelve": chosen(Key.TO_SHELVE),
    "chosen to pull": chosen(Key.EXPIRED),
    "at a shelf": shelf("A2"),
    "at a shelf for returns": shelf("R1"),
    "at a full shelf": shelf("FULL"),
    "to shelve": keys(Key.TO_SHELVE),
    "pulling": keys(Key.EXPIRED),
    "pulling, extending": keys(Key.EXPIRED, Key.EXTEND),
}
ACTS: dict[str, Act] = {
    "scanned": scans,
    "shelf": shelf("A2"),
    "shelf for returns": shelf("R2"),
    "shelf that is none": shelf("Z9"),
    "missing": keys(Key.MISSING, Key.MISSING),
    "refused": keys(Key.REFUSED),
    "extend": keys(Key.EXTEND),
    "done": keys(Key.DONE),
}
MADE = {
    "received": {S.UNKNOWN, S.ANNOUNCED, S.REFUSED_IN},
    "refused_in": {S.UNKNOWN, S.ANNOUNCED, S.REFUSED_IN, S.RECEIVED},
    "shelved": {S.RECEIVED, S.SHELVED},
    "refused_out": {S.RECEIVED, S.SHELVED},
    "extended": {S.RECEIVED, S.SHELVED, S.EXPIRED},
    "missing": {S.RECEIVED, S.SHELVED, S.EXPIRED, S.REFUSED_OUT, S.RTS_STAGED},
    "found": {S.MISSING},
    "staged": {S.EXPIRED, S.REFUSED_OUT, S.RTS_STAGED},
}
"""Every step that these jobs can make: from which states. All others belong to other jobs."""


def steps(shift: Shift, told: int) -> set[tuple[str, ParcelState]]:
    """The facts about the parcel since then, each with the state that it met; each is listed."""
    parcel, found = Parcel(N), set()
    for turn, record in enumerate(shift.desk.shop().story(Subject(Kind.PARCEL, N))):
        after = parcels.step(parcel, record.fact)  # type: ignore[arg-type]
        assert not isinstance(after, Refused), record.fact
        if turn >= told:
            assert PARCELS.leads(parcel.state, type(record.fact)) is not None
            found.add((record.fact.type.split(".")[2], parcel.state))
        parcel = after
    return found


def ready(new_shift: Callable[..., Shift], state: ParcelState) -> Shift:
    shift = new_shift()
    shift.desk.shelf("FULL", room=1)
    shift.desk.shelf("R2", returns=True)
    bring(shift.desk, "P0", S.SHELVED, "FULL")
    bring(shift.desk, N, state)
    shift.sign_in()
    return shift


@pytest.mark.parametrize("state", list(ParcelState))
def test_what_is_listed_happens_and_all_else_is_refused(
    new_shift: Callable[..., Shift], state: ParcelState
) -> None:
    walked: set[tuple[str, ParcelState]] = set()
    for screen, enter in SCREENS.items():
        for name, act in ACTS.items():
            shift = ready(new_shift, state)
            told = len(shift.desk.shop().story(Subject(Kind.PARCEL, N)))
            enter(shift)
            act(shift)
            made = steps(shift, told)
            walked |= made
            said = shift.session.flash.said if shift.session.flash else None
            if isinstance(said, Refused):
                text = refusals.sentence(W, said)
                assert len(text) > 12, (screen, name)
                assert not shift.desk.shop().conflicts()
    expected = {(fact, state) for fact, states in MADE.items() if state in states}
    assert {step for step in walked if step[1] is state} == expected


def test_a_scan_is_always_answered(new_shift: Callable[..., Shift]) -> None:
    """With a colour, a sound and a word, on every screen, whatever the parcel is."""
    for state in ParcelState:
        for screen, enter in SCREENS.items():
            shift = ready(new_shift, state)
            enter(shift)
            before = (shift.session.scans, shift.session.screen)
            shift.desk.wait(seconds=3)
            scans(shift)
            assert (shift.session.scans, shift.session.screen) != before, (state, screen)


def two_carriers(shift: Shift) -> None:
    shift.press(Key.RECEIVE)
    shift.scan(label("P9", "dhl", "gls"))


NO_PARCEL = (ItemScanned("04006381333931"), SealScanned("S-1"), NotKnown(Reason(Why.CODE_FOREIGN)))
PROMPTS: dict[str, tuple[Act, Did]] = {
    "receiving": (keys(Key.RECEIVE), Did.PARCEL_EXPECTED),
    "in hand": (scans, Did.SHELF_EXPECTED),
    "at a shelf": (shelf("A2"), Did.PARCEL_EXPECTED),
    "to shelve": (keys(Key.TO_SHELVE), Did.PARCEL_EXPECTED),
    "pulling": (keys(Key.EXPIRED), Did.PARCEL_EXPECTED),
    "whose label": (two_carriers, Did.FINISH_FIRST),
}


@pytest.mark.parametrize("prompt", PROMPTS)
def test_what_is_no_parcel_is_told_what_was_expected(
    new_shift: Callable[..., Shift], prompt: str
) -> None:
    enter, expected = PROMPTS[prompt]
    for meaning in NO_PARCEL:
        shift = ready(new_shift, S.RECEIVED)
        enter(shift)
        before = shift.screen
        shift.scan(meaning)
        assert (shift.did, shift.flash.tone) == (expected, Tone.WRONG)
        assert shift.screen == before


def test_the_next_scan_does_not_answer_whose_label_it_is(new_shift: Callable[..., Shift]) -> None:
    """Impatience: what was scanned meanwhile is scanned again, and nothing is taken by mistake."""
    shift = ready(new_shift, S.ANNOUNCED)
    two_carriers(shift)
    told = len(shift.desk.facts)
    shift.scan(label("P8"))
    shift.scan(label(N))
    assert (shift.did, len(shift.desk.facts)) == (Did.FINISH_FIRST, told)
    shift.choose("gls")
    assert shift.desk.shop().parcels["P9"].state is S.RECEIVED
