"""`takeback enrol` against a real centre; `takeback settings`; `takeback demo`'s wrong calls."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from kiosk.domain import codes
from kiosk.settings import Settings
from kiosk.settings_reference import reference

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture
def code(takeback, shop):
    """A fresh code of the shop's centre, and a kiosk without an identity."""
    shutil.rmtree(shop.data)
    return takeback(
        "central",
        "enrolment-code",
        "--database",
        shop.database,
        "--tenant",
        "demo",
        "--site",
        "Second street 2",
        "--kiosk-code",
        "K2",
        "--json",
    ).json["code"]


def test_a_kiosk_becomes_somebodys(takeback, shop, centre, code):
    answer = takeback("enrol", centre.url, code, "--settings", shop.settings, "--json").says(0)
    assert answer.json["site"] == "Second street 2"
    assert (shop.data / "device.key").stat().st_mode & 0o777 == 0o600
    assert shop.data.stat().st_mode & 0o777 == 0o700
    takeback("enrol", centre.url, code, "--settings", shop.settings).says(1, "enrolled already")


def test_as_a_person_types_it(process, shop, centre, code):
    process("enrol", f"{centre.url}/", f" {code.lower()} ", "--settings", shop.settings).says(
        0, "enrolled as", "Second street 2"
    )


def test_a_code_serves_one_kiosk(takeback, shop, centre, code):
    takeback("enrol", centre.url, code, "--settings", shop.settings).says(0)
    shutil.rmtree(shop.data)
    takeback("enrol", centre.url, code, "--settings", shop.settings).says(1, "ask the back office")


def test_wrong_codes_are_counted(takeback, shop, centre, code):
    del code
    for _ in range(10):
        takeback("enrol", centre.url, "WRONG-CODES", "--settings", shop.settings).says(
            1, "does not take this code"
        )
    takeback("enrol", centre.url, "WRONG-CODES", "--settings", shop.settings).says(
        1, "wait ten minutes"
    )


def test_a_centre_that_is_away(takeback, shop, centre, code):
    centre.stop()
    takeback("enrol", centre.url, code, "--settings", shop.settings).says(1, "cannot be reached")


@pytest.mark.parametrize("url", ["centre.example", "ftp://centre", "https://", "", "http:/x"])
def test_addresses_that_are_none(takeback, shop, url):
    takeback("enrol", url, "ABCDE-FGHJK", "--settings", shop.settings).says(2, "is no address")


def test_a_directory_of_another_user_is_left_alone(takeback, shop, code, monkeypatch):
    shop.data.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: shop.data.stat().st_uid + 1)
    takeback("enrol", "http://127.0.0.1:1", code, "--settings", shop.settings).says(1, "sudo -u")
    assert list(shop.data.iterdir()) == []


def test_a_data_directory_that_is_a_file(takeback, shop, code):
    shop.data.write_text("in the way")
    takeback("enrol", "http://127.0.0.1:1", code, "--settings", shop.settings).says(1)


def test_a_damaged_key_is_never_overwritten(takeback, shop, centre, code):
    shop.data.mkdir()
    (shop.data / "device.key").write_text("junk")
    takeback("enrol", centre.url, code, "--settings", shop.settings).says(1, "damaged")
    assert (shop.data / "device.key").read_text() == "junk"


@pytest.fixture
def whole(takeback, shop, centre, tmp_path):
    """An enrolment code with the centre's address in it, drawn as well."""
    shutil.rmtree(shop.data)
    place = ("--tenant", "demo", "--site", "Third street 3", "--kiosk-code", "K3")
    picture = tmp_path / "enrol.png"
    made = takeback(
        "central", "enrolment-code", *place, "--database", shop.database,
        "--url", f"{centre.url}/", "--picture", picture, "--json",
    ).says(0)  # fmt: skip
    return made.json["enrolment"], picture


def test_one_scan_enrols_a_kiosk(takeback, shop, whole):
    text, picture = whole
    read = takeback("scan", picture, "--json").json["reads"]
    assert [one["text"] for one in read] == [text]
    takeback("enrol", text.lower(), "--settings", shop.settings).says(0, "Third street 3")


