"""A scanner that reads a label twice does not do a thing twice."""

from __future__ import annotations

from kiosk.domain.counter.meaning import ShelfScanned
from kiosk.flows.counter.model import Did
from kiosk.flows.counter.states.desk import Home
from kiosk.flows.counter.states.inbound import ShelfInHand
from tests.flows.counter.conftest import Shift
from tests.flows.counter.inbound_story import S, bring, label, shelf_of


def test_a_shelf_that_is_read_twice_is_not_opened_for_the_next_parcel(anna: Shift) -> None:
    """The second read would open the shelf, and the next parcel that is scanned would lie there."""
    bring(anna.desk, "P1", S.RECEIVED)
    anna.desk.means("shelf A1", ShelfScanned("A1"))
    anna.scan(label("P1"))
    anna.scan_text("shelf A1")
    anna.desk.wait(seconds=0.2)
    anna.scan_text("shelf A1")
    assert isinstance(anna.screen, Home)
    assert (anna.did, shelf_of(anna, "P1")) == (Did.SHELVED, "A1")


def test_a_moment_later_it_is_scanned_again(anna: Shift) -> None:
    anna.desk.means("shelf A1", ShelfScanned("A1"))
    anna.scan_text("shelf A1")
    scans = anna.session.scans
    anna.desk.wait(seconds=0.6)
    anna.scan_text("shelf A1")
    assert isinstance(anna.screen, ShelfInHand)
    assert anna.session.scans == scans + 1


def test_what_was_heard_tells_nothing_of_the_code(anna: Shift) -> None:
    anna.scan_text("a code that opens parcels")
    assert "opens parcels" not in repr(anna.session.heard)
