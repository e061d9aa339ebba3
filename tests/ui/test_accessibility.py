"""What a screen reader finds: a role and a name for everything, in reading order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface

from ui import samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Visitor

_NAMED = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.Heading,
    QAccessible.Role.Dialog,
    QAccessible.Role.EditableText,
    QAccessible.Role.Graphic,
    QAccessible.Role.AlertMessage,
}


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def _tree(found: QAccessibleInterface | None) -> list[tuple[QAccessible.Role, str]]:
    if found is None or found.state().invisible:
        return []
    here = [(found.role(), found.text(QAccessible.Text.Name))]
    for index in range(found.childCount()):
        here += _tree(found.child(index))
    return here


def _said(visitor: Visitor) -> list[tuple[QAccessible.Role, str]]:
    return _tree(QAccessible.queryAccessibleInterface(visitor.window))


def test_everything_that_acts_has_a_name(visitor: Visitor) -> None:
    for name in samples.sessions():
        visitor.see(name)
        nameless = [role for role, said in _said(visitor) if role in _NAMED and not said]
        assert nameless == [], name


def test_every_key_on_the_screen_is_in_the_tree(visitor: Visitor) -> None:
    for name in ("attract", "no-code", "items-two", "asking-four", "receipt-failed", "done"):
        visitor.see(name)
        names = [said for _, said in _said(visitor)]
        for key in visitor.touchables():
            assert str(key.property("label")) in names, name


def test_the_title_is_a_heading_before_the_keys(visitor: Visitor) -> None:
    visitor.see("items-two")
    tree = _said(visitor)
    heading = (QAccessible.Role.Heading, "Did you bring these items?")
    keys = [i for i, (role, _) in enumerate(tree) if role is QAccessible.Role.Button]
    assert tree.index(heading) < min(keys)


def test_an_item_says_what_it_is_and_what_happens_to_it(visitor: Visitor) -> None:
    visitor.see("items-two")
    boxes = [said for role, said in _said(visitor) if role is QAccessible.Role.CheckBox]
    assert boxes[1] == ("Trail running shoes. Refund minus a fee. Return fee €4.95. €124.05")


def test_a_problem_is_an_alert_with_its_next_step(visitor: Visitor) -> None:
    visitor.see("attract-problem")
    alerts = [said for role, said in _said(visitor) if role is QAccessible.Role.AlertMessage]
    assert alerts == ["This code is not from a return. Hold up the code from your return message."]


def test_the_receipts_code_has_words(visitor: Visitor) -> None:
    visitor.see("receipt-printed")
    assert (QAccessible.Role.Graphic, "Receipt code for number KIOSK7-000417-X") in _said(visitor)


def test_the_cameras_picture_and_the_photograph_have_words(visitor: Visitor) -> None:
    visitor.see("photo-live")
    assert (QAccessible.Role.Graphic, "What the camera sees now") in _said(visitor)
    visitor.see("photo-taken")
    (words,) = [said for role, said in _said(visitor) if role is QAccessible.Role.Graphic]
    assert words.startswith("Your photo of this item: Children's waterproof")
