"""Settings and commands given on the pages: to one kiosk, to a site, to all."""

from __future__ import annotations

import shutil

import pytest

from kiosk.settings import Settings
from kiosk.settings_remote import CHANGEABLE, over
from kiosk.store.orders import CommandKind
from sync.central import orders
from sync.central.database import Database
from sync.central.fleet import ordering, settable
from sync.central.fleet.settable import SETTINGS, Bad
from sync.central.people import create_admin
from sync.central.serve import CentralServer
from sync.central.tables import device_commands, device_settings, office_audit
from sync.wire import orders as sealed
from tests.sync.conftest import BUNDLE_KEY, Centre
from tests.sync.fleet.conftest import IDS, PASSWORD, Fleet, sign_in


@pytest.fixture
def centre(prepared_file, tmp_path, clock):
    """A centre that holds its tenant's key, as one that renews bundles does."""
    shutil.copy(prepared_file, tmp_path / "centre.db")
    url = f"sqlite:///{tmp_path}/centre.db"
    database = Database(url)
    server = CentralServer(url, clock, IDS, bundle_keys={"acme": BUNDLE_KEY})
    server.start()
    yield Centre(server, database, clock)
    server.stop()
    database.close()


@pytest.fixture
def fleet(centre, clock):
    return Fleet(centre.database, clock)


def commands(centre):
    rows = centre.rows(device_commands)
    return [(row["device_id"], row["kind"], row["given_by"]) for row in rows]


def test_the_form_asks_for_what_a_kiosk_lets_the_centre_change():
    assert sorted(one.name for one in SETTINGS) == sorted(CHANGEABLE)
    assert set(ordering.KINDS) == {kind.value for kind in CommandKind}


@pytest.mark.parametrize("setting", [one for one in SETTINGS if one.least is not None])
def test_the_bounds_of_a_form_are_good_for_a_kiosk(setting):
    for bound in (setting.least, setting.most):
        value = settable.read(setting, settable.shown(bound))
        assert isinstance(over(Settings(), {setting.name: value}), Settings)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("site_name", " Market 3 ", "Market 3"),
        ("timing.idle", "90,5", 90.5),
        ("opening_mm", "400", 400),
        ("staffed", "false", False),
        ("country", "de", "DE"),
        ("languages", "de, en", ["de", "en"]),
        ("timezone", "Europe/Berlin", "Europe/Berlin"),
        ("timing.idle", "", None),
    ],
)
def test_what_is_typed_becomes_a_value_and_is_shown_again(name, text, value):
    setting = settable.BY_NAME[name]
    read = settable.read(setting, text)
    assert read == value
    assert settable.read(setting, settable.shown(read)) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("timing.idle", "39"),
        ("timing.idle", "1e3"),
        ("opening_mm", "4.5"),
        ("staffed", "maybe"),
        ("country", "Germany"),
        ("languages", "de;en"),
        ("timezone", "Mars/Olympus"),
        ("screen.theme", "../etc"),
        ("site_name", "a\x07b"),
    ],
)
def test_what_is_no_value_is_told_at_once(name, text):
    with pytest.raises(Bad):
        settable.read(settable.BY_NAME[name], text)


def test_a_command_to_a_site_reaches_its_kiosks_signed_and_is_in_the_audit(centre, fleet, desk):
    here, there = fleet.join("K1", "Street 1"), fleet.join("K2", "Street 2")
    shown = desk.send("/kiosks/orders", to="site:Street 1", kind="restart")
    assert "Waits for the kiosk" in shown.text
    assert commands(centre) == [(here, "restart", "ada")]
    [text] = orders.of_device(centre.database, centre.clock, here).commands
    told = sealed.open_command(text, {BUNDLE_KEY.kid: BUNDLE_KEY.public})
    assert (told.kind, told.device_id) == ("restart", here)
    desk.send("/kiosks/orders", to="all", kind="self_test")
    assert commands(centre)[1:] == [(one, "self_test", "ada") for one in sorted([here, there])]
    noted = centre.rows(office_audit, what="kiosk.commanded")
    assert (noted[0]["person"], noted[0]["subject"]) == ("ada", "K1")


