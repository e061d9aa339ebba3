"""What a scanner types, made into payloads: where one ends, and what of it the kernel lost."""

from __future__ import annotations

import pytest

from drivers.scanners.held.evdev import EVENT
from drivers.scanners.held.keys import Keys
from drivers.scanners.held.typed import End
from tests.drivers.scanners.held.typing_scanner import (
    ENTER,
    LEFT_CTRL,
    LEFT_SHIFT,
    TAB,
    US,
    event,
    tap,
    typed,
    with_key,
)

pytestmark = pytest.mark.usefixtures("no_thread_left")
DROPPED = EVENT.pack(0, 0, 0, 3, 0)
REPORT = EVENT.pack(0, 0, 0, 0, 0)


def payloads(keys: Keys, data: bytes, at: float = 1.0) -> list[str]:
    return [sent.payload.decode() for sent in keys.feed(data, at) if sent.whole]


# --- what a payload is ----------------------------------------------------------------------------


@pytest.mark.parametrize(("end", "name"), [(ENTER, End.ENTER), (96, End.ENTER), (TAB, End.TAB)])
def test_characters_until_enter_or_tab_are_a_payload(end, name) -> None:
    (sent,) = Keys(US).feed(typed("RK1:6BFOXN*TS0BI$ZD-PHQ7I9%+./", end), 1.0)
    assert (sent.payload, sent.end) == (b"RK1:6BFOXN*TS0BI$ZD-PHQ7I9%+./", name)
    assert sent.whole


def test_ctrl_m_and_ctrl_j_end_a_payload_as_enter_does() -> None:
    data = typed("A", None) + with_key(LEFT_CTRL, 50) + with_key(LEFT_CTRL, 36)
    assert payloads(Keys(US), data + typed("B")) == ["A", "B"]


def test_enter_alone_is_no_payload() -> None:
    assert payloads(Keys(US), tap(ENTER) * 3) == []


def test_keys_that_repeat_because_they_are_held_count_once() -> None:
    data = event(30, 1) + event(30, 2) * 5 + event(30, 0) + tap(ENTER)
    assert payloads(Keys(US), data) == ["a"]


def test_events_may_arrive_in_pieces() -> None:
    data, keys = typed("AB12"), Keys(US)
    heard = [sent for at in range(0, len(data), 7) for sent in payloads(keys, data[at : at + 7])]
    assert heard == ["AB12"]


def test_keys_that_press_things_elsewhere_press_nothing() -> None:
    """Alt+F4, Ctrl+Alt+Delete, Ctrl+Alt+F1, Windows+R, Escape, Backspace, arrows, power."""
    evil = b"".join(
        (
            with_key(56, 62),
            event(29, 1) + with_key(56, 111) + with_key(56, 59) + event(29, 0),
            with_key(125, 19),
            *(tap(code) for code in (1, 14, 103, 108, 59, 111, 116, 139)),
            with_key(LEFT_CTRL, 46),
        )
    )
    (sent,) = Keys(US).feed(typed("AB", None) + evil + typed("CD"), 1.0)
    assert sent.payload == b"ABCD"
    assert sent.ignored >= 12


def test_a_payload_without_an_end_is_dropped_and_told_after_a_second() -> None:
    keys = Keys(US)
    assert keys.feed(typed("BROKEN", None), 1.0) == []
    assert keys.due() == 2.0
    (sent,) = keys.late(2.0)
    assert (sent.whole, sent.end) == (False, End.NONE)
    assert keys.due() is None
    assert payloads(keys, typed("WHOLE"), 5.0) == ["WHOLE"]


def test_what_broke_off_does_not_stick_to_what_comes_even_if_nobody_looked_meanwhile() -> None:
    keys = Keys(US)
    keys.feed(typed("BROKEN", None), 1.0)
    assert payloads(keys, typed("WHOLE"), 5.0) == ["WHOLE"]


def test_a_scanner_without_a_suffix_ends_by_a_pause() -> None:
    keys = Keys(US, gap_s=0.1)
    assert keys.feed(typed("]E04006381333931", None), 1.0) == []
    assert keys.late(1.05) == []
    (sent,) = keys.late(1.1)
    assert (sent.payload, sent.end, sent.whole) == (b"]E04006381333931", End.SILENCE, True)


def test_the_kernels_own_times_count_not_those_of_a_late_reader() -> None:
    """Two scans read in one go are two, by the pause that the kernel saw between them."""
    keys = Keys(US, gap_s=0.1)

    def at(seconds: float, code: int) -> bytes:
        return EVENT.pack(int(seconds), int(seconds % 1 * 1e6), 1, code, 1)

    data = at(9.0, 30) + at(9.01, 48) + at(9.5, 46)
    (first,) = keys.feed(data, 10.0)
    assert first.payload == b"ab"
    assert [sent.payload for sent in keys.late(10.0)] == [b"c"]


def test_more_than_any_code_can_hold_is_dropped_and_the_next_is_whole() -> None:
    keys = Keys(US)
    assert payloads(keys, typed("A" * 8000)) == []
    assert payloads(keys, typed("OK"), 1.1) == ["OK"]


# --- keys that the kernel lost --------------------------------------------------------------------


def test_a_payload_of_which_the_kernel_lost_keys_is_dropped() -> None:
    keys = Keys(US)
    data = typed("HO", None) + DROPPED + event(30, 1) + typed("LE")
    assert payloads(keys, data) == []
    assert payloads(keys, typed("OK"), 1.1) == ["OK"]


def test_everything_up_to_the_next_report_is_void_after_a_loss() -> None:
    """An Enter among the debris must not end anything."""
    keys = Keys(US)
    debris = EVENT.pack(0, 0, 1, ENTER, 1) + EVENT.pack(0, 0, 1, 30, 1)
    (sent,) = keys.feed(typed("HO", None) + DROPPED + debris + REPORT + typed("LE"), 1.0)
    assert (sent.payload, sent.whole) == (b"HOLE", False)


def test_after_a_loss_the_held_keys_are_asked_for() -> None:
    """Shift came up among the lost events: it must not hang for ever."""
    held: set[int] = set()
    keys = Keys(US, held=lambda: frozenset(held))
    keys.feed(event(LEFT_SHIFT, 1) + DROPPED + REPORT + tap(ENTER), 1.0)
    assert payloads(keys, typed("1a", None) + tap(ENTER), 1.1) == ["1a"]
    held.add(LEFT_SHIFT)
    keys.feed(DROPPED + REPORT + tap(ENTER), 1.2)
    assert payloads(keys, tap(30) + tap(ENTER), 1.3) == ["A"]
