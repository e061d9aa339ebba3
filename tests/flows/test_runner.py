"""The core thread: everything in order, ticks of its own, and no step that stops it."""

from __future__ import annotations

import logging
import queue
import threading
from dataclasses import replace

import pytest

from kiosk.domain.reasons import Reason, Why
from kiosk.flows.faults import after_fault
from kiosk.flows.model import (
    Attract,
    Items,
    Press,
    Pressed,
    Ready,
    Receipt,
    StaffCalled,
    Starting,
    Tick,
    Timing,
    Typed,
    TypeShortCode,
)
from kiosk.flows.runner import Runner
from kiosk.flows.shopper import initial, step
from kiosk.ports import HintKind, ScanHint

NEVER = 3600.0  # seconds between ticks where a test posts its own


@pytest.fixture
def shown():
    return queue.Queue()


@pytest.fixture
def run(new_walk, shown):
    """Starts a runner over a fake world; every one is stopped at the end."""
    started = []

    def start(flow=step, *, world=None, every=NEVER, show=None, session=None):
        do = (world or new_walk().knows("R1", "accept")).do
        first = session or initial(Timing())
        told = (flow, do, Timing(), show or shown.put, first)
        runner = Runner(*told, tick=Tick(), rescue=after_fault, every=every)
        started.append(runner)
        runner.start()
        return runner

    yield start
    for runner in started:
        runner.stop()


def until(shown, kind):
    """The next session shown with a screen of this kind."""
    while True:
        session = shown.get(timeout=30)
        if isinstance(session.screen, kind):
            return session


def test_the_first_session_is_shown_and_events_are_taken_in_order(run, shown, a_scan):
    runner = run()
    assert isinstance(shown.get(timeout=30).screen, Starting)
    for event in (Ready(), a_scan("R1"), a_scan("BAG1")):
        runner.post(event)
    kinds = [type(shown.get(timeout=30).screen) for _ in range(3)]
    assert kinds == [Attract, Items, Receipt]


def test_many_threads_may_post(run, shown):
    runner = run()
    for event in (Ready(), Pressed(Press.SHORT_CODE)):
        runner.post(event)
    threads = [threading.Thread(target=runner.post, args=(Typed("A"),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runner.stop()
    assert [s.screen for s in drain(shown)][-1] == TypeShortCode("A" * 8)


def drain(shown):
    sessions = []
    while not shown.empty():
        sessions.append(shown.get_nowait())
    return sessions


def test_time_passes_by_itself(run):
    ticked = threading.Event()

    def flow(session, event, do, timing):
        if isinstance(event, Tick):
            ticked.set()
        return session

    run(flow, every=0.01)
    assert ticked.wait(30)


def test_time_passes_in_a_crowd_of_events_too(run):
    ticked = threading.Event()
    runner = None

    def flow(session, event, do, timing):
        if isinstance(event, Tick):
            ticked.set()
        elif not ticked.is_set():
            runner.post(Typed("x"))  # never silent
        return session

    runner = run(flow, every=0.01)
    runner.post(Typed("x"))
    assert ticked.wait(30)


def test_only_one_tick_waits_and_hints_give_way_to_people(run):
    taken = []
    busy, go_on = threading.Event(), threading.Event()

    def flow(session, event, do, timing):
        busy.set()
        assert go_on.wait(30)
        taken.append(event)
        return session

    runner = run(flow)
    runner.post(Ready())
    assert busy.wait(30)
    hint = ScanHint(HintKind.CLOSER, "camera", 0.0)
    for _ in range(500):
        runner.post(Tick())
        runner.post(hint)
    runner.post(Typed("A"))
    go_on.set()
    runner.stop()
    assert taken.count(Tick()) == 1
    assert taken.count(hint) < 100
    assert taken[-1] == Typed("A")


def test_an_unchanged_session_is_not_shown_again(run, shown):
    runner = run()
    for event in (Ready(), Typed("A"), Tick(), Pressed(Press.BACK)):
        runner.post(event)
    runner.stop()
    assert len(drain(shown)) == 2


def test_a_step_that_breaks_calls_for_staff_and_the_flow_goes_on(run, shown, a_scan, caplog):
    def flow(session, event, do, timing):
        if event == Pressed(Press.ALL_HERE):
            raise RuntimeError("broken on purpose")
        return step(session, event, do, timing)

    runner = run(flow)
    with caplog.at_level(logging.ERROR):
        for event in (Ready(), a_scan("R1"), Pressed(Press.ALL_HERE)):
            runner.post(event)
        safe = until(shown, StaffCalled)
    assert safe.screen == StaffCalled(Reason(Why.STORE_FAILED))
    assert safe.deadline is not None
    assert "broken on purpose" in caplog.text
    assert "R1" not in caplog.text
    runner.post(Pressed(Press.FINISH))
    until(shown, Attract)


def test_a_step_that_breaks_gives_up_the_open_drop(run, shown, a_scan, new_walk, caplog):
    def flow(session, event, do, timing):
        if event == Pressed(Press.ALL_HERE):
            raise RuntimeError("broken on purpose")
        return step(session, event, do, timing)

    world = new_walk().knows("R1", "accept")
    runner = run(flow, world=world)
    for event in (Ready(), a_scan("R1"), Pressed(Press.ALL_HERE)):
        runner.post(event)
    until(shown, StaffCalled)
    assert world.do.fate == {"drop-2": "abandoned"}


def test_a_fault_after_the_promise_never_takes_it_back(run, shown, a_scan, new_walk, caplog):
    world = new_walk().knows("R1", "accept")
    world.do.print_receipt = None  # calling it raises, right after the commit
    runner = run(world=world)
    for event in (Ready(), a_scan("R1"), a_scan("BAG1")):
        runner.post(event)
    until(shown, StaffCalled)
    assert world.do.fate == {"drop-2": "committed"}


def test_a_fault_on_the_receipt_keeps_the_receipt(run, shown, a_scan, caplog):
    def flow(session, event, do, timing):
        if isinstance(session.screen, Receipt):
            raise RuntimeError("broken on purpose")
        return step(session, event, do, timing)

    runner = run(flow)
    for event in (Ready(), a_scan("R1"), a_scan("BAG1"), Tick()):
        runner.post(event)
    runner.stop()
    assert isinstance(drain(shown)[-1].screen, Receipt)


def test_a_fault_at_the_front_wipes(run, shown, caplog, new_walk):
    def flow(session, event, do, timing):
        if isinstance(event, Typed):
            raise RuntimeError("broken on purpose")
        return step(session, event, do, timing)

    walk = new_walk().ready().press(Press.LARGE_TEXT)
    runner = run(flow, session=replace(walk.session, visit_id="v"))
    runner.post(Typed("A"))
    runner.stop()
    last = drain(shown)[-1]
    assert (last.visit_id, last.comfort.large_text) == ("", False)


def test_a_screen_that_breaks_does_not_stop_the_flow(run, shown, caplog):
    def show(session):
        if isinstance(session.screen, Attract):
            raise RuntimeError("no screen")
        shown.put(session)

    runner = run(show=show)
    for event in (Ready(), Pressed(Press.SHORT_CODE)):
        runner.post(event)
    until(shown, TypeShortCode)
    assert "no screen" in caplog.text


def test_stop_may_be_called_twice_and_before_the_start(new_walk):
    told = (step, new_walk().do, Timing(), lambda _: None, initial(Timing()))
    runner = Runner(*told, tick=Tick(), rescue=after_fault)
    runner.stop()
    runner.start()
    runner.stop()
    runner.stop()
