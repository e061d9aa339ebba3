"""Whatever is held up: an answer, never an exception, and work in step with the length."""

from __future__ import annotations

import itertools
import json
import random
import string
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from kiosk.domain import codes
from kiosk.domain.codes import ThirdPartyForm, Unreadable
from kiosk.domain.codes.model import (
    BadgeCode,
    BagCode,
    CarrierLabel,
    ContainerCode,
    EnrolmentCode,
    Gs1,
    PickUpCode,
    RoundCode,
    SealCode,
    ShelfCode,
    ShortCode,
    SignedReturn,
    ThirdPartyReturn,
)

FOLDER = Path(__file__).parents[1] / "vectors" / "codes"
REAL = [
    (vector["text"], vector["aim"])
    for file in sorted(FOLDER.glob("*.json"))
    for vector in json.loads(file.read_text())
] + [
    (text, "]C0")
    for text in (
        "1Z5R89390357567127",
        "420201669400111206206406260787",
        "RR473124829GB",
        "JJD000390007882823456",
        "00340434161094015902",
        "9612019012345612345671",
    )
]
AIMS = ["", "]C0", "]C1", "]E0", "]E3", "]E4", "]I1", "]Q1", "]Q3", "]d1", "]d2", "]e0", "]U1"]
AIMS += ["]A0", "]L2", "]z0", "]", "]]", "x", "]C1]C1", "\x00", "\ud800"]
FORMS = (
    ThirdPartyForm("wide", "[ -~]{0,200}X[ -~]{0,200}"),
    ThirdPartyForm("network", "https://return.example/[A-Za-z0-9]{8,40}", ("]Q",)),
    ThirdPartyForm("broken", "[A-"),
)
PIECES = ["\x1d", "\x1e", "\x04", "[)>", "01", "(01)", "https://", "/01/", "%2F", "TE1:", "RK1:"]
PIECES += [
    "TS:",
    "TB",
    "]C1",
    "1Z",
    "420",
    "00",
    "J",
    "\u241d",
    "^]",
    "?",
    "&",
    "=",
    "-",
    " ",
    "\n",
]
CRAZY = "\u0660\u0130\u017f\u00df\ufb03\U0001f600\u202e\u0000\ud800\uffff\u00b2\u2460\u0e33"
FAMILIES = {
    SignedReturn: "signed_return",
    ShortCode: "short_code",
    BagCode: "bag",
    ShelfCode: "shelf",
    ContainerCode: "container",
    SealCode: "seal",
    BadgeCode: "badge",
    PickUpCode: "pick_up",
    RoundCode: "round",
    EnrolmentCode: "enrolment",
    Gs1: "gs1",
    CarrierLabel: "carrier",
    ThirdPartyReturn: "third_party",
}


def _mangled(source: random.Random) -> tuple[str, bytes, str]:
    """A real code with some damage, or something made up."""
    text, aim = source.choice(REAL)
    if source.random() < 0.3:
        aim = source.choice(AIMS)
    match source.randrange(9):
        case 0:
            raw = source.randbytes(source.choice((1, 8, 40, 300, 3000)))
            return raw.decode("utf-8", "replace"), raw, aim
        case 1:
            text = text[: source.randrange(len(text) + 1)]
        case 2:
            data = bytearray(text.encode("utf-8", "replace")) or bytearray(b"x")
            data[source.randrange(len(data))] ^= 1 << source.randrange(8)
            return text, bytes(data), aim
        case 3:
            at = source.randrange(len(text) + 1)
            text = text[:at] + source.choice(PIECES) * source.choice((1, 2, 30)) + text[at:]
        case 4:
            other, _ = source.choice(REAL)
            cut = source.randrange(len(text) + 1)
            text = text[:cut] + other[source.randrange(len(other) + 1) :]
        case 5:
            text = "".join(source.choice(PIECES) for _ in range(source.randrange(60)))
        case 6:
            at = source.randrange(len(text) + 1)
            text = text[:at] + source.choice(CRAZY) + text[at + 1 :]
        case 7:
            text = "".join(source.choices(string.digits, k=source.randrange(8, 36)))
        case _:
            letters = source.choice((string.printable, string.ascii_uppercase + string.digits))
            text = "".join(source.choices(letters, k=source.randrange(1, 60)))
    raw = b"" if source.random() < 0.3 else text.encode("utf-8", "replace")
    return text, raw, aim


