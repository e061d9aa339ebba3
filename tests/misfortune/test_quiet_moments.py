"""What a first code would wait for is loaded while nobody is there, and not before."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from kiosk import core
from kiosk.flows.model import Items
from kiosk.later import Later

PATIENCE_S = 10.0


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    done = threading.Event()
    monkeypatch.setattr(core.codes, "prepare", done.set)
    monkeypatch.setattr(core, "Later", partial(Later, pause_s=0.05))
    return done


def test_soon_after_the_start_the_tables_of_codes_are_there(prepared, install) -> None:
    install(printer=False, camera=False).ready()
    assert prepared.wait(PATIENCE_S)


def test_not_while_a_visit_goes_on(install, monkeypatch) -> None:
    looks = threading.Semaphore(0)
    during: list[bool] = []

    def watched(task, quiet, pause_s=0.01):
        def look() -> bool:
            during.append(quiet())
            looks.release()
            return False  # so that it looks again and again

        return Later(task, look, pause_s)

    monkeypatch.setattr(core, "Later", watched)
    kiosk = install().ready()
    _look_twice(looks)
    assert during[-1] is True
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    _look_twice(looks)
    assert during[-1] is False
    assert isinstance(kiosk.session.screen, Items)


def _look_twice(looks: threading.Semaphore) -> None:
    """The first may have begun before the screen changed."""
    while looks.acquire(blocking=False):
        pass
    for _ in range(2):
        assert looks.acquire(timeout=PATIENCE_S)
