"""Pictures of the screen: of a fault that stays, when the centre asks, and never of a visit."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import timedelta

import pytest

from kiosk.domain.events import CommandSettled, ScreenPictured
from kiosk.picturing import MOST, STANDS_S, Picturing, worth
from kiosk.ports import Trouble, Unseen
from kiosk.quiet import Quiet
from kiosk.settings import Settings
from kiosk.store import open_store
from kiosk.store.orders import CommandKind, Orders, Waiting
from kiosk.store.screens import LARGEST, NEWEST, ScreenFiles
from kiosk.world import SystemIds
from tests.sync.conftest import TestClock

IDS = SystemIds()
JPEG = b"\xff\xd8\xff\xe0"
SILENT = Trouble.PRINTER_SILENT


class Window:
    """Shows what it is told to; each picture of it is another one."""

    def __init__(self):
        self.unseen = None
        self.taken = 0

    def __call__(self):
        if self.unseen is not None:
            return self.unseen
        self.taken += 1
        return JPEG + str(self.taken).encode()


@pytest.fixture
def clock():
    return TestClock()


@pytest.fixture
def store(tmp_path, clock):
    made = open_store(tmp_path, clock, IDS)
    yield made
    made.close()


@pytest.fixture
def files(tmp_path):
    return ScreenFiles(tmp_path, IDS)


@pytest.fixture
def window():
    return Window()


@pytest.fixture
def woken():
    """Whether the agent was told that something waits."""
    return threading.Event()


@pytest.fixture
def picturing(store, files, window, clock, woken):
    """Of a kiosk that has been up for a while."""
    made = Picturing(store, files, window, clock, woken.set)
    clock.advance(minutes=5)
    return made


@pytest.fixture
def stays(picturing, clock):
    """These troubles stand for so many seconds, and it is looked."""

    def wrong(*troubles, seconds=STANDS_S):
        picturing.standing(frozenset(troubles))
        clock.advance(seconds=seconds)
        picturing.standing(frozenset(troubles))
        picturing.look()

    return wrong


def facts(store, kind):
    batch = store.outbox.next_batch(500, 1 << 20)
    events = () if batch is None else batch.events
    return [json.loads(json.dumps(one.data)) for one in events if one.type == kind]


def told(store):
    return facts(store, ScreenPictured.type)


def test_a_fault_that_stays_has_its_picture_once(stays, store, files, window, woken):
    stays(SILENT, Trouble.OFFLINE)
    assert woken.is_set()
    [fact] = told(store)
    name = hashlib.sha256(JPEG + b"1").hexdigest()
    assert fact == {
        "sha256": name,
        "size": 5,
        "troubles": ["offline", "printer_silent"],
        "ordered": 0,
    }
    assert files.waiting() == (name,)
    stays(SILENT)
    stays(SILENT, seconds=7200)
    assert window.taken == 1


def test_one_that_passes_has_none(stays, picturing, window, clock):
    stays(SILENT, seconds=STANDS_S - 1)
    picturing.standing(frozenset())  # somebody has changed the paper
    clock.advance(hours=1)
    picturing.look()
    assert window.taken == 0


def test_one_that_comes_again_is_pictured_again(stays, window):
    stays(SILENT)
    stays()
    stays(SILENT)
    assert window.taken == 2


def test_a_second_fault_beside_the_first_is_news(stays, store):
    stays(SILENT)
    stays(SILENT, Trouble.SCANNER_COVERED)
    assert [one["troubles"] for one in told(store)] == [
        ["printer_silent"],
        ["printer_silent", "scanner_covered"],
    ]


def test_while_a_visit_is_on_the_screen_it_waits(stays, picturing, window, store):
    window.unseen = Unseen.BUSY
    stays(SILENT)
    assert told(store) == []
    window.unseen = None
    picturing.look()
    assert len(told(store)) == 1


def test_a_fault_that_comes_and_goes_has_a_few_an_hour(stays, window, clock):
    for _ in range(10):
        stays(SILENT)
        stays()
    assert window.taken == MOST
    clock.advance(hours=1)
    stays(SILENT)
    assert window.taken == MOST + 1


def test_a_restart_pictures_the_same_fault_no_second_time(stays, store, files, window, clock):
    stays(SILENT)
    again = Picturing(store, files, window, clock, lambda: None)
    again.begin()
    again.look()  # no device has spoken yet
    again.standing(frozenset({SILENT}))
    clock.advance(seconds=2 * STANDS_S)
    again.look()
    assert window.taken == 1


def test_what_no_picture_can_show_has_none(stays, window):
    stays(*(one for one in Trouble if not worth(one)))
    assert window.taken == 0


def test_a_clock_that_was_years_ahead_stops_no_later_picture(stays, window, clock):
    clock.jump(days=2000)
    for _ in range(MOST + 1):
        stays(SILENT)
        stays()
    clock.jump(days=-2000)
    stays(SILENT)
    assert window.taken == MOST + 1


def test_a_window_that_hangs_is_asked_a_few_times_an_hour(stays, store, window, monkeypatch):
    asked = []
    window.unseen = Unseen.SILENT
    monkeypatch.setattr(Window, "__call__", lambda one: asked.append(one) or one.unseen)
    for _ in range(10):
        stays(SILENT)
    assert len(asked) == MOST
    assert told(store) == []


def test_a_disk_without_room_fails_the_picture_and_holds_up_no_other_order(
    picturing, store, monkeypatch
):
    monkeypatch.setattr("kiosk.store.photos.free_bytes", lambda path: 0)
    assert picturing.take(1) is Unseen.FAILED
    assert told(store) == []


def test_what_a_crash_left_half_way_goes(picturing, files):
    files.keep(JPEG)
    picturing.begin()
    assert files.open_ones() == ()


def test_a_picture_that_is_too_large_is_none(store, files, clock):
    picturing = Picturing(store, files, lambda: bytes(LARGEST + 1), clock, lambda: None)
    assert picturing.take(0) is Unseen.FAILED
    assert (told(store), files.waiting()) == ([], ())


def test_of_many_that_wait_the_newest_stay(picturing, files):
    for number in range(NEWEST + 3):
        assert picturing.take(number) is None
    assert len(files.waiting()) == NEWEST


@pytest.fixture
def ordered(store, picturing, clock):
    """The centre asks for a picture, and nobody stands at the kiosk."""
    orders = Orders(store)
    quiet = Quiet(store, Settings(), tuple, lambda: None, clock, picturing.take)

    def look(number=1):
        command = Waiting(number, CommandKind.PICTURE.value, clock.now() + timedelta(hours=1))
        orders.add([command])
        quiet.look(rekeyed=False)
        return [one.number for one in orders.waiting()]

    return look


def settled(store):
    return [(one["outcome"], one["report"]) for one in facts(store, CommandSettled.type)]


def test_an_order_is_done_with_or_without_a_fault(ordered, store):
    assert ordered() == []
    assert [one["ordered"] for one in told(store)] == [1]
    assert settled(store) == [("done", [])]


def test_an_order_waits_for_the_end_of_a_visit(ordered, store, window):
    window.unseen = Unseen.BUSY
    assert ordered() == [1]
    window.unseen = None
    assert ordered() == []
    assert settled(store) == [("done", [])]


@pytest.mark.parametrize(
    ("unseen", "why"),
    [
        (Unseen.SILENT, "the window did not answer"),
        (Unseen.FAILED, "the screen could not be drawn"),
    ],
)
def test_an_order_that_cannot_be_done_says_why(ordered, store, window, unseen, why):
    window.unseen = unseen
    assert ordered() == []
    assert settled(store) == [("failed", [why])]
