"""The page of the audit: every change, and everything that it notes, has words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sync.central
from kiosk.words import words
from sync.central.audit import Entry
from sync.central.cases import Step
from sync.central.cases.acting import BY_HAND
from sync.central.pages.audit_words import AuditWords
from sync.central.rest import operations

_AREAS = "people|tenant|account|session|books|keeping|export|movements|policy|returns|kiosk|keys"
_LITERAL = re.compile(rf'"((?:{_AREAS}|webhook)\.[a-z_]+)"')


def noted_anywhere():
    """The names of changes as the centre's source spells them."""
    root = Path(sync.central.__file__).parent
    for file in root.rglob("*.py"):
        if file.name != "audit_words.py" and re.search(r"\bchanged\(", text := file.read_text()):
            yield from _LITERAL.findall(text)
    yield from (f"case.{step.value}" for step in BY_HAND)
    yield from (f"api.{one.name}" for one in operations.ALL if one.method != "GET")


CHANGES = sorted(set(noted_anywhere()) - {"policy.toml", "kiosk.domain"})


def test_the_source_was_read():
    assert len(CHANGES) > 50
    assert f"case.{Step.SETTLED.value}" in CHANGES


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_has_words(what):
    assert AuditWords(words("en")).change(what) != what


def entry(what, **values):
    told = tuple((name, was, then) for name, (was, then) in values.items())
    return Entry(7, None, "ada", "", "", what, "it", told)


def test_a_case_tells_what_differs_in_the_readers_language():
    german, told = words("de"), AuditWords(words("de"))
    noted = entry(
        "case.settled",
        state=("assigned", "settled"),
        owner=("ada", "ada"),
        resolution=("", "found"),
        comment=("", "Behind the shelf."),
    )
    assert told.values(noted) == [
        (german.t("State"), german.t("Somebody is at it"), german.t("Settled")),
        (german.t("How it was settled"), "", german.t("It was found")),
        (german.t("Comment"), "", "Behind the shelf."),
    ]


def test_what_has_no_words_is_shown_as_it_is_kept():
    told = AuditWords(words("en"))
    assert told.change("later.invented") == "later.invented"
    assert told.values(entry("kiosk.settings", **{"screen.idle_s": ("60", "90")})) == [
        ("screen.idle_s", "60", "90")
    ]