def _tried(seed: int, count: int) -> None:
    source = random.Random(seed)
    for _ in range(count):
        text, raw, aim = _mangled(source)
        found = codes.parse(text, raw, aim, FORMS)
        listed = codes.candidates(text, raw, aim, FORMS)
        if isinstance(found, Unreadable):
            assert len(found.kind) <= 10
            assert not found.reason.values
        else:
            assert listed[0].valid, (text, raw, aim)
            assert listed[0].family == FAMILIES[type(found)], (text, raw, aim)
        assert {one.family for one in listed} <= set(FAMILIES.values())
        assert len(listed) < 20


def test_eight_thousand_inputs() -> None:
    _tried(20_000, 8_000)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(10))
def test_a_million_inputs(seed: int) -> None:
    _tried(seed, 100_000)


# --- work in step with the length ---------------------------------------------------------------


def _work(text: str, aim: str) -> int:
    """Lines of Python run for one text: the same on every machine."""
    lines = 0

    def traced(frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
        nonlocal lines
        lines += event == "line"
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        codes.parse(text, b"", aim, FORMS)
        codes.candidates(text, b"", aim, FORMS)
    finally:
        sys.settrace(before)
    return lines


SHAPES = {
    "separators": ("\x1d", "]C1"),
    "batches": ("10A\x1d", "]C1"),
    "identifiers": ("91", "]C1"),
    "brackets": ("(01)", ""),
    "open brackets": ("(", ""),
    "formats": ("01\x1d\x1e", ""),
    "fields": ("\x1d1J", ""),
    "escapes": ("%41", "]Q1"),
    "path": ("/01", "]Q1"),
    "parameters": ("&99=A", "]Q1"),
    "letters": ("X", "]Q1"),
    "digits": ("1", ""),
    "hyphens": ("-", ""),
    "spaces": (" ", ""),
}
STARTS = {
    "formats": "[)>\x1e",
    "fields": "[)>\x1e06",
    "escapes": "https://a/01/",
    "path": "https://a",
    "parameters": "https://a/01/09520123456788?",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_length_is_at_most_about_twice_the_work(shape: str) -> None:
    """Over every doubling, as families stop looking at different lengths."""
    codes.prepare()
    piece, aim = SHAPES[shape]
    start = STARTS.get(shape, "")
    most = ((2500 if start.startswith("[") else 600) - len(start)) // len(piece)
    _work(start + piece, aim)  # whatever is loaded or compiled only once
    counts = [most >> doublings for doublings in range(5, -1, -1)]
    work = [_work(start + piece * count, aim) for count in counts]
    assert all(more <= 2.2 * less + 1000 for less, more in itertools.pairwise(work)), work
    assert max(work) < 40_000, work


def test_what_is_too_long_costs_nothing() -> None:
    for piece in ("\x1d", "(01)", "[)>\x1e", "https://a/01/", "A"):
        for aim in ("", "]C1", "]Q1"):
            assert _work(piece * 100_000, aim) < 300


def test_the_longest_that_is_looked_at() -> None:
    longest = {"A": 600, "[)>": 2500, "RK1:": 3088}
    for start, length in longest.items():
        for text, looked_at in ((start.ljust(length, "A"), True), (start.ljust(length + 1), False)):
            found = codes.parse(text, b"", "]Q1")
            assert isinstance(found, Unreadable)
            assert (found.kind != "long") == looked_at, (start, len(text))
