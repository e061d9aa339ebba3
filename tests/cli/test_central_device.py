"""`takeback central device`: settings and commands for one kiosk."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from kiosk.seal import sworn
from sync.central.database import Database
from sync.central.tables import devices


@pytest.fixture
def key(shop):
    """The demo's own signing key, as the command wants it."""
    [file] = shop.folder.rglob("bundle.key")
    return f"demo:demo-bundle-1:{file}"


@pytest.fixture
def code(shop):
    database = Database(shop.database)
    with database.reading() as c:
        [found] = c.execute(sa.select(devices.c.kiosk_code)).scalars()
    database.close()
    return found


@pytest.fixture
def device(takeback, shop):
    return lambda *told: takeback("central", "device", *told, "--database", shop.database)


def test_settings_are_numbered_and_laid_over_each_other(device, key, code):
    device("show", code, "--tenant", "demo").says(0, "nothing was ordered yet")
    told = ("timing.idle=90", "site_name=Market 3", "staffed=false")
    device("set", code, *told, "--key", key).says(0, "settings 1 wait")
    answer = device("set", code, "timing.idle=", "--key", key, "--json").says(0).json
    assert answer["version"] == 2
    assert answer["values"] == {"site_name": "Market 3", "staffed": False}
    device("show", code, "--tenant", "demo").says(0, "waits", "site_name='Market 3'")


def test_what_no_kiosk_would_take_is_said_here(device, key, code):
    for told, why in (
        ("timing.idle", "is not NAME=VALUE"),
        ("timing.idle=1", ">= 40"),
        ("timing.idle=soon", "float"),
        ("data_dir=/tmp", "cannot change that"),
        ("no.such=1", "cannot change that"),
        ("country=Germany", "country"),
    ):
        device("set", code, told, "--key", key).says(2, why)
    device("show", code, "--tenant", "demo").says(0, "nothing was ordered yet")


def test_commands_are_a_closed_list_and_expire(device, key, code):
    device("command", code, "sing", "--key", key).says(2, "no command", "self_test", "restart")
    device("command", code, "self_test", "--key", key).says(0, "command 1 waits")
    answer = device("command", code, "restart", "--key", key, "--hours", "2", "--json").says(0)
    assert answer.json["number"] == 2
    shown = device("show", code, "--tenant", "demo", "--json").says(0).json
    assert [one["kind"] for one in shown["commands"]] == ["self_test", "restart"]
    device("show", code, "--tenant", "demo").says(0, "waits until", "restart")


def test_what_a_kiosk_swore_can_be_shown_to_anybody(device, code):
    told = device("heads", code, "--tenant", "demo", "--json").says(0).json["heads"]
    assert told
    for one in told:
        said = sworn.Sworn(**one["head"])
        assert sworn.holds(sworn.Kind.HEAD, said, bytes.fromhex(one["public_key"]))
    listed = device("heads", code, "--tenant", "demo").says(0)
    assert all(one["head"]["chain"] in listed.out for one in told)
    device("heads", "K99", "--tenant", "demo").says(1, "no kiosk of demo")


def test_kiosks_and_keys_that_are_not_there(device, key, code, tmp_path):
    device("command", "K99", "restart", "--key", key).says(1, "no kiosk of demo")
    (tmp_path / "next.key").write_text("07" * 32)
    other = f"demo:next:{tmp_path / 'next.key'}"
    device("command", code, "restart", "--key", other).says(1, "no kiosk knows the key next")
    device("set", code, "staffed=false", "--key", other).says(1, "no kiosk knows the key next")
