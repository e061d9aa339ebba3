"""Which drawing stands for an item: its own, its category's, or a plain box."""

from __future__ import annotations

from typing import Final

from kiosk.domain.returns import ReturnLine

_BY_WORD: Final = {
    "shoe": "shoe",
    "sneaker": "shoe",
    "boot": "shoe",
    "cloth": "shirt",
    "apparel": "shirt",
    "shirt": "shirt",
    "fashion": "shirt",
    "textile": "shirt",
    "electronic": "plug",
    "audio": "plug",
    "phone": "plug",
    "computer": "plug",
    "battery": "plug",
    "home": "lamp",
    "furniture": "lamp",
    "light": "lamp",
    "kitchen": "lamp",
    "beauty": "bottle",
    "cosmetic": "bottle",
    "hygiene": "bottle",
    "perfume": "bottle",
    "book": "book",
    "media": "book",
}


def picture(line: ReturnLine) -> str:
    """The name of a drawing in assets/icons, without `item-` and `.svg`."""
    told = f"{line.image} {line.category} {' '.join(sorted(line.tags))}".lower()
    for word, drawing in _BY_WORD.items():
        if word in told:
            return drawing
    return "box"