def test_an_enrolment_code_that_is_cut_asks_for_another_scan(takeback, shop, whole):
    takeback("enrol", whole[0][:-2], "--settings", shop.settings).says(2, "scan it again")
    takeback("enrol", "https://centre.example", "--settings", shop.settings).says(2, "TE1:")
    takeback("enrol", codes.bag_code(1), "--settings", shop.settings).says(2, "TE1:")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--url", "centre.example"), "plain https address"),
        (("--url", "https://me:secret@centre.example"), "plain https address"),
        (("--picture", "code.svg"), "--url"),
        (("--url", "https://centre.example", "--picture", "code.gif"), ".svg or .png"),
    ],
)
def test_no_code_is_made_that_could_not_be_told(takeback, shop, more, why):
    place = ("--tenant", "demo", "--site", "x", "--kiosk-code", "K3", "--database", shop.database)
    takeback("central", "enrolment-code", *place, *more).says(2, why)


# --- settings ------------------------------------------------------------------------------------


def test_the_device_key_is_changed(shop, centre, takeback):
    before = (shop.data / "device.key").read_text()
    given = ("device", "rotate-key", "--settings", shop.settings)
    told = takeback(*given, "--json").says(0).json
    assert len(told["public_key"]) == 64
    assert (shop.data / "device.key").read_text() != before
    takeback(*given).says(0, "has a new key")


def test_it_goes_on_with_the_old_one_while_the_centre_is_away(shop, centre, takeback):
    before = (shop.data / "device.key").read_text()
    centre.stop()
    takeback("device", "rotate-key", "--settings", shop.settings).says(1, "the old key goes on")
    assert (shop.data / "device.key").read_text() == before


def test_the_reference_is_the_one_in_the_docs(process):
    assert process("settings").says(0).out == reference() == (DOCS / "settings.md").read_text()


def test_a_file_is_checked_and_told(takeback, shop):
    takeback("settings", shop.settings).says(0, "good")
    told = takeback("settings", shop.settings, "--json").says(0).json
    assert told["site_name"] == "Demo street 1"
    assert told["timing"]["idle"] == Settings().timing.idle
    assert takeback("settings", "--json").json["profile"] == "shopper"


@pytest.mark.parametrize("text", ["sight = 1", "not toml", "[timing]\nidle = 1", "\x00"])
def test_files_that_are_no_settings(takeback, tmp_path, text):
    file = tmp_path / "bad.toml"
    file.write_text(text)
    takeback("settings", file).says(2, "bad.toml")
    takeback("doctor", "--settings", file).says(2, "bad.toml")


def test_binary_settings(takeback, tmp_path):
    file = tmp_path / "bad.toml"
    file.write_bytes(b"\xff\xfe\x00")
    takeback("settings", file).says(2, "bad.toml")
    takeback("settings", tmp_path).says(2, "cannot be read")


def test_the_environment_names_the_settings(takeback, shop, monkeypatch):
    monkeypatch.setenv("TAKEBACK_SETTINGS", shop.settings)
    takeback("policy", "show").says(0, "bundle 1")


# --- demo ----------------------------------------------------------------------------------------


def test_wrong_calls_of_the_demo(takeback, tmp_path):
    takeback("demo", "--offline").says(2, "--journey")
    takeback("demo", "--journey", "shopper", "--language", "tlh").says(2, "no words")
    takeback("demo", "--timezone", "Mars/Olympus").says(2, "time zone")
    takeback("demo", "--camera", tmp_path / "none.png").says(2, "does not exist")
    takeback("demo", "--journey", "parcel").says(2, "shopper")
    takeback("demo", "--vnc-port", "0").says(2, "vnc-port")


def test_the_demos_things_can_be_drawn_and_read(process, tmp_path):
    answer = process("demo", "--data", tmp_path / "world", "--draw", tmp_path / "things").says(0)
    world = json.loads((tmp_path / "world" / "world.json").read_text())
    drawn = sorted(path.name for path in (tmp_path / "things").iterdir())
    assert len(drawn) == len(answer.out.splitlines()) > len(world["returns"])
    first = tmp_path / "things" / f"{world['returns'][0]['slug']}.png"
    process("scan", first).says(0, "signed_return")
