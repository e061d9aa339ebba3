"""Labels: of a shelf that is there, and plates that were never printed before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.flows.counter.model import Key, PaperDone, PrintPlates, PrintShelfLabel
from kiosk.flows.counter.states.leaving import LabelKind, Labels
from kiosk.flows.counter.states.outbound import Paper

if TYPE_CHECKING:
    from tests.flows.counter.conftest import Shift


def labels(shift: Shift) -> Labels:
    assert isinstance(shift.screen, Labels), shift.screen
    return shift.screen


def opened(shift: Shift) -> Labels:
    shift.press(Key.HELP, Key.LABELS)
    return labels(shift)


def test_a_shelf_is_chosen_and_its_label_printed(anna: Shift) -> None:
    assert opened(anna).shelves == ("A1", "A2", "B1", "R1")
    before = anna.session
    assert anna.press(Key.PRINT) is before  # of which one?
    assert anna.choose("Z9") is before
    anna.choose("A2")
    anna.press(Key.PRINT)
    assert anna.desk.printed == [PrintShelfLabel("A2")]
    assert labels(anna).paper is Paper.WAITING
    before = anna.session
    assert anna.press(Key.PRINT) is before  # one is on its way
    anna.happens(PaperDone(1, Paper.PRINTED))
    assert labels(anna).paper is Paper.PRINTED


def test_a_shelf_that_was_given_up_has_no_label(anna: Shift) -> None:
    anna.desk.shelf("A2", room=0)
    assert "A2" not in opened(anna).shelves


def test_new_plates_are_counted_out(anna: Shift) -> None:
    opened(anna)
    anna.choose(LabelKind.BAG.value)
    anna.choose("5")
    anna.press(Key.PRINT)
    assert anna.desk.printed == [PrintPlates(LabelKind.BAG, 5)]
    anna.happens(PaperDone(1, Paper.FAILED))
    assert labels(anna).paper is Paper.FAILED
    anna.press(Key.PRINT)  # new numbers: what came out before may lie about
    assert len(anna.desk.printed) == 2


def test_no_more_at_once_than_somebody_watches(anna: Shift) -> None:
    opened(anna)
    anna.choose(LabelKind.CONTAINER.value)
    before = anna.session
    assert anna.choose("51") is before
    assert anna.choose("A1") is before
    anna.choose("50")
    assert labels(anna).count == 50


def test_many_shelves_have_pages(anna: Shift) -> None:
    for at in range(15):
        anna.desk.shelf(f"X{at:02}")
    opened(anna)
    anna.press(Key.NEXT_PAGE, Key.NEXT_PAGE)
    assert labels(anna).page == 2
    anna.press(Key.NEXT_PAGE)
    assert labels(anna).page == 0
    anna.choose(LabelKind.BAG.value)
    before = anna.session
    assert anna.press(Key.NEXT_PAGE) is before
