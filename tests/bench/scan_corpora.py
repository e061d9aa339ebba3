"""Photographs with ground truth, where somebody has some: CORPUS=dir, a folder of TSV files.

Columns: image, symbology, text, corpus, note; one row a code, several rows may share an image.
`NONE` as symbology: nothing is to be read there. Escapes in the text: backslash with n, r, t, the
backslash itself, xHH, uHHHH. LIMIT (0, all) takes only so many images of each corpus.

Texts are compared alike for every decoder: as given, or as the bytes in any of the character sets
that QR codes come in; without GS1 separators (0x1D), which zbar drops; EAN, UPC and their
expansions as numbers of fourteen digits, without the add-on of two or five digits that every
decoder leaves out by default. A returned text that is none of its image's truths is a misread.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from drivers.scanners.formats import EVERYDAY
from kiosk.ports import Symbology
from tests.bench.crowd import size, spread
from tests.bench.rivals import CASCADE, JOINED, NAMES, OPENCV, ZBAR, ZXING, Said, ask_all
from tests.bench.scoring import Outcome, judged, markdown, summary, tallies

# Families that a screen must name: looked for where the corpus says that one is there.
_NAMED = {
    "MicroQRCode": Symbology.MICRO_QR,
    "RMQRCode": Symbology.RMQR,
    "UPCE": Symbology.UPC_E,
}
_FOREIGN = frozenset(
    {"Codabar", "Code93", "DXFilmEdge", "MicroPDF417", "Telepen"}
)  # no kiosk meets these
_RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE"})
_CHARSETS = ("utf-8", "latin-1", "cp1252", "cp932", "gb18030", "big5", "euc_kr")
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[nrt\\])")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}


def unescaped(text: str) -> str:
    """The text that was meant."""
    return _ESCAPE.sub(lambda m: _SIMPLE.get(m[1]) or chr(int(m[1][1:], 16)), text)


def expanded(digits: str) -> str:
    """A UPC-E number of eight digits as the UPC-A it stands for (GS1 General Specifications,
    5.2.2.4.2); any other number as it is."""
    if len(digits) != 8 or digits[0] not in "01":
        return digits
    system, six, check = digits[0], digits[1:7], digits[7]
    last = six[5]
    if last in "012":
        body = six[:2] + last + "0000" + six[2:5]
    elif last == "3":
        body = six[:3] + "00000" + six[3:5]
    elif last == "4":
        body = six[:4] + "00000" + six[4]
    else:
        body = six[:5] + "0000" + last
    return system + body + check


@dataclass(frozen=True, slots=True)
class Row:
    """One code that an image holds."""

    symbology: str
    text: str

    def says(self, said: Said) -> bool:
        return self._is(said.text) or any(self._is(text) for text in _spellings(said.raw))

    def _is(self, text: str) -> bool:
        mine, theirs = (t.replace("\x1d", "") for t in (self.text, text))
        if mine == theirs:
            return True
        if self.symbology not in _RETAIL or not (mine.isdigit() and theirs.isdigit()):
            return False
        if len(mine) in (15, 18):  # thirteen digits and an add-on
            mine = mine[:13]
        numbers = {mine.zfill(14), expanded(mine).zfill(14)}
        return theirs.zfill(14) in numbers or expanded(theirs).zfill(14) in numbers


def _spellings(raw: bytes) -> Iterator[str]:
    """The bytes as text, in each set that they fit."""
    for charset in _CHARSETS:
        with suppress(UnicodeDecodeError):
            yield raw.decode(charset)


@dataclass(frozen=True, slots=True)
class Image:
    """A file and all that is in it."""

    corpus: str
    path: Path
    rows: tuple[Row, ...]

    @property
    def expected(self) -> frozenset[Symbology]:
        """The everyday formats, and those a screen must name where one is there."""
        return EVERYDAY | {_NAMED[row.symbology] for row in self.rows if row.symbology in _NAMED}


def images(folder: Path) -> list[Image]:
    """Every image of every TSV in the folder, in the files' order."""
    found: dict[tuple[str, str], list[Row]] = {}
    for table in sorted(folder.glob("*.tsv")):
        with table.open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                rows = found.setdefault((table.stem, line["image"]), [])
                symbology = line["symbology"].lstrip("+")
                if symbology != "NONE":
                    rows.append(Row(symbology, unescaped(line["text"])))
    return [Image(c, folder / name, tuple(rows)) for (c, name), rows in found.items()]


@dataclass(frozen=True, slots=True)
class Looked:
    image: Image
    outcomes: dict[str, Outcome]
    by_row: dict[str, tuple[bool, ...]]


def look(image: Image) -> Looked | None:
    """Ask everybody; None where the file is no picture."""
    picture = cv2.imread(str(image.path), cv2.IMREAD_COLOR)
    if picture is None:
        return None
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    answers = ask_all(grey, image.expected)
    return Looked(
        image,
        {name: judged(answer, image.rows) for name, answer in answers.items()},
        {
            name: tuple(any(row.says(said) for said in answer.said) for row in image.rows)
            for name, answer in answers.items()
        },
    )


def _symbologies(looked: Iterable[Looked]) -> list[str]:
    """Reads by symbology: per code, because one image may hold several families."""
    counts: dict[str, dict[str, int]] = {}
    for one in looked:
        for number, row in enumerate(one.image.rows):
            count = counts.setdefault(row.symbology, dict.fromkeys(("codes", *NAMES), 0))
            count["codes"] += 1
            for name, rows in one.by_row.items():
                count[name] += rows[number]
    order = (CASCADE, JOINED, ZXING, ZBAR, OPENCV)
    return markdown(
        ("symbology", "codes", *order),
        [(name, *(f"{c[key]}" for key in ("codes", *order))) for name, c in sorted(counts.items())],
    )


def _wrong(looked: Iterable[Looked]) -> list[str]:
    return [
        f"  {one.image.path.name}: cascade misread {said.aim} {said.raw[:60]!r}, "
        f"routes: {said.routes}"
        for one in looked
        for said in one.outcomes[CASCADE].wrong
    ]


def run() -> list[str]:
    folder = os.environ.get("CORPUS", "")
    if not folder:
        return ["scan_corpora: no CORPUS named, nothing to look at"]
    every = images(Path(folder))
    limit = size("LIMIT", 0)
    names = list(dict.fromkeys(image.corpus for image in every))
    chosen = [
        image for name in names for image in [i for i in every if i.corpus == name][: limit or None]
    ]
    answers = spread(look, chosen)
    looked = [one for one in answers if one is not None]
    lines = [f"{len(looked)} photographs; {len(answers) - len(looked)} files were no pictures", ""]
    for name in names:
        part = [one for one in looked if one.image.corpus == name]
        lines += [
            f"{name}, {len(part)} images",
            "",
            *summary(tallies(x.outcomes for x in part)),
            "",
        ]
    lines += ["all together", "", *summary(tallies(one.outcomes for one in looked)), ""]
    ours = [one for one in looked if not any(row.symbology in _FOREIGN for row in one.image.rows)]
    lines += [f"without {', '.join(sorted(_FOREIGN))}, which the kiosk does not look for", ""]
    lines += [*summary(tallies(one.outcomes for one in ours)), ""]
    return [*lines, *_symbologies(looked), *_wrong(looked)]
