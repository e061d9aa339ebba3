"""Path data of a merchant's logo: what can be drawn to its end is taken, half a logo never."""

from __future__ import annotations

import pytest

from kiosk import house
from kiosk.domain.look import read
from kiosk.domain.look.path_data import whole


@pytest.mark.parametrize(
    "path",
    [
        "M0 0H240V80H0Z",
        "m10,10 l5-5.5.5 20z",
        "M0 0 10 10 20 0Z",
        "M1.5.5-2-2",
        "M 0 , 0 L 5 , 5 z m 3 3 h 2 z",
        "M0 0C1 2 3 4 5 6 7 8 9 10 11 12S1 2 3 4Q1 2 3 4T5 6",
        "M0 0A10 10 0 0 1 20 20",
        "M0 0a10 10 0 01 20,20 5 5 0 1020 0",
        "M0 0V1 2 3H4",
        "M5. 5.",
    ],
)
def test_good_path_data(path: str) -> None:
    assert whole(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        " ",
        "L5 5",
        "M",
        "M0",
        "M0 0L5",
        "M0 0L5 5 5",
        "M0 0C1 2 3 4 5",
        "M0 0A10 10 0 2 1 20 20",
        "M0 0A10 10 0 0 1 20",
        "M0 0A10 10 0 0 1",
        "M0 0Z5",
        "M0 0,",
        "M,0 0",
        "M0,,0",
        "M0 0L+-5 5",
        "M0 0L. 5",
        "M0 0ZL",
    ],
)
def test_broken_path_data(path: str) -> None:
    assert not whole(path)


def test_a_logo_that_is_broken_off_leaves_the_theme_out_and_is_named() -> None:
    logo = {"width": 240, "height": 80, "paths": ["M0 0H240V80H0Z", "M0 0L5"]}
    found, wrong = read({"theme": {"logo": logo}}, house.schemes())
    assert found.theme is None
    assert wrong == ("theme.logo.paths[1]: is broken off: a command lacks numbers or has too many",)
