"""A visit through the window, by finger and by keyboard, with a core that only remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from kiosk.flows.model import (
    Answered,
    Field,
    FieldChosen,
    LanguageChosen,
    LineToggled,
    Press,
    Pressed,
    Typed,
)
from ui.layout_check import centre

if TYPE_CHECKING:
    from conftest import Visitor


def test_a_finger_goes_from_attract_to_good_bye(visitor: Visitor) -> None:
    steps = [
        ("attract", "No code?", Pressed(Press.NO_CODE)),
        ("no-code", "Short code", Pressed(Press.SHORT_CODE)),
        ("short-part", "Q", Typed("Q")),
        ("short-part", "Erase", Pressed(Press.ERASE)),
        ("short-problem", "Find my return", Pressed(Press.SUBMIT)),
        ("items-two", "All here", Pressed(Press.ALL_HERE)),
        ("asking-four", "Opened, not used", Answered("opened")),
        ("photo-live", "Take the photo", Pressed(Press.TAKE_PHOTO)),
        ("photo-taken", "Take another", Pressed(Press.RETAKE)),
        ("photo-taken", "Use this photo", Pressed(Press.USE_PHOTO)),
        ("photo-again", "I cannot show it", Answered("none")),
        ("bagging-one", "Back", Pressed(Press.BACK)),
        ("receipt-printed", "Finish", Pressed(Press.FINISH)),
        ("done", "Another return", Pressed(Press.ANOTHER)),
    ]
    for sample, label, event in steps:
        visitor.see(sample)
        visitor.touch(label)
        assert visitor.sent[-1] == event, label
    assert len(visitor.sent) == len(steps)


def test_an_item_is_left_out_by_a_touch(visitor: Visitor) -> None:
    visitor.see("items-two")
    card = next(k for k in visitor.touchables() if "shoes" in str(k.property("label")))
    visitor.touch(str(card.property("label")))
    assert visitor.sent == [LineToggled("L2")]


def test_fields_and_languages_are_chosen_by_a_touch(visitor: Visitor) -> None:
    visitor.see("order-number")
    visitor.touch("Postal code, ")
    visitor.see("attract")
    visitor.touch("العربية")
    assert visitor.sent == [FieldChosen(Field.POSTAL_CODE), LanguageChosen("ar")]


def test_a_touch_acts_on_release_and_can_slide_off(visitor: Visitor) -> None:
    visitor.see("items-two")
    where = centre(visitor.key("All here")).toPoint()
    left = Qt.MouseButton.LeftButton
    visitor.qtbot.mousePress(visitor.window, left, pos=where)
    assert visitor.sent == []
    visitor.qtbot.mouseMove(visitor.window, where - QPoint(0, 600))
    visitor.qtbot.mouseRelease(visitor.window, left, pos=where - QPoint(0, 600))
    assert visitor.sent == []


def test_a_double_strike_counts_once_but_a_doubled_letter_twice(visitor: Visitor) -> None:
    visitor.see("receipt-printed")
    visitor.touch("Finish")
    visitor.touch("Finish")
    assert visitor.sent == [Pressed(Press.FINISH)]
    visitor.see("short-empty")
    visitor.touch("7")
    visitor.touch("7")
    assert visitor.sent[1:] == [Typed("7"), Typed("7")]


def test_a_disabled_key_does_nothing(visitor: Visitor) -> None:
    visitor.see("short-empty")
    labels = [str(key.property("label")) for key in visitor.touchables()]
    assert "Find my return" not in labels


def test_tab_and_enter_reach_every_key_and_come_round(visitor: Visitor) -> None:
    for sample in ("attract", "no-code", "items-two", "asking-two", "bagging-one", "done"):
        visitor.see(sample)
        wanted = {str(key.property("label")) for key in visitor.touchables()}
        met: list[str] = []
        for _ in range(len(wanted) + 2):
            visitor.press(Qt.Key.Key_Tab)
            met.append(visitor.focused())
        assert wanted <= set(met), sample


def test_enter_acts_once_and_the_focus_is_seen(visitor: Visitor) -> None:
    visitor.see("bagging-one")
    rings = [i for i in visitor.touchables() if i.property("activeFocus")]
    assert rings == []
    visitor.press(Qt.Key.Key_Tab)
    assert visitor.focused() == "Type the bag's number"
    visitor.press(Qt.Key.Key_Return)
    assert visitor.sent == [Pressed(Press.TYPE_BAG)]


def test_arrows_walk_as_one_reads(visitor: Visitor) -> None:
    visitor.see("bagging-one")
    visitor.press(Qt.Key.Key_Down)
    visitor.press(Qt.Key.Key_Down)
    first = visitor.focused()
    visitor.press(Qt.Key.Key_Right)
    second = visitor.focused()
    visitor.press(Qt.Key.Key_Up)
    assert [first, second, visitor.focused()] == ["Back", "Get help", "Back"]


def test_arrows_walk_the_keypad_as_a_grid(visitor: Visitor) -> None:
    visitor.see("short-empty")
    visitor.key("0").forceActiveFocus()
    for key, letter in (
        (Qt.Key.Key_Right, "1"),
        (Qt.Key.Key_Down, "8"),
        (Qt.Key.Key_Left, "7"),
        (Qt.Key.Key_Up, "0"),
    ):
        visitor.press(key)
        assert visitor.focused() == letter


def test_a_real_keyboard_types_where_there_is_something_to_type(visitor: Visitor) -> None:
    visitor.see("short-empty")
    visitor.press(Qt.Key.Key_K)
    visitor.press(Qt.Key.Key_Backspace)
    visitor.press(Qt.Key.Key_I)  # not a letter of a short code
    assert visitor.sent == [Typed("K"), Pressed(Press.ERASE)]
    visitor.see("items-two")
    visitor.press(Qt.Key.Key_K)
    assert len(visitor.sent) == 2


def test_pages_are_turned_by_keys(visitor: Visitor) -> None:
    visitor.see("items-many")
    seen = set(visitor.texts())
    for _ in range(8):
        labels = [str(key.property("label")) for key in visitor.touchables()]
        if "More items" not in labels:
            break
        visitor.touch("More items")
        visitor.see("items-many")
        seen |= set(visitor.texts())
    assert "Hiking guide: the long way round" in seen
    assert "Merino T-shirt, dark green" in seen
    assert visitor.sent == []


def test_comfort_and_language_are_one_key_away_on_every_screen(visitor: Visitor) -> None:
    visitor.see("items-two")
    visitor.touch("Easier to use")
    visitor.see("items-two")
    for label, press in (
        ("Large text", Press.LARGE_TEXT),
        ("High contrast", Press.HIGH_CONTRAST),
        ("Keys within low reach", Press.LOW_REACH),
    ):
        visitor.touch(label)
        assert visitor.sent[-1] == Pressed(press)
    visitor.touch("Deutsch")
    assert visitor.sent[-1] == LanguageChosen("de")
    visitor.touch("Ready")
    visitor.see("items-two")
    assert "Large text" not in [key.property("label") for key in visitor.touchables()]


def test_the_countdown_holds_the_focus_and_gives_more_time(visitor: Visitor) -> None:
    visitor.see("countdown-items")
    assert "14" in visitor.texts()
    assert [key.property("label") for key in visitor.touchables()] == ["More time"]
    assert visitor.focused() == "More time"
    visitor.press(Qt.Key.Key_Return)
    assert visitor.sent == [Pressed(Press.MORE_TIME)]
    visitor.see("items-two")
    assert "All here" in [key.property("label") for key in visitor.touchables()]
