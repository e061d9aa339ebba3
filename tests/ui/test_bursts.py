"""Keys at a scanner's pace and at a person's, typed into the window by the toolkit's own hands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest

from kiosk.flows.model import Press, Pressed, Typed
from ui.burst import GAP_MS, HOLD_MS, LONGEST, Bursts

SCANNER_MS, PERSON_MS = 4, 140


class Hands:
    """Types into the visitor's window. The clock of the keys is ours: how fast this machine runs
    must not decide who it was."""

    def __init__(self, visitor) -> None:
        self.now = 1_000.0
        self.codes: list[str] = []
        self.visitor = visitor
        self.bursts = Bursts(visitor.window, self.codes.append, lambda _: self.now)

    def key(self, key, pause: float, held=Qt.KeyboardModifier.NoModifier) -> None:
        self.now += pause
        QTest.keyClick(self.visitor.window, key, held)

    def scan(self, text: str, end=Qt.Key.Key_Return, pause: float = SCANNER_MS) -> None:
        for char in text:
            self.key(char, pause)
        if end is not None:
            self.key(end, pause)

    def person(self, text: str) -> None:
        for char in text:
            self.key(char, PERSON_MS)
            self.settle()

    def settle(self) -> None:
        """As long as it takes until nothing is held back."""
        self.visitor.qtbot.waitUntil(lambda: not self.bursts._timer.isActive())
        QTest.qWait(1)
        QCoreApplication.processEvents()

    @property
    def typed(self) -> str:
        return "".join(e.char for e in self.visitor.sent if isinstance(e, Typed))

    @property
    def pressed(self) -> list[Press]:
        return [e.key for e in self.visitor.sent if isinstance(e, Pressed)]


@pytest.fixture
def hands(visitor) -> Iterator[Hands]:
    visitor.see("short-empty")
    return Hands(visitor)


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_a_scanner_types_into_no_field_and_its_enter_presses_no_key(hands, end) -> None:
    hands.visitor.press(Qt.Key.Key_Tab)  # a key of the screen has the focus: Enter would press it
    hands.settle()
    focused = hands.visitor.focused()
    hands.now += PERSON_MS
    hands.scan("7KMQ4X2A", end)
    hands.settle()
    assert hands.codes == ["7KMQ4X2A"]
    assert hands.visitor.sent == []
    assert hands.visitor.focused() == focused


def test_a_person_types_into_the_field(hands) -> None:
    hands.person("7KMQ4X2A")
    assert hands.typed == "7KMQ4X2A"
    assert hands.codes == []


def test_a_persons_keys_keep_their_order_and_their_meaning(hands) -> None:
    hands.person("AB")
    hands.key(Qt.Key.Key_Backspace, PERSON_MS)
    hands.settle()
    hands.person("C")
    assert hands.typed == "ABC"
    assert hands.pressed == [Press.ERASE]


def test_two_keys_rolled_over_by_quick_fingers_are_still_a_persons(hands) -> None:
    for pair in ("AB", "CD", "EF", "GH"):
        hands.key(pair[0], PERSON_MS)
        hands.key(pair[1], GAP_MS - 5)
    hands.settle()
    assert hands.typed == "ABCDEFGH"


def test_enter_of_a_person_presses_what_has_the_focus(hands) -> None:
    hands.visitor.press(Qt.Key.Key_Tab)
    hands.settle()
    while hands.visitor.focused() != "A":
        hands.key(Qt.Key.Key_Tab, PERSON_MS)
        hands.settle()
    hands.visitor.sent.clear()
    hands.key(Qt.Key.Key_Return, PERSON_MS)
    hands.settle()
    assert hands.typed == "A"


def test_a_key_that_is_held_down_is_no_burst(hands) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    none = Qt.KeyboardModifier.NoModifier
    hands.key(Qt.Key.Key_Down, PERSON_MS)
    for _ in range(20):
        hands.now += 30
        down = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, none, "a", True)
        QCoreApplication.sendEvent(hands.visitor.window, down)
    hands.settle()
    assert hands.codes == []
    assert hands.typed == ""  # the screen itself does not count repeats


def test_a_burst_without_an_end_reaches_nobody_nor_does_its_rest(hands, caplog) -> None:
    """A scanner that hesitates before the last letters: they must not press a key alone."""
    hands.scan("]C1010950600", None)
    hands.now += HOLD_MS + 20
    hands.scan("AB")
    hands.settle()
    assert (hands.codes, hands.visitor.sent) == ([], [])
    assert "without Enter" in caplog.text
    assert "0109506" not in caplog.text
    hands.now += 500
    hands.person("K")
    assert hands.typed == "K"


def test_a_burst_that_just_stops_is_dropped(hands) -> None:
    hands.scan("7KMQ4X2A", None)
    hands.settle()
    assert (hands.codes, hands.visitor.sent) == ([], [])


def test_cr_and_lf_end_one_code(hands) -> None:
    hands.scan("RK1:AB")
    hands.key(Qt.Key.Key_Return, SCANNER_MS)
    hands.key("J", SCANNER_MS, Qt.KeyboardModifier.ControlModifier)
    hands.settle()
    assert (hands.codes, hands.visitor.sent) == (["RK1:AB"], [])


def test_two_codes_one_after_the_other(hands) -> None:
    hands.scan("RK1:AB")
    hands.now += 300
    hands.scan("TB0000000042M")
    hands.settle()
    assert hands.codes == ["RK1:AB", "TB0000000042M"]


def test_capitals_and_signs_come_with_shift(hands) -> None:
    for char in "Rk1:%$+A":
        hands.key(Qt.Key.Key_Shift, SCANNER_MS)
        hands.key(char, SCANNER_MS, Qt.KeyboardModifier.ShiftModifier)
    hands.key(Qt.Key.Key_Return, SCANNER_MS)
    hands.settle()
    assert hands.codes == ["Rk1:%$+A"]


def test_separators_are_kept(hands) -> None:
    hands.scan("]d20100", None)
    hands.key(Qt.Key.Key_F8, SCANNER_MS)
    hands.scan("21A")
    assert hands.codes == ["]d20100\x1d21A"]


@pytest.mark.parametrize(
    ("key", "held"),
    [
        (Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_R, Qt.KeyboardModifier.MetaModifier),
        (Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_F11, Qt.KeyboardModifier.NoModifier),
    ],
)
@pytest.mark.parametrize("pause", [SCANNER_MS, PERSON_MS])
def test_commands_do_nothing_whoever_presses_them(hands, key, held, pause) -> None:
    focused = hands.visitor.focused()
    hands.key(key, pause, held)
    hands.settle()
    assert hands.visitor.window.isVisible()
    assert hands.visitor.sent == []
    assert hands.visitor.focused() == focused


def test_what_is_longer_than_any_code_is_dropped(hands, caplog) -> None:
    hands.scan("A" * (LONGEST + 50))
    hands.settle()
    assert (hands.codes, hands.visitor.sent) == ([], [])
    assert "types without end" in caplog.text


def test_without_a_clock_of_ours_the_window_systems_counts(visitor) -> None:
    codes: list[str] = []
    visitor.see("short-empty")
    Bursts(visitor.window, codes.append)
    QTest.keyClick(visitor.window, "K")
    visitor.qtbot.waitUntil(lambda: visitor.sent == [Typed("K")])
    assert codes == []
