"""Every state of the flow has a screen, and every word on it went through the words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from voices import voice

from kiosk.domain.look import Theme
from kiosk.flows import model
from kiosk.flows.model import Comfort, Deadline, Items, Press
from kiosk.ports import HintKind, Service, Trouble
from ui import actions, samples, text
from ui.screens import shown

SCREENS = Path(__file__).parents[2] / "ui" / "qml" / "Takeback" / "screens"
SAMPLES = samples.sessions()
# Properties that name things for QML and are read by nobody.
_NAMES = {
    "action", "cells", "code", "icon", "keptIcon", "id", "keys", "language", "live", "picture",
    "theme", "tone", "value", "qr", "number", "photo",
}  # fmt: skip


def test_every_state_of_the_flow_has_a_sample() -> None:
    seen = {type(session.screen) for session in SAMPLES.values()}
    assert seen == set(get_args(model.Screen))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_names_a_file_and_carries_json(name: str) -> None:
    now = shown(SAMPLES[name], voice("en"))
    assert (SCREENS / f"{now.name}Screen.qml").is_file()
    rest = {key: value for key, value in now.props.items() if key != "theme"}
    assert json.loads(json.dumps(rest)) == rest
    assert isinstance(now.props["theme"], str | Theme)  # never handed on to the file
    assert now.props["title"]


def _said(value: object, key: str = "") -> list[str]:
    if isinstance(value, dict):
        return [t for k, v in value.items() if k not in _NAMES for t in _said(v, k)]
    if isinstance(value, list):
        return [t for v in value for t in _said(v, key)]
    return [value] if isinstance(value, str) and value else []


@pytest.mark.parametrize("name", SAMPLES)
def test_no_sentence_stays_english_in_another_language(name: str) -> None:
    english = _said(dict(shown(SAMPLES[name], voice("en")).props))
    arabic = _said(dict(shown(SAMPLES[name], voice("ar")).props))
    typed = {
        getattr(SAMPLES[name].screen, field, "")
        for field in ("text", "order_number", "postal_code")
    }
    names = (
        {"Takeback", "TB"}
        | typed
        | {
            word
            for session in (SAMPLES[name],)
            for drop in [getattr(session.screen, "drop", None)]
            if drop is not None
            for word in (drop.merchant.name, *(item.line.name for item in drop.items))
        }
    )
    for before, after in zip(english, arabic, strict=True):
        assert before != after or before in names or before.isdigit(), before


@pytest.mark.parametrize("name", SAMPLES)
def test_every_key_of_a_screen_means_something_to_the_flow(name: str) -> None:
    def keys(value: object) -> list[dict[str, object]]:
        if isinstance(value, dict):
            here = [value] if "action" in value else []
            return here + [k for v in value.values() for k in keys(v)]
        return [k for v in value for k in keys(v)] if isinstance(value, list) else []

    for key in keys(dict(shown(SAMPLES[name], voice("en")).props)):
        value = key.get("value", key.get("id", ""))
        assert actions.event_of(str(key["action"]), str(value)) is not None, key


def test_a_countdown_appears_when_it_is_due_and_rounds_up() -> None:
    session = SAMPLES["items-one"]
    assert shown(session, voice("en")).props["countdown"] == {}
    late = samples.sessions()["countdown-items"]
    countdown = shown(late, voice("en")).props["countdown"]
    assert isinstance(countdown, dict)
    assert countdown["seconds"] == 14
    assert late.deadline == Deadline(samples.NOW + 14, samples.NOW - 6)


def test_the_sum_counts_only_what_was_brought() -> None:
    session = SAMPLES["items-two"]
    assert isinstance(session.screen, Items)
    first, second = session.screen.drop.items
    from dataclasses import replace

    less = samples.drop(replace(first, brought=0), second)
    props = shown(replace(session, screen=Items(less)), voice("en")).props
    assert props["totals"]["amount"] == "€124.05"  # type: ignore[index] # a JSON value
    assert props["primary"]["label"] == "Continue with 1 item"  # type: ignore[index] # as above
    whole = shown(session, voice("en")).props
    assert whole["totals"]["amount"] == "€164.00"  # type: ignore[index] # as above
    assert whole["primary"]["label"] == "All here"  # type: ignore[index] # as above


def test_a_refused_item_does_not_stand_in_the_way_of_all_here() -> None:
    props = shown(SAMPLES["items-mixed"], voice("en")).props
    assert props["primary"]["label"] == "All here"  # type: ignore[index] # a JSON value
    lines = props["lines"]
    assert isinstance(lines, list)
    assert [line["enabled"] for line in lines] == [True, True, False, True, True]


def test_a_blind_kiosk_offers_typing_first() -> None:
    props = shown(SAMPLES["attract-blind"], voice("en")).props
    assert props["title"] == "Type your return code"
    assert props["seeing"] is False
    assert props["primary"]["value"] == Press.NO_CODE.value  # type: ignore[index] # a JSON value


def test_notices_are_two_at_most_and_only_what_a_shopper_needs() -> None:
    assert text.notices(frozenset(Trouble), voice("en"))[0]["icon"] == "camera"
    assert len(text.notices(frozenset(Trouble), voice("en"))) == 2
    for_staff = frozenset({Trouble.PAPER_LOW, Trouble.CLOCK_JUMPED, Trouble.STORE_FULL})
    assert text.notices(for_staff, voice("en")) == []
    paper = frozenset({Trouble.PAPER_OUT, Trouble.PRINTER_SILENT})
    assert len(text.notices(paper, voice("en"))) == 1


def test_every_hint_has_its_own_words() -> None:
    said = {text.hint(kind, voice("en")) for kind in HintKind}
    assert len(said) == len(HintKind)
    assert max(len(sentence.split()) for sentence in said) <= 12


def test_comfort_reaches_every_screen() -> None:
    comfort = Comfort("ar", large_text=True, high_contrast=True, low_reach=True)
    for session in SAMPLES.values():
        props = shown(samples.comforted(session, comfort), voice("ar")).props
        told = [props[k] for k in ("rightToLeft", "largeText", "highContrast", "lowReach")]
        assert told == [True] * 4


def test_service_of_a_running_visit_is_not_shown_to_the_shopper() -> None:
    from dataclasses import replace

    quiet = SAMPLES["items-one"]
    noisy = replace(quiet, service=Service(frozenset(Trouble), 12, 3))
    assert shown(quiet, voice("en")) == shown(noisy, voice("en"))
