"""Pictures of every screen, and a verdict on each: nothing cut, nothing overlapping.

    python -m ui.shots --out DIR [--lang en,de] [--screen NAME] [--orientation portrait,landscape]
                       [--text normal,large] [--contrast] [--low-reach]

Writes one PNG a sample, language, orientation and text size, and contact sheets; exits 1 and
lists every text that is cut, every overlap and every touch target that is too small.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
os.environ.setdefault("QSG_RENDER_LOOP", "basic")

from PySide6.QtCore import QCoreApplication, QEventLoop, QRect, Qt
from PySide6.QtGui import QImage, QPainter

from kiosk.flows.model import Comfort
from kiosk.words import words
from ui import samples
from ui.app import Kiosk
from ui.face import shopper
from ui.layout_check import Finding, findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.words import Words

SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
LANGUAGES = ("en", "de", "es", "fr", "ar")
_SHEET_COLUMNS = {"portrait": 8, "landscape": 5}


class Studio:
    """One window that shows any sample, without motion, at any size."""

    def __init__(
        self, words_for: Callable[[str], Words] = words, languages: Sequence[str] = LANGUAGES
    ) -> None:
        self.kiosk = Kiosk(
            shopper(),
            lambda _: None,
            words_for,
            languages,
            "takeback",
            2.71,
            size=SIZES["portrait"],
            reduced_motion=True,
            preload=False,
        )

    def look(self, name: str, comfort: Comfort, orientation: str) -> tuple[QImage, list[Finding]]:
        """The picture of a sample and what is wrong with it."""
        window = self.kiosk.window
        window.resize(*SIZES[orientation])
        self.kiosk.show(samples.comforted(samples.sessions()[name], comfort))
        for turn in range(60):
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            window.grabWindow()  # lays out; what the layout asks for then comes as an event
            if turn >= 3 and window.property("settled"):
                break
        image = window.grabWindow()
        return image, findings(window)


def contact_sheet(pictures: Sequence[QImage], columns: int, height: int = 480) -> QImage:
    """The pictures side by side, small, on grey."""
    scaled = [
        p.scaledToHeight(height, Qt.TransformationMode.SmoothTransformation) for p in pictures
    ]
    width = max(p.width() for p in scaled)
    rows = -(-len(scaled) // columns)
    sheet = QImage(columns * (width + 16), rows * (height + 16), QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.gray)
    painter = QPainter(sheet)
    for index, picture in enumerate(scaled):
        x, y = index % columns * (width + 16) + 8, index // columns * (height + 16) + 8
        painter.drawImage(QRect(x, y, picture.width(), height), picture)
    painter.end()
    return sheet


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; answers the exit code."""
    asked = _parser().parse_args(arguments)
    out: Path = asked.out
    out.mkdir(parents=True, exist_ok=True)
    names = [n for n in samples.sessions() if not asked.screen or n.startswith(asked.screen)]
    studio = Studio()
    wrong = 0
    series = itertools.product(
        asked.lang.split(","), asked.orientation.split(","), asked.text.split(",")
    )
    for language, orientation, text in series:
        comfort = Comfort(language, text == "large", asked.contrast, asked.low_reach)
        mark = "".join(
            m for m, on in (("-contrast", asked.contrast), ("-low", asked.low_reach)) if on
        )
        kind = f"{language}-{orientation}-{text}{mark}"
        pictures = []
        for name in names:
            image, found = studio.look(name, comfort, orientation)
            image.save(str(out / f"{name}-{kind}.png"))
            pictures.append(image)
            for finding in found:
                print(f"{name}-{kind}: {finding}")
            wrong += len(found)
        contact_sheet(pictures, _SHEET_COLUMNS[orientation]).save(str(out / f"all-{kind}.png"))
    studio.kiosk.close()
    print(f"{wrong} findings" if wrong else "no text cut, nothing overlapping")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ui.shots", description="pictures of every screen"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", default=",".join(LANGUAGES))
    parser.add_argument("--screen", default="", help="only samples whose name starts so")
    parser.add_argument("--orientation", default="portrait,landscape")
    parser.add_argument("--text", default="normal,large")
    parser.add_argument("--contrast", action="store_true")
    parser.add_argument("--low-reach", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
