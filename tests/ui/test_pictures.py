"""Every screen in both orientations, normal and large: nothing cut, nothing overlapping, no
target too small. The pictures themselves are made by `python -m ui.shots`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from voices import voice

from kiosk.flows.model import Comfort
from ui import samples
from ui.layout_check import findings
from ui.shots import SIZES, Studio, contact_sheet, main

if TYPE_CHECKING:
    from conftest import Visitor
    from PySide6.QtGui import QGuiApplication


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


def test_low_reach_puts_every_key_into_the_lower_half(visitor: Visitor) -> None:
    for name in ("attract", "no-code", "short-part", "order-number", "items-mixed", "asking-two"):
        visitor.see(name, Comfort("en", low_reach=True))
        middle = visitor.window.height() / 2
        for key in visitor.keys():
            top = key.mapToScene(key.boundingRect().topLeft()).y()
            assert top >= middle - 130, (name, key.property("label"), top)


def test_a_text_that_is_cut_is_found(visitor: Visitor) -> None:
    visitor.see("attract")
    assert findings(visitor.window) == []
    title = next(
        item
        for item in visitor.window.contentItem().childItems()[0].childItems()
        if item is not None
    )
    visitor.window.resize(1080, 700)  # no kiosk is so: everything must be reported
    visitor.see("receipt-printed", Comfort("en", large_text=True))
    assert title is not None


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
