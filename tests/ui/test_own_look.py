"""A merchant's own colours and logo while its return is on the screen, and only then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtQuick import QQuickItem
from voices import voice

from kiosk.flows.model import Comfort, Refused
from ui import samples
from ui.layout_check import walk
from ui.screens import shown
from ui.theme import load

if TYPE_CHECKING:
    from conftest import Visitor

HOUSE = load("takeback")


def logos(visitor: Visitor) -> list[QQuickItem]:
    items = walk(visitor.window.contentItem())
    return [i for i in items if i.property("drawing") == "logo" and i.isVisible()]


def inks(visitor: Visitor) -> set[str]:
    """The colours of the picture's top strip, where brand and logo stand."""
    image = visitor.window.grabWindow()
    right = range(image.width() // 2, image.width(), 2)
    return {image.pixelColor(x, y).name() for x in right for y in range(20, 140, 4)}


def test_it_is_there_with_the_return_and_gone_after_it(visitor: Visitor) -> None:
    visitor.see("attract")
    assert logos(visitor) == []
    visitor.see("asking-own")
    [logo] = logos(visitor)
    assert logo.width() / logo.height() == pytest.approx(240 / 64)
    assert "#4b2a86" in inks(visitor)
    visitor.see("asking-two")
    assert logos(visitor) == []
    assert "#4b2a86" not in inks(visitor)


def test_high_contrast_is_the_houses_with_the_logo_in_it(visitor: Visitor) -> None:
    visitor.see("asking-own", Comfort("en", high_contrast=True))
    assert len(logos(visitor)) == 1
    found = inks(visitor)
    assert HOUSE.roles(high_contrast=True)["accent"].lower() in found
    assert "#4b2a86" not in found


@pytest.mark.parametrize("language", ["en", "ar", "de", "es", "fr"])
def test_where_nothing_is_taken_the_screen_says_how_to_reach_the_shop(language: str) -> None:
    """Each line by itself and in its own order: a number must not be read from its end."""
    props = shown(samples.sessions()["refused-support"], voice(language)).props
    contacts = props["contacts"]
    assert isinstance(contacts, list)
    number = "\u2068+47 23 00 12 34\u2069" if language == "ar" else "+47 23 00 12 34"
    assert len(contacts) == 4
    assert contacts[1] == number
    assert str(props["flowing"]).removeprefix("\u200f").split(" · ") == contacts
    assert str(props["flowing"]).startswith("\u200f") == (language == "ar")
    assert props["reach"] == voice(language).t("Questions? Reach the shop here:")


def test_a_shop_with_one_contact_or_none() -> None:
    one = samples.sessions()["refused-one"]
    props = shown(one, voice("en")).props
    assert props["reach"] == "Fjord & Finch"
    assert props["support"] == "Questions? help@fjordandfinch.example"
    assert props["contacts"] == []
    assert isinstance(one.screen, Refused)
    silent = replace(one.screen.drop, merchant=replace(one.screen.drop.merchant, support=" "))
    assert shown(replace(one, screen=Refused(silent)), voice("en")).props["reach"] == ""
