"""`python -m tests.scenes OUT`: contact sheets for a person to look at, as PNG files in OUT.

conditions.png: every condition at every grade, phones where they can have it, else slips and
bags. kinds.png: everything that can be held up. mixed.png: mixtures. hold.png: the frames of one
hold a grade. empty.png: frames without a code. The code is outlined in green.
`python -m tests.scenes --grades`: the table of grades, as docs/scanning.md has it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tests.scenes.empty import KINDS, empty
from tests.scenes.hold import hold
from tests.scenes.make import mixed, plain, under_one
from tests.scenes.model import Grade, Kind, Picture, Truth
from tests.scenes.optics import GRADES, Condition, fits

_WIDE, _HIGH = 480, 270


def tile(picture: Picture, truths: Sequence[Truth], words: str) -> Picture:
    """A small copy with its truth outlined and its name."""
    shown = picture.copy()
    for truth in truths:
        outline = np.rint(np.array(truth.quad)).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(shown, [outline], True, (0, 200, 0), 2)
    small = cv2.resize(shown, (_WIDE, _HIGH), interpolation=cv2.INTER_AREA)
    for width, ink in ((3, (0, 0, 0)), (1, (0, 255, 255))):
        cv2.putText(small, words, (6, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.42, ink, width, cv2.LINE_AA)
    return np.asarray(small, np.uint8)


def sheet(tiles: Sequence[Picture], columns: int) -> Picture:
    """Tiles in rows; what is missing in the last row is black."""
    blank = [np.zeros((_HIGH, _WIDE, 3), np.uint8)] * (-len(tiles) % columns)
    whole = [*tiles, *blank]
    rows = [np.hstack(whole[n : n + columns]) for n in range(0, len(whole), columns)]
    return np.asarray(np.vstack(rows), np.uint8)


def _kind(condition: Condition) -> Kind:
    return Kind.RETURN_PHONE if fits(condition, Kind.RETURN_PHONE) else Kind.RETURN_SLIP


def conditions() -> Picture:
    scenes = [under_one(c, grade, _kind(c), 1) for c in Condition for grade in Grade]
    return sheet([tile(s.picture, s.truths, s.name) for s in scenes], 4)


def kinds() -> Picture:
    scenes = [plain(kind, 1) for kind in Kind]
    return sheet([tile(s.picture, s.truths, s.name) for s in scenes], 4)


def mixtures() -> Picture:
    scenes = [mixed(kind, grade, 1) for kind in Kind for grade in Grade]
    return sheet([tile(s.picture, s.truths, s.name) for s in scenes], 4)


def holds() -> Picture:
    tiles = []
    for grade in Grade:
        held = hold(Kind.RETURN_PHONE, grade, 1)
        shots = list(held.frames())
        tiles += [tile(s.picture, s.truths, f"{held.name} {s.at:.2f} s") for s in shots[::3]]
    return sheet(tiles, 5)


def empties() -> Picture:
    views = 5
    numbers = [n * views + n // len(KINDS) for n in range(4 * len(KINDS))]
    return sheet([tile(empty(n), (), f"frame {n}") for n in numbers], 5)


def grades() -> list[str]:
    """The table of grades in Markdown: each value's name and what it is at each grade."""
    lines = [
        f"| condition | {' | '.join(grade.words for grade in Grade)} |",
        "|---|---|---|---|---|",
    ]
    for condition, row in GRADES.items():
        cells = [", ".join(f"{k} {v:g}" for k, v in change.items()) for change in row]
        lines.append(f"| {condition.value} | {' | '.join(cells)} |")
    return lines


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, make in (
        ("conditions", conditions),
        ("kinds", kinds),
        ("mixed", mixtures),
        ("hold", holds),
        ("empty", empties),
    ):
        path = out / f"{name}.png"
        cv2.imwrite(str(path), make())
        print(path)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.scenes OUT | --grades")
    if sys.argv[1] == "--grades":
        print("\n".join(grades()))
    else:
        main(Path(sys.argv[1]))
