"""Settings of the centre are on trial until the kiosk serves with them; else they are undone."""

from __future__ import annotations

import pytest

from kiosk import settings_remote
from kiosk.checks import machine
from kiosk.quiet import PROOF_S, Quiet, installed, undone
from kiosk.settings import Settings
from kiosk.settings_remote import over
from kiosk.store.orders import TRIES, Ordered, Orders
from sync.central import orders
from sync.central.tables import device_settings, devices
from tests.sync.boxes import Box, facts
from tests.sync.conftest import BUNDLE_KEY


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


@pytest.fixture
def box(centre, clock, tmp_path):
    made = Box(centre, clock, tmp_path / "kiosk", judge=judge)
    made.settle()
    yield made
    made.close()


def judge(values):
    found = over(Settings(), values)
    return found if isinstance(found, str) else ""


def order(box, clock, **values):
    """Given at the centre, fetched, and taken in a quiet moment."""
    named = {name.replace("__", "."): value for name, value in values.items()}
    orders.put_settings(box.centre.database, clock, box.me.device_id, named, BUNDLE_KEY)
    clock.advance(minutes=2)
    box.settle()
    assert Orders(box.store).take()


def start(box):
    """A process begins, and is not heard of again."""
    box.close()
    box.open()
    return installed(Settings(), box.store)


def test_a_kiosk_that_never_comes_up_goes_back_by_itself_and_says_so(centre, box, clock):
    order(box, clock, site_name="Market 3")
    Orders(box.store).proved()
    order(box, clock, site_name="Market 4", languages=["de"])
    for _ in range(TRIES):
        assert start(box).site_name == "Market 4"
    assert start(box).site_name == "Market 3"
    assert start(box).languages == Settings().languages
    clock.advance(minutes=2)
    box.settle()
    [told] = facts(centre, "takeback.settings.refused.v1")
    assert told["version"] == 2
    assert "did not come up" in told["cause"]
    assert [row["state"] for row in centre.rows(device_settings)] == ["taken", "refused"]
    assert centre.rows(devices)[0]["settings_version"] == 1


def test_what_a_kiosk_serves_with_for_a_minute_stays(box, clock):
    order(box, clock, site_name="Market 3")
    start(box)
    quiet = Quiet(box.store, Settings(), tuple, lambda: None, clock, lambda _: None)
    quiet.prove()
    assert box.store.meta.get("orders.trial") == "1", "it was believed at once"
    clock.advance(seconds=PROOF_S)
    quiet.prove()
    for _ in range(2 * TRIES):
        assert start(box).site_name == "Market 3"


def test_an_error_of_the_start_undoes_them_at_once_and_only_them(box, clock):
    assert not undone(box.store, ValueError("no such driver")), "nothing is on trial"
    order(box, clock, site_name="Market 3")
    assert undone(box.store, ValueError("no such driver"))
    assert not undone(box.store, ValueError("no such driver"))
    assert installed(Settings(), box.store) == Settings()
    with box.store.look() as work:
        assert work.get("orders.before") == ""


def test_newer_ones_on_top_of_a_trial_fall_back_to_what_was_proven(box, clock):
    order(box, clock, site_name="good")
    Orders(box.store).proved()
    order(box, clock, site_name="untried")
    order(box, clock, site_name="untried as well")
    assert undone(box.store, ValueError("broken"))
    assert Orders(box.store).in_force() == Ordered(1, {"site_name": "good"})


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("timezone", "Europe/Atlantis", "no time zone 'Europe/Atlantis'"),
        ("languages", ["de", "xx"], "no words for xx"),
        ("languages", [], "length >= 1"),
        ("screen.theme", "neon", "no theme 'neon'"),
        ("scanners", [{"name": "a", "driver": "b"}], "by whoever stands before them"),
        ("printers", [], "by whoever stands before them"),
        ("screen.px_per_mm", 3.0, "by whoever stands before it"),
        ("store.encrypted", True, "at the kiosk alone"),
        ("centre.url", "https://elsewhere.example", "at the kiosk alone"),
        ("data_dir", "/tmp", "at the kiosk alone"),
    ],
)
def test_what_cannot_be_used_here_is_refused_with_its_reason(name, value, why):
    assert why in over(Settings(), {name: value})


def test_time_zone_languages_and_theme_are_taken():
    told = {"timezone": "America/Lima", "languages": ["es", "en"], "screen.theme": "northwind"}
    found = over(Settings(), told)
    assert found.timezone == "America/Lima"
    assert found.languages == ("es", "en")
    assert found.screen.theme == "northwind"
    assert set(told) <= set(settings_remote.CHANGEABLE)


@pytest.mark.parametrize(
    ("text", "why"), [("brand = [", "cannot be read"), ("[light]\n", "names no brand")]
)
def test_a_theme_that_cannot_be_drawn_is_refused(tmp_path, monkeypatch, text, why):
    (tmp_path / "torn.toml").write_text(text)
    monkeypatch.setattr(machine, "THEMES", tmp_path)
    assert why in over(Settings(), {"screen.theme": "torn"})
