"""Sounds and drawings: small, well-formed, our own, and each of them used."""

from __future__ import annotations

import re
import wave
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from kiosk.domain.look.colours import ROLES
from kiosk.flows.counter.model import Tone
from kiosk.flows.model import Cue
from ui.theme import ASSETS

DRAWINGS = sorted((ASSETS / "icons").glob("*.svg"))
UI = Path(__file__).parents[2] / "ui"


@pytest.mark.parametrize("cue", [*Cue, *Tone], ids=lambda cue: cue.value)
def test_every_cue_has_a_short_sound(cue: Cue | Tone) -> None:
    with wave.open(str(ASSETS / "sounds" / f"{cue.value}.wav"), "rb") as sound:
        seconds = sound.getnframes() / sound.getframerate()
        samples = memoryview(sound.readframes(sound.getnframes())).cast("h")
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
    assert 0.05 < seconds < 1.0
    assert max(abs(sample) for sample in samples) > 8_000
    assert abs(samples[-1]) < 400  # ends in silence: no click


@pytest.mark.parametrize("file", DRAWINGS, ids=lambda file: file.stem)
def test_a_drawing_is_drawn_in_roles_and_rounded_lines(file: Path) -> None:
    text = file.read_text("utf-8")
    group = ET.fromstring(text)[0]
    assert group.get("stroke-linecap") == "round"
    assert set(re.findall(r"var\(--(\w+)\)", text)) <= set(ROLES)
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}", text)
    width = int(ET.fromstring(text).get("width", "0"))
    weights = {48: "4", 96: "4"}
    assert group.get("stroke-width") == weights.get(width, "10")


def test_every_drawing_is_used_somewhere() -> None:
    sources = [*UI.rglob("*.qml"), *UI.rglob("*.py")]
    told = "\n".join(path.read_text("utf-8") for path in sources)
    unused = [f.stem for f in DRAWINGS if f'"{f.stem.removeprefix("item-")}"' not in told]
    assert unused == []
