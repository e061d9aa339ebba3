"""Other exposures are tried while a code is seen and not read, and given up again."""

from __future__ import annotations

import pytest

from drivers.scanners.camera.exposure import Bracket
from drivers.scanners.camera.frames import Frame
from drivers.scanners.camera.looking import Looking
from drivers.scanners.camera.unread import Trouble
from drivers.virtual import held
from drivers.virtual.shop import Showing, State, fitting
from drivers.virtual.stage import Stage
from kiosk.ports import Symbology


def play(bracket: Bracket, start: float, seconds: float, **seen: object) -> list[int]:
    """The steps it chooses at ten frames a second, each taken as soon as it is chosen."""
    told = {"read": False, "trouble": None, "glowing": False} | seen
    step, steps = 0, []
    for tick in range(round(seconds * 10)):
        step = bracket.see(start + tick / 10, step, **told)
        steps.append(step)
    return steps


def test_nothing_in_view_is_looked_at_as_the_camera_is_set() -> None:
    assert set(play(Bracket(), 0.0, 5.0)) == {0}


@pytest.mark.parametrize(
    ("trouble", "steps"),
    [
        (Trouble.GLARE, {-1, 0, -2}),
        (Trouble.BLURRED, {-1, 0, -2}),
        (Trouble.DIM, {1, 0, 2}),
        (Trouble.DAMAGED, {-1, 0, 1}),
    ],
)
def test_what_is_tried_follows_from_what_is_wrong(trouble, steps) -> None:
    assert set(play(Bracket(), 0.0, 4.0, trouble=trouble)) == steps


def test_a_code_that_reads_at_once_changes_nothing() -> None:
    bracket = Bracket()
    assert set(play(bracket, 0.0, 0.2, trouble=Trouble.BLURRED)) == {0}
    assert set(play(bracket, 0.2, 3.0, read=True)) == {0}


def test_the_exposure_that_read_stays_for_a_while() -> None:
    bracket = Bracket()
    play(bracket, 0.0, 0.5, glowing=True)
    assert bracket.see(0.5, -2, True, None, False) == -2
    assert play(bracket, 0.6, 1.5) == [-2] * 15
    assert play(bracket, 3.0, 2.0)[-1] == 0


def test_it_pauses_where_nothing_helps_so_that_the_picture_does_not_flicker_for_ever() -> None:
    steps = play(Bracket(), 0.0, 60.0, trouble=Trouble.DAMAGED)
    longest = max(len(run) for run in "".join("0" if s == 0 else "x" for s in steps).split("x"))
    assert longest >= 30


def test_a_code_taken_away_ends_it() -> None:
    bracket = Bracket()
    play(bracket, 0.0, 1.0, trouble=Trouble.GLARE)
    assert set(play(bracket, 2.5, 3.0)) == {0}


class Loop:
    """The closed loop: a stage whose exposure follows what the looking side wishes for."""

    def __init__(self, time, busy, ear, exposes: bool = True) -> None:
        self.time, self.ear = time, ear
        self.stage = Stage(time, 15, exposes)
        self.looking = Looking("camera", True, busy, ear)
        self.steps: list[int] = []
        self.now = 0

    def play(self, state: State, seconds: float) -> None:
        for _ in range(round(seconds * 15)):
            changed = self.looking.step != self.now and self.stage.expose(self.looking.step)
            if changed:
                self.now = self.looking.step
            self.time.now += 1 / 15
            picture = self.stage.frame(state, self.time.now)
            frame = Frame(picture, self.time.now, self.now, settled=not changed)
            self.looking.frame(frame, frozenset({Symbology.QR}))
            self.steps.append(self.now)
            if self.ear.scans:
                return


def bright_phone(time, glow: float) -> State:
    phone = fitting(held.phone("RK1:GLOW"), 0.9)
    return State(Showing(phone, time.now, 0.9, 3.0, False, glow=glow))


@pytest.mark.parametrize("glow", [8.0, 20.0])
def test_a_phone_too_bright_is_read_at_a_shorter_exposure(time, busy, ear, glow) -> None:
    loop = Loop(time, busy, ear)
    loop.play(State(), 1.0)
    loop.play(bright_phone(time, glow), 4.0)
    assert [scan.text for scan in ear.scans] == ["RK1:GLOW"]
    assert loop.now < 0


def test_without_a_choice_of_exposure_it_stays_unread(time, busy, ear) -> None:
    """What makes the test above one of the loop, and not of the decoder."""
    loop = Loop(time, busy, ear, exposes=False)
    loop.play(State(), 0.5)
    loop.play(bright_phone(time, 20.0), 2.5)
    assert ear.scans == []
    assert set(loop.steps) == {0}


def test_an_exposure_that_changes_is_no_movement(time, busy, ear) -> None:
    loop = Loop(time, busy, ear)
    loop.play(State(), 4.5)
    loop.looking.step = -1
    loop.play(State(), 1.0)
    assert loop.looking.attention.value == "rest"
