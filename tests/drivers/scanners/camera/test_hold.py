"""One showing is one scan: what is in view, what has left, what was never gone."""

from __future__ import annotations

from dataclasses import replace

from drivers.scanners.camera.hold import Hold
from drivers.scanners.decoders.reads import Read
from kiosk.ports import Symbology

QUAD = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
CODE = Read(Symbology.QR, "]Q1", "A", b"A", QUAD)
OTHER = Read(Symbology.QR, "]Q1", "B", b"B", QUAD)
PLATE = Read(Symbology.CODE_128, "]C0", "C", b"C", QUAD)
ELSEWHERE = replace(CODE, quad=((400.0, 0.0), (409.0, 0.0), (409.0, 9.0), (400.0, 9.0)))
ONLY_BARS = frozenset({Symbology.CODE_128})


class Scene:
    """Ten frames a second before a hold; something always moves unless told otherwise."""

    def __init__(self) -> None:
        self.hold = Hold(rest_s=1.0)
        self.now = 0.0

    def show(self, seconds: float, *reads: Read, looked_for=None, moves: bool = True) -> list[str]:
        """The texts that came through."""
        told = []
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            moved_at = self.now if moves else 0.0
            fresh = self.hold.admit(list(reads), self.now, moved_at, looked_for)
            told += [read.text for read in fresh]
        return told


def test_one_showing_is_one_scan() -> None:
    scene = Scene()
    assert scene.show(5, CODE) == ["A"]
    assert scene.hold.known == {CODE.key}


def test_a_short_drop_out_or_a_flicker_is_no_new_showing() -> None:
    scene = Scene()
    scene.show(1, CODE)
    for _ in range(20):
        assert scene.show(0.4) == []
        assert scene.show(0.1, CODE) == []


def test_a_code_that_left_and_came_back_is_a_new_scan() -> None:
    scene = Scene()
    scene.show(1, CODE)
    scene.show(1.2)
    assert scene.hold.known == frozenset()
    assert scene.show(0.1, CODE) == ["A"]


def test_a_code_that_reads_badly_must_be_away_for_longer() -> None:
    scene = Scene()
    scene.show(0.2, CODE)
    scene.show(2.5)
    assert scene.show(0.1, CODE) == []
    scene.show(3.5)
    assert scene.show(0.1, CODE) == ["A"]


def test_one_that_read_badly_and_is_held_up_anew_counts_as_soon_as_it_reads_well() -> None:
    scene = Scene()
    scene.show(0.3, CODE)
    scene.show(1.5)
    assert scene.show(1, CODE) == ["A"]


def test_what_rests_in_view_unread_has_not_left() -> None:
    scene = Scene()
    scene.show(1, CODE)
    scene.show(30, moves=False)
    assert scene.show(1, CODE, moves=False) == []


def test_two_codes_side_by_side_are_two_scans() -> None:
    scene = Scene()
    assert sorted(scene.show(2, CODE, OTHER)) == ["A", "B"]
    for _ in range(10):  # now the one reads and now the other
        assert scene.show(0.3, CODE) == []
        assert scene.show(0.3, OTHER) == []


def test_another_code_is_not_held_back() -> None:
    scene = Scene()
    scene.show(1, CODE)
    assert scene.show(1, CODE, OTHER) == ["B"]


def test_a_screen_that_does_not_look_for_it_does_not_make_it_news_for_the_next() -> None:
    """The phone stays in view while the bag's screen looks for bars alone."""
    scene = Scene()
    scene.show(1, CODE)
    assert scene.show(20, PLATE, looked_for=ONLY_BARS) == ["C"]
    assert scene.show(2, CODE) == []


def test_one_that_went_away_meanwhile_is_news_once_it_was_missed() -> None:
    scene = Scene()
    scene.show(1, CODE)
    scene.show(20, looked_for=ONLY_BARS)
    scene.show(1.2)
    assert scene.show(0.1, CODE) == ["A"]


def test_a_camera_that_was_away_does_not_make_news_of_what_is_still_held_up() -> None:
    scene = Scene()
    scene.show(1, CODE)
    scene.hold.pause()
    scene.now += 30
    assert scene.show(2, CODE) == []
    scene.show(1.2)
    assert scene.show(0.1, CODE) == ["A"]


def test_frames_far_apart_tell_nothing_of_the_time_between() -> None:
    scene = Scene()
    scene.show(1, CODE)
    scene.now += 30  # a machine that stood still
    assert scene.show(1, CODE) == []


def test_a_poster_stays_furniture_though_people_stand_before_it() -> None:
    scene = Scene()
    assert scene.show(70, CODE) == ["A"]
    for _ in range(5):
        scene.show(20)
        assert scene.show(5, CODE) == []
    scene.show(40)
    assert scene.show(1, CODE) == ["A"]  # taken down and put up again, as far as anybody can tell


def test_the_same_code_in_another_place_is_not_the_poster() -> None:
    scene = Scene()
    scene.show(70, CODE)
    scene.show(5)
    assert scene.show(1, ELSEWHERE) == ["A"]


def test_a_wall_of_labels_does_not_fill_the_memory() -> None:
    scene = Scene()
    for number in range(500):
        code = replace(CODE, text=str(number), raw=str(number).encode())
        assert scene.show(0.1, code, moves=False) == [str(number)]
    assert len(scene.hold.known) <= 64
