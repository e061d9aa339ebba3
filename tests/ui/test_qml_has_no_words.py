"""QML lays out; every word comes from Python, so that none escapes translation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

QML = Path(__file__).parents[2] / "ui" / "qml" / "Takeback"
PARTS = ("*.qml", "controls/*.qml", "counter/*.qml", "screens/*.qml")
FILES = [file for part in PARTS for file in sorted(QML.glob(part))]
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_TEXTUAL = re.compile(
    r"\b(text|label|title|name|description|step|detail|placeholderText)\s*:\s*(.+)"
)
_COMMENT = re.compile(r"//.*$")


def literals_used_as_text(source: str) -> list[str]:
    """String literals with a letter that are assigned to something read or seen, or hold more
    than one word."""
    found = []
    for line in source.splitlines():
        code = _COMMENT.sub("", line)
        textual = _TEXTUAL.search(code)
        for literal in _LITERAL.findall(code):
            spoken = textual is not None and re.search(r"[^\W\d_]", literal)
            sentence = re.search(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}", literal)
            keyed = textual is not None and re.search(rf'[\[(,]\s*"{re.escape(literal)}"', code)
            if (spoken and not keyed) or sentence:
                found.append(literal)
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_word_stands_in_qml(file: Path) -> None:
    allowed = {"item-", "box", "press", "critical", "caution", "positive", "info", "muted"}
    found = [word for word in literals_used_as_text(file.read_text("utf-8")) if word not in allowed]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ['text: "Hello"', 'Accessible.name: "Close"', 'label: on ? "On" : "Off"', 'foo("two words")'],
)
def test_a_word_in_qml_would_be_found(line: str) -> None:
    assert literals_used_as_text(line)