def test_one_kiosks_settings_are_kept_with_who_gave_them(centre, fleet, desk):
    box = fleet.join()
    path = f"/kiosks/{box}/settings"
    desk.send(path, **{"timing.idle": "90", "staffed": "false", "site_name": ""})
    desk.send(path, **{"timing.idle": "", "staffed": "false", "site_name": "Market 3"})
    desk.send(path, **{"timing.idle": "", "staffed": "false", "site_name": "Market 3"})
    told = orders.newest(centre.database, box)
    assert (told.version, told.values) == (2, {"staffed": False, "site_name": "Market 3"})
    assert {row["given_by"] for row in centre.rows(device_settings)} == {"ada"}
    page = desk.get(f"/kiosks/{box}")
    assert "Settings, version 2" in page
    assert 'value="Market 3"' in desk.get(path)


def test_a_slip_stands_beside_its_field_and_nothing_is_ordered(centre, fleet, desk):
    box = fleet.join()
    answer = desk.send(f"/kiosks/{box}/settings", **{"timing.idle": "5", "site_name": "Market 3"})
    assert answer.status_code == 422
    assert "A number from 40 to 3600." in answer.text
    assert 'value="Market 3"' in answer.text
    wrong = desk.send("/kiosks/orders", to="all", setting="timing.idle", value="x")
    assert (wrong.status_code, "A number from 40 to 3600." in wrong.text) == (422, True)
    assert desk.send("/kiosks/orders", to="", kind="restart").status_code == 422
    assert desk.send("/kiosks/orders", to="all", kind="explode").status_code == 422
    assert desk.send(f"/kiosks/{box}/command", kind="explode").status_code == 404
    assert (centre.rows(device_settings), commands(centre)) == ([], [])


def test_a_setting_goes_to_a_whole_site(centre, fleet, desk):
    boxes = [fleet.join(code, "Street 1") for code in ("K1", "K2")]
    fleet.join("K3", "Street 2")
    desk.send("/kiosks/orders", to="site:Street 1", setting="timing.idle", value="75")
    assert sorted(row["device_id"] for row in centre.rows(device_settings)) == sorted(boxes)


def test_what_became_of_an_order_stands_on_the_kiosks_page(centre, fleet, desk, clock):
    box = fleet.join()
    desk.send(f"/kiosks/{box}/command", kind="diagnostics")
    settled = {"outcome": "failed", "report": ["disk: 3 MB are left"], "settled_at": clock.now()}
    centre.database.write(lambda c: c.execute(device_commands.update().values(settled)))
    page = desk.get(f"/kiosks/{box}")
    assert "Did not work" in page
    assert "disk: 3 MB are left" in page
    desk.send(f"/kiosks/{box}/command", kind="restart")
    clock.advance(hours=9)  # a session and a proof end before a command does
    again = sign_in(centre, "ada")
    assert "Waits for the kiosk" in again.get(f"/kiosks/{box}")
    clock.advance(hours=16)
    assert "Not done in time" in sign_in(centre, "ada").get(f"/kiosks/{box}")


def test_a_centre_without_the_key_orders_nothing_and_says_so(prepared_file, tmp_path, clock):
    shutil.copy(prepared_file, tmp_path / "keyless.db")
    url = f"sqlite:///{tmp_path}/keyless.db"
    database = Database(url)
    server = CentralServer(url, clock, IDS)
    server.start()
    try:
        fleet = Fleet(database, clock)
        fleet.join()
        create_admin(database, IDS, "acme", "ada", PASSWORD, clock)
        desk = sign_in(Centre(server, database, clock), "ada")
        answer = desk.send("/kiosks/orders", to="all", kind="restart")
        assert (answer.status_code, "holds no key" in answer.text) == (422, True)
        with database.reading() as c:
            assert c.execute(device_commands.select()).all() == []
    finally:
        server.stop()
        database.close()


def test_nobody_orders_another_tenants_kiosk(centre, fleet, desk):
    from sync.central.policy import put_tenant

    box = fleet.join()
    put_tenant(centre.database, "other", "Other", "other")
    create_admin(centre.database, IDS, "other", "eve", PASSWORD, centre.clock)
    eve = sign_in(centre, "eve")
    assert eve.send(f"/kiosks/{box}/command", kind="restart").status_code == 404
    assert eve.send(f"/kiosks/{box}/settings", site_name="Mine").status_code == 404
    eve.send("/kiosks/orders", to="all", kind="restart")
    assert commands(centre) == []
    eve.browser.close()
