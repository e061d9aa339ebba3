"""What looks like a code is news for a while, and then furniture."""

from __future__ import annotations

from drivers.scanners.camera.clues import Clues


def test_what_looks_like_a_code_is_news_wherever_it_turns_up() -> None:
    clues = Clues()
    assert clues.news((100, 100), 0.0)
    assert clues.news((400, 100), 0.1)


def test_what_stays_in_one_place_is_furniture_after_a_while() -> None:
    clues = Clues()
    seen = [clues.news((300 + tick % 3, 200), tick / 2) for tick in range(120)]
    assert seen[:40] == [True] * 40
    assert set(seen[40:]) == {False}


def test_beside_furniture_a_hand_is_news() -> None:
    clues = Clues()
    for tick in range(120):
        clues.news((300, 200), tick / 2)
    assert not clues.news((300, 200), 60.0)
    assert clues.news((500, 400), 60.0)


def test_furniture_that_was_away_is_news_again() -> None:
    clues = Clues()
    for tick in range(120):
        clues.news((300, 200), tick / 2)
    assert clues.news((300, 200), 75.0)
    assert clues.news((300, 200), 76.0)


def test_no_more_places_are_remembered_than_matter() -> None:
    clues = Clues()
    for number in range(5000):
        clues.news((number % 70 * 50.0, number // 70 * 50.0), number / 1000)
    assert len(clues._seen) <= 65
