"""Pictures of every screen of the counter, and a verdict on each: nothing cut, nothing overlapping.

    python -m ui.counter.shots --out DIR [--lang en,de] [--screen NAME] [--text normal,large]
                               [--theme takeback] [--dark] [--contrast]

Writes one PNG a sample, language and text size, and contact sheets; exits 1 and lists every text
that is cut, every overlap and every touch target that is too small.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
os.environ.setdefault("QSG_RENDER_LOOP", "basic")

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtGui import QImage

from kiosk.flows.keys import Comfort
from kiosk.words import words
from ui.app import Kiosk
from ui.counter import samples
from ui.counter.face import counter
from ui.layout_check import Finding, findings
from ui.shots import LANGUAGES, contact_sheet
from ui.theme import Named, Theme, load

if TYPE_CHECKING:
    from kiosk.words import Words

SIZE = (1920, 1080)
PX_PER_MM = 4.03
"""Of a panel of 21.5 inches, which is a usual one at a counter."""
_COLUMNS = 4


class Studio:
    """One window that shows any sample, without motion. `dark`: the theme's dark colours."""

    def __init__(
        self,
        words_for: Callable[[str], Words] = words,
        languages: Sequence[str] = LANGUAGES,
        *,
        theme: str = "takeback",
        dark: bool = False,
        size: tuple[int, int] = SIZE,
    ) -> None:
        self.kiosk = Kiosk(
            counter(),
            lambda _: None,
            words_for,
            languages,
            theme,
            PX_PER_MM,
            size=size,
            reduced_motion=True,
            preload=False,
            themes=_darkened if dark else load,
        )

    def look(self, name: str, comfort: Comfort) -> tuple[QImage, list[Finding]]:
        """The picture of a sample and what is wrong with it."""
        window = self.kiosk.window
        self.kiosk.show(samples.comforted(samples.sessions()[name], comfort))
        for turn in range(60):
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            window.grabWindow()  # lays out; what the layout asks for then comes as an event
            if turn >= 3 and window.property("settled"):
                break
        return window.grabWindow(), findings(window)


def _darkened(named: Named) -> Theme:
    return replace(load(named), scheme="dark")


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; answers the exit code."""
    asked = _parser().parse_args(arguments)
    out: Path = asked.out
    out.mkdir(parents=True, exist_ok=True)
    names = [n for n in samples.sessions() if not asked.screen or n.startswith(asked.screen)]
    studio = Studio(theme=asked.theme, dark=asked.dark)
    look = "".join(m for m, on in (("-dark", asked.dark), ("-contrast", asked.contrast)) if on)
    wrong = 0
    for language, text in itertools.product(asked.lang.split(","), asked.text.split(",")):
        comfort = Comfort(language, text == "large", asked.contrast)
        kind = f"{language}-{text}{look}"
        pictures = []
        for name in names:
            image, found = studio.look(name, comfort)
            image.save(str(out / f"{name}-{kind}.png"))
            pictures.append(image)
            for finding in found:
                print(f"{name}-{kind}: {finding}")
            wrong += len(found)
        contact_sheet(pictures, _COLUMNS).save(str(out / f"all-{kind}.png"))
    studio.kiosk.close()
    print(f"{wrong} findings" if wrong else "no text cut, nothing overlapping")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ui.counter.shots", description="pictures of every screen of the counter"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", default=",".join(LANGUAGES))
    parser.add_argument("--screen", default="", help="only samples whose name starts so")
    parser.add_argument("--text", default="normal,large")
    parser.add_argument("--theme", default="takeback")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--contrast", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
