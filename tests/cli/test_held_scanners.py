"""`takeback scan --held` and the doctor, with a scanner on a pipe and one on a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tty
from pathlib import Path

import pytest

from drivers.scanners.held.advice import TEST_TEXT
from drivers.scanners.held.layouts import LAYOUTS
from kiosk.checks import Check, outside
from kiosk.settings import Scanner
from tests.drivers.scanners.held.typing_scanner import BRACKET, LEFT_CTRL, typed, with_key


@pytest.fixture
def scanners(tmp_path):
    """A settings file with both, and their ends to write to."""
    pipe, link = tmp_path / "event7", tmp_path / "ttyACM0"
    os.mkfifo(pipe)
    wedge = os.open(pipe, os.O_RDWR)
    serial, kiosk = os.openpty()
    tty.setraw(kiosk)
    link.symlink_to(os.ttyname(kiosk))
    settings = tmp_path / "takeback.toml"
    settings.write_text(
        f"""
[[scanners]]
name = "camera"
driver = "virtual-camera"
[[scanners]]
name = "gun"
driver = "wedge"
options = {{ device = "{pipe}" }}
[[scanners]]
name = "desk"
driver = "serial"
options = {{ port = "{link}" }}
"""
    )
    yield settings, wedge, serial
    for end in (wedge, serial, kiosk):
        os.close(end)


def keys(text: str, layout: str) -> bytes:
    before, _, after = text.partition("\x1d")
    board = LAYOUTS[layout]
    gs = with_key(LEFT_CTRL, BRACKET)
    return typed(before, None, board) + gs + typed(after, layout=board)


@pytest.fixture
def listening(scanners):
    """The command, started; `told(fits)` gives its next fitting line."""
    settings, wedge, serial = scanners
    command = [sys.executable, "-m", "kiosk", "scan", "--held", "--settings", str(settings)]
    process = subprocess.Popen(
        [*command, "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def told(fits) -> dict:
        for line in process.stdout:
            one = json.loads(line)
            if fits(one):
                return one
        raise AssertionError("it ended before it said so")

    ready = {told(lambda one: one.get("state") == "ready")["scanner"] for _ in range(2)}
    assert ready == {"gun", "desk"}
    yield process, told, wedge, serial
    process.stdin.close()
    process.wait(30)
    process.stdout.close()


def test_it_tells_what_each_sent_and_what_to_change(listening) -> None:
    process, told, wedge, serial = listening
    os.write(wedge, keys(TEST_TEXT, "de"))
    sent = told(lambda one: one["scanner"] == "gun" and "sent" in one)
    assert [one["finding"] for one in sent["advice"]] == ["layout", "no identifier"]
    assert 'layout = "de"' in sent["advice"][0]["mend"]
    assert sent["end"] == "enter"
    os.write(serial, b"]C1010950600013435210AB\r\n")
    sent = told(lambda one: one["scanner"] == "desk" and "sent" in one)
    assert sent["advice"] == [{"finding": "good", "mend": ""}]
    read = told(lambda one: "read" in one)["read"]
    assert (read["aim"], read["symbology"]) == ("]C1", "code_128")
    assert bytes.fromhex(read["bytes"]) == b"010950600013435210AB"
    process.stdin.close()
    assert process.wait(30) == 0


def test_for_people_it_shows_the_test_code_and_sentences(scanners) -> None:
    settings, wedge, _ = scanners
    command = [sys.executable, "-m", "kiosk", "scan", "--held", "--settings", str(settings)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    told = ""
    while "gun: ready" not in told:
        line = process.stdout.readline()
        assert line, told
        told += line
    os.write(wedge, typed("TB0000000042M"))
    while "no identifier: Switch on the AIM identifier" not in told:
        line = process.stdout.readline()
        assert line, told
        told += line
    assert "Scan this code" in told
    assert "gun: b'TB0000000042M', end: enter" in told
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()


def test_without_a_hand_held_scanner_it_says_so(takeback, tmp_path) -> None:
    settings = tmp_path / "takeback.toml"
    settings.write_text('[[scanners]]\nname = "camera"\ndriver = "virtual-camera"\n')
    takeback("scan", "--held", "--settings", settings).says(1, "no hand-held scanner")
    takeback("scan", "--held", "--camera", "0").says(2, "not both")


def test_options_that_no_driver_takes_are_named(takeback, tmp_path) -> None:
    settings = tmp_path / "takeback.toml"
    settings.write_text('[[scanners]]\nname = "gun"\ndriver = "wedge"\noptions = { usb = "x" }\n')
    takeback("scan", "--held", "--settings", settings).says(2, "gun: usb is vendor:product")


# --- the doctor -----------------------------------------------------------------------------------


def checked(driver: str, **options) -> Check:
    installed = Scanner(name="gun", driver=driver, options=options)
    (check,) = outside.scanner(Path("/nowhere"), installed)
    return check


def test_the_doctor_names_an_absent_scanner_and_what_is_there_instead() -> None:
    check = checked("wedge", usb="ffff:ffff")
    assert not check.well
    assert "no ffff:ffff; what types here:" in check.finding
    assert "Check cable" in check.mend


def test_the_doctor_names_one_that_cannot_be_grabbed() -> None:
    check = checked("wedge", device="/dev/null")
    assert not check.well
    assert "cannot be taken from others" in check.finding
    assert "no other program uses it" in check.mend


def test_the_doctor_is_content_with_one_that_answers(scanners) -> None:
    link = next(scanners[0].parent.glob("ttyACM*"))
    assert checked("serial", port=str(link)).well
