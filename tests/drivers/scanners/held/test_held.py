"""Things to hold up are drawn as they are, with real codes on them."""

from __future__ import annotations

import numpy as np
import pytest

from drivers.scanners.decoders import decode_image
from drivers.virtual import held
from drivers.virtual.shop import Showing, State, fitting
from drivers.virtual.stage import Stage
from kiosk.ports import Symbology


@pytest.mark.parametrize(
    "thing",
    [
        held.phone("RK1:A", ["Your return"]),
        held.phone("RK1:A", dark=True),
        held.label("RK1:A", ["Return", "Takeback"]),
        held.bag("RK1:A", "RK1:A", Symbology.QR),
        held.bag("RK1:A", "RK1:A", Symbology.CODE_128),
    ],
)
def test_each_thing_is_bgra_and_its_code_reads(thing) -> None:
    assert thing.dtype == np.uint8
    assert thing.shape[2] == 4
    on_grey = np.where(thing[:, :, 3:] > 127, thing[:, :, :3], np.uint8(128))
    both = frozenset({Symbology.QR, Symbology.CODE_128})
    assert [read.text for read in decode_image(on_grey, both)] == ["RK1:A"]


def test_goods_bear_no_code() -> None:
    thing = held.planter()
    assert thing.dtype == np.uint8
    on_grey = np.where(thing[:, :, 3:] > 127, thing[:, :, :3], np.uint8(128))
    assert decode_image(on_grey, frozenset(Symbology)) == []


def test_a_code_too_long_for_its_family_is_refused() -> None:
    with pytest.raises(ValueError, match="more than a QR code can hold"):
        held.phone("x" * 4000)


def test_two_frames_of_a_sensor_are_never_alike(time) -> None:
    stage = Stage(time, 20)
    first, second = (stage.frame(State(), 1.0) for _ in range(2))
    assert first.shape == (720, 1280, 3)
    assert not np.array_equal(first, second)


def test_a_hand_sways_and_a_stand_does_not(time) -> None:
    stage, label = Stage(time, 20), fitting(held.label("RK1:A"), 0.9)

    def moved(steady: bool) -> float:
        showing = State(Showing(label, 0.0, 0.9, 0.0, steady))
        frames = [stage.frame(showing, at).astype(np.int16) for at in (5.0, 5.4)]
        return float(np.abs(frames[0] - frames[1]).mean())

    assert moved(steady=False) > 2 * moved(steady=True)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_any_picture_can_be_held_up(time, channels) -> None:
    shape = (300, 300) if channels == 1 else (300, 300, channels)
    picture = fitting(np.full(shape, 255, np.uint8), 0.9)
    stage = Stage(time, 20)
    frame = stage.frame(State(Showing(picture, 0.0, 0.9, 0.0, True)), 5.0)
    assert frame[360, 640].min() > 230
