"""What can wait is done once, when nobody is there, and never stands in anybody's way."""

from __future__ import annotations

import threading

from kiosk.later import Later

PATIENCE_S = 10.0


def test_it_waits_for_a_quiet_moment_and_is_done_once() -> None:
    looks = iter([False, False, True])
    done: list[int] = []
    ready = threading.Event()

    def task() -> None:
        done.append(next(looks, 7))  # 7: every look was used up before it
        ready.set()

    later = Later(task, lambda: next(looks), 0.001)
    later.start()
    assert ready.wait(PATIENCE_S)
    later.stop()
    assert done == [7]


def test_while_somebody_is_there_it_is_not_done_at_all() -> None:
    looked = threading.Semaphore(0)
    done = threading.Event()
    later = Later(done.set, lambda: looked.release() is not None, 0.001)
    later.start()
    for _ in range(20):
        assert looked.acquire(timeout=PATIENCE_S)
    later.stop()
    assert not done.is_set()


def test_leaving_does_not_wait_for_it() -> None:
    later = Later(lambda: None, lambda: True, 3_600.0)
    later.stop()  # also before the start
    later = Later(lambda: None, lambda: True, 3_600.0)
    later.start()
    later.stop()


def test_what_it_raises_is_told_and_nothing_more(caplog) -> None:
    tried = threading.Event()

    def task() -> None:
        tried.set()
        raise ImportError("no such table")

    later = Later(task, lambda: True, 0.0)
    later.start()
    assert tried.wait(PATIENCE_S)
    later.stop()
    assert "no such table" in caplog.text
