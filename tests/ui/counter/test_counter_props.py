"""Every state of the counter has a screen, every sentence is there, and no secret is in it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from voices import voice

from kiosk.domain.staff.overrides import OverrideReason
from kiosk.flows.counter import model
from kiosk.flows.counter.model import Drawn, Flash, Key, Note, OfVisit, Session, Tone
from kiosk.flows.counter.states import desk
from kiosk.flows.counter.states.outbound import Returning
from kiosk.flows.keys import Comfort
from kiosk.ports import Trouble
from kiosk.words import languages, words
from kiosk.words.counter import notes, staffing
from kiosk.words.shelf import voice as shelf_voice
from tests.flows.counter.walks import PINS, shop_with_everything, walked
from ui.counter import actions, first, samples, samples_desk
from ui.counter.face import counter
from ui.counter.frame import number_of
from ui.counter.showing import nobodys, shown
from ui.theme import load

SCREENS = Path(__file__).parents[3] / "ui" / "qml" / "Takeback" / "counter"
SAMPLES = samples.sessions()
OURS = samples_desk.sessions()


def test_every_state_of_the_flow_has_a_sample() -> None:
    seen = {type(session.screen) for session in SAMPLES.values()}
    assert seen == set(get_args(model.Screen))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_names_a_file_and_carries_json(name: str) -> None:
    now = shown(SAMPLES[name], voice("en"))
    assert (SCREENS / f"{now.name}Screen.qml").is_file()
    assert json.loads(json.dumps(dict(now.props))) == dict(now.props)
    # The shopper's screens bring a heading of their own.
    assert now.props["title"] or isinstance(SAMPLES[name].screen, Returning)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_key_of_a_screen_means_something_to_the_flow(name: str) -> None:
    def keys(value: object) -> list[dict[str, object]]:
        if isinstance(value, dict):
            here = [value] if value.get("action") else []
            return here + [key for one in value.values() for key in keys(one)]
        return [key for one in value for key in keys(one)] if isinstance(value, list) else []

    for key in keys(dict(shown(SAMPLES[name], voice("en")).props)):
        action, value = (
            str(key["action"]).removeprefix("own:"),
            str(key.get("value", key.get("id"))),
        )
        visits = isinstance(SAMPLES[name].screen, Returning)  # whose keys go there by themselves
        known = actions.event_of(action, value)
        assert known or (visits and actions.event_of(f"visit:{action}", value)), key


@pytest.mark.parametrize("language", sorted(languages()))
def test_the_first_frame_is_the_screen_of_starting(language: str) -> None:
    comfort = Comfort(language)
    later = shown(Session(desk.Starting(), comfort=comfort), words(language))
    before = first.first(comfort, shelf_voice(language))
    assert (later.name, dict(later.props) | {"bar": []}) == before


# --- secrets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "screen",
    [
        desk.SignIn(desk.Pad.PIN, "badge-digest", pin="270594"),
        desk.ChoosePin("270594", "270594"),
        replace(OURS["override-pin"].screen, badge="badge-digest", pin="270594"),
    ],
    ids=lambda screen: type(screen).__name__,
)
def test_a_pin_and_a_badge_are_in_no_property(screen: model.Screen) -> None:
    told = json.dumps(dict(shown(samples_desk.at(screen), voice("en")).props))
    assert "270594" not in told
    assert "badge-digest" not in told


def test_while_somebody_else_signs_in_nothing_of_the_one_before_is_shown() -> None:
    behind = desk.SignIn(desk.Pad.PIN, "b", back=desk.TypeCode(desk.Home(), "secret work"))
    session = replace(samples_desk.WORKING, screen=behind)
    told = json.dumps(dict(shown(session, voice("en")).props))
    assert "secret work" not in told
    assert samples_desk.NAME not in told


def test_a_picture_of_the_screen_is_nobodys_only_before_somebody_is_there() -> None:
    free = {name for name, session in SAMPLES.items() if nobodys(session)}
    assert free == {"starting", "out-of-service", "sign-in", "sign-in-troubled", "sign-in-wait"}


# --- what is said ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_sentence_is_there_also_without_its_values(language: str) -> None:
    spoken = words(language)
    assert all(notes.sentence(spoken, did, {}) for did in model.Did)
    assert all(staffing.reason(spoken, reason) for reason in OverrideReason)


def test_a_flash_says_its_tone_in_a_word_of_its_own() -> None:
    said = {
        tone: shown(
            replace(OURS["home"], flash=Flash(tone, Note(model.Did.DONE), 9.0, 1)), voice("en")
        ).props["flash"]
        for tone in Tone
    }
    assert len({json.dumps(flash) for flash in said.values()}) == len(Tone)


def test_letters_on_the_flash_can_be_read_in_every_scheme() -> None:
    from kiosk.domain.look.colours import contrast

    for scheme in load("takeback").schemes.values():
        for tone in ("positive", "caution", "critical"):
            assert contrast(scheme["surface"], scheme[tone]) >= 4.5


def test_the_key_that_takes_back_counts_down_and_goes() -> None:
    session = OURS["home-right"]
    undo = shown(session, voice("en")).props["undo"]
    assert isinstance(undo, dict)
    assert (undo["seconds"], undo["value"]) == (8, Key.UNDO.value)
    late = replace(session, now=session.now + 8)
    assert shown(late, voice("en")).props["undo"] == {}


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("00340434161094042557", "0034 0434 1610 9404 2557"),
        ("JJD00034043416109", "JJD 00 0340 4341 6109"),
        ("1Z999AA10123456784", "1Z 999A A101 2345 6784"),
        ("123456", "12 3456"),
        ("", ""),
    ],
)
def test_a_number_is_grouped_as_people_read_it(number: str, read: str) -> None:
    assert number_of(number).replace("\u202f", " ") == read


# --- touches --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("press", "self_destruct"),
        ("press", ""),
        ("blow_up", "x"),
        ("draw", "1,2 3"),
        ("draw", "0,0 1001,5"),
        ("draw", "a,b"),
        ("draw", "0,0 " * 2001),
        ("visit:press", "self_destruct"),
    ],
)
def test_what_the_flow_does_not_know_is_dropped(action: str, value: str) -> None:
    assert actions.event_of(action, value) is None


def test_a_stroke_and_a_touch_on_the_shoppers_screens() -> None:
    assert actions.event_of("draw", "0,0 500,1000") == Drawn(((0, 0), (500, 1000)))
    assert isinstance(actions.event_of("visit:press", "back"), OfVisit)


def test_when_a_slot_raised_the_counter_shows_nothing_of_anybody() -> None:
    safe = counter().broken(samples_desk.WORKING, Trouble.STORE_FAILED)
    assert safe.screen == desk.OutOfService(Trouble.STORE_FAILED)
    assert safe.staff.session is None
    assert samples_desk.NAME not in repr(safe)


# --- whatever happens -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_every_moment_of_a_day_can_be_drawn(seed: int) -> None:
    for session in walked(shop_with_everything(), seed, 120):
        told = json.dumps(dict(shown(session, voice("en")).props))
        assert not [pin for pin in PINS if f'"{pin}"' in told]
