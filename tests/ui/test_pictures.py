"""Every screen in both orientations, normal and large: nothing cut, nothing overlapping, no
target too small. The pictures themselves are made by `python -m ui.shots`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from voices import voice

from kiosk.flows.model import Comfort
from ui import samples
from ui.layout_check import findings, walk
from ui.shots import SIZES, Studio, contact_sheet, main

if TYPE_CHECKING:
    from conftest import Visitor
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtQuick import QQuickItem


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("orientation", SIZES)
def test_every_english_screen_is_whole(
    qapp: QGuiApplication, orientation: str, large: bool
) -> None:
    studio = Studio(voice)
    wrong: dict[str, list[str]] = {}
    for name in samples.sessions():
        picture, found = studio.look(name, Comfort("en", large), orientation)
        assert (picture.width(), picture.height()) == SIZES[orientation]
        if found:
            wrong[name] = [str(finding) for finding in found]
    studio.kiosk.close()
    assert wrong == {}


@pytest.mark.parametrize("language", ["de", "ar"])
def test_longer_words_and_another_direction_fit(qapp: QGuiApplication, language: str) -> None:
    studio = Studio(voice)
    wrong: dict[str, list[str]] = {}
    for name in samples.sessions():
        _, found = studio.look(name, Comfort(language), "portrait")
        if found:
            wrong[name] = [str(finding) for finding in found]
    studio.kiosk.close()
    assert wrong == {}


def test_low_reach_puts_every_key_into_the_lower_two_thirds(visitor: Visitor) -> None:
    for name in ("attract", "no-code", "short-part", "order-number", "items-mixed", "asking-two"):
        visitor.see(name, Comfort("en", low_reach=True))
        third = visitor.window.height() / 3
        for key in visitor.touchables():
            top = key.mapToScene(key.boundingRect().topLeft()).y()
            assert top >= third, (name, key.property("label"), top)


def _text(visitor: Visitor, text: str) -> QQuickItem:
    items = walk(visitor.window.contentItem())
    return next(i for i in items if i.inherits("QQuickText") and i.property("text") == text)


def test_what_leaves_the_window_or_lies_on_something_is_found(visitor: Visitor) -> None:
    visitor.see("attract")
    assert findings(visitor.window) == []
    _text(visitor, "Takeback").setProperty("text", "Takeback " * 20)
    assert "outside the window" in {finding.kind for finding in findings(visitor.window)}
    _text(visitor, "Takeback " * 20).setProperty("text", "Takeback")
    subtitle = _text(visitor, "On your phone or on paper.")
    subtitle.setY(subtitle.y() - 80)
    assert "overlapping" in {finding.kind for finding in findings(visitor.window)}


def test_a_small_target_and_a_cut_text_are_found(visitor: Visitor) -> None:
    visitor.see("items-long")
    visitor.key("Cancel").setHeight(60)
    assert "small target" in {finding.kind for finding in findings(visitor.window)}
    name = next(i for i in walk(visitor.window.contentItem()) if i.property("truncated") is False)
    name.setProperty("text", "word " * 400)
    name.setProperty("maximumLineCount", 1)
    name.setWidth(200)
    assert findings(visitor.window) != []


def test_the_command_writes_pictures_and_a_sheet(qapp: QGuiApplication, tmp_path: Path) -> None:
    code = main(
        ["--out", str(tmp_path), "--lang", "en", "--screen", "done", "--orientation", "portrait",
         "--text", "normal"]
    )  # fmt: skip
    assert code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "all-en-portrait-normal.png",
        "done-en-portrait-normal.png",
    ]


def test_a_contact_sheet_holds_all(qapp: QGuiApplication) -> None:
    studio = Studio(voice)
    picture, _ = studio.look("done", Comfort("en"), "portrait")
    sheet = contact_sheet([picture] * 5, columns=2, height=192)
    studio.kiosk.close()
    assert (sheet.width(), sheet.height()) == (2 * (108 + 16), 3 * (192 + 16))
