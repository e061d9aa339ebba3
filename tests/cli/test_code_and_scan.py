"""`takeback code` and `takeback scan`: what a text is, what a picture shows, and why not."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import cv2
import numpy as np
import pytest

from drivers.virtual import held
from kiosk.domain import codes

SHORT = codes.short_code(123_456_789)
BAG = codes.bag_code(42)


def one(answer):
    (found,) = answer.json["candidates"]
    assert set(found) == {"family", "carrier", "service", "number", "valid"}
    return found["family"], found["number"], found["valid"]


def test_a_short_code_in_every_way_people_write_it(takeback):
    for text in (SHORT, SHORT.lower(), f"{SHORT[:4]}-{SHORT[4:]}", f" {SHORT[:4]} {SHORT[4:]} "):
        assert one(takeback("code", text, "--json").says(0)) == ("short_code", SHORT, True)
    takeback("code", SHORT).says(0, f"short_code: {SHORT}")


def test_a_bag(takeback):
    assert one(takeback("code", BAG, "--json")) == ("bag", BAG, True)


def test_a_signed_code(takeback, made):
    signed = made.world.returns[0].signed_code
    family, _, valid = one(takeback("code", signed, "--json"))
    assert (family, valid) == ("signed_return", True)
    takeback("code", signed).says(0, "signed_return", "signature is not checked")


def test_an_order_needs_its_postal_code(takeback):
    answer = takeback("code", "lr-123 4567", "--postal-code", "10115", "--json")
    assert one(answer) == ("order", "LR1234567", True)
    takeback("code", "...", "--postal-code", "10115").says(1, "number and postal code")


@pytest.mark.parametrize(
    ("text", "family", "why"),
    [
        (BAG[:-1] + ("0" if BAG[-1] != "0" else "1"), "bag", "check character"),
        (SHORT[:-1] + ("0" if SHORT[-1] != "0" else "1"), "short_code", "check character"),
        ("RK1:" + "A" * 30, "signed_return", "cut or changed"),
        ("RK1:A", "signed_return", "cut or changed"),
        ("RK1:" + "0" * 900, "signed_return", "too long"),
    ],
)
def test_one_of_ours_that_fails_its_own_check(takeback, text, family, why):
    found, _, valid = one(takeback("code", text, "--json").says(0))
    assert (found, valid) == (family, False)
    takeback("code", text).says(1, why)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://example.com/sale", "a web address"),
        ("WIFI:T:WPA;S:Guest;;", "a Wi-Fi code"),
        ("1" * 34, "a carrier's code"),
        ("RP1:ABC", "a kiosk's receipt"),
        ("", "empty"),
        ("J" * 4000, "too long"),
        ("\x1b\x00\x07", "control characters"),
        ("hello there", "no kind that is known"),
        ("äöü \U0001f600", "no kind that is known"),
    ],
)
def test_somebody_elses_code_is_named_and_no_candidate(takeback, text, why):
    takeback("code", text).says(1, why)
    assert takeback("code", text, "--json").says(0).json == {"candidates": []}


# --- what it may be ------------------------------------------------------------------------------


def readings(answer):
    return [(c["family"], c["carrier"], c["valid"]) for c in answer.json["candidates"]]


def test_a_carriers_number_with_its_carrier_and_service(takeback):
    answer = takeback("code", "1Z999AA10123456784", "--json").says(0)
    assert readings(answer) == [("carrier", "UPS", True)]
    takeback("code", "1Z999AA10123456784").says(0, "carrier: UPS")
    assert "ambiguous" not in takeback("code", "1Z999AA10123456784").out


def test_a_carriers_number_with_a_slip_is_told_and_not_taken(takeback):
    takeback("code", "1Z999AA10123456785").says(1, "UPS", "check digit does not fit")
    assert readings(takeback("code", "1Z999AA10123456785", "--json").says(0)) == [
        ("carrier", "UPS", False)
    ]


def test_where_several_fit_all_are_told_and_none_is_picked(takeback):
    answer = takeback("code", "123456789012").says(0, "ambiguous", "gs1", "FedEx")
    assert (
        len(answer.out.splitlines())
        == len(readings(takeback("code", "123456789012", "--json"))) + 1
    )


@pytest.mark.parametrize("separator", ["<GS>", "\\x1d", "\\x1D", "\x1d"])
def test_control_characters_can_be_written(takeback, separator):
    text = f"010400638133393110ABC{separator}2110"
    answer = takeback("code", text, "--aim", "]C1", "--json").says(0)
    assert readings(answer)[0] == ("gs1", "", True)


def test_the_identifier_decides(takeback):
    digits = "123456789012"
    assert readings(takeback("code", digits, "--aim", "]E0", "--json"))[0][0] == "gs1"
    takeback("code", digits, "--aim", "E0").says(2, "]C1")


def test_bytes_in_hex(takeback):
    answer = takeback("code", BAG.encode().hex(), "--hex", "--json")
    assert one(answer) == ("bag", BAG, True)
    takeback("code", "zz", "--hex").says(2, "hex")


@pytest.mark.parametrize(
    ("text", "family"),
    [
        (codes.badge_code(123456), "badge"),
        (codes.pick_up_code(123456), "pick_up"),
        (codes.enrolment_code("https://centre.example", "ABCDE-FGHJK"), "enrolment"),
    ],
)
def test_secrets_are_named_and_never_printed(takeback, text, family):
    assert one(takeback("code", text, "--json").says(0)) == (family, "", True)
    answer = takeback("code", text).says(0, family)
    secret = text.partition(":")[2]
    assert secret not in answer.out
    assert "ABCDE" not in answer.out


# --- scan ----------------------------------------------------------------------------------------


def test_scan_tells_of_each_file_what_is_in_it(takeback, shop):
    signed = shop.world.returns[0].signed_code
    bag = shop.folder / "bag.png"
    cv2.imwrite(str(bag), held.bag(BAG, BAG))
    first, second = takeback("scan", shop.picture(signed), bag, "--json").says(0).out.splitlines()
    told = [json.loads(line) for line in (first, second)]
    assert [set(t) for t in told] == [{"file", "ms", "reads"}] * 2
    assert told[0]["reads"][0]["text"] == signed
    assert told[0]["reads"][0]["symbology"] == "qr"
    assert bytes.fromhex(told[1]["reads"][0]["bytes"]).decode() == BAG
    takeback("scan", shop.picture(signed)).says(0, "signed_return")


def test_scan_looks_for_one_family_alone_as_a_screen_does(takeback, shop):
    bag = shop.folder / "bag.png"
    cv2.imwrite(str(bag), held.bag(BAG, BAG))
    takeback("scan", "--only", "code_128", bag).says(0, BAG)
    takeback("scan", "--only", "qr", "--only", "maxicode", bag).says(1, "no code found")
    takeback("scan", "--only", "unknown", bag).says(2, "no family")
    takeback("scan", "--only", "qrcode", bag).says(2, "qrcode")


def test_an_empty_picture_is_a_no(takeback, tmp_path):
    wall = tmp_path / "wall.png"
    cv2.imwrite(str(wall), np.full((200, 300), 128, np.uint8))
    takeback("scan", wall).says(1, "no code found")


def test_a_bad_file_does_not_keep_the_others_from_being_read(takeback, shop, tmp_path):
    text = tmp_path / "letter.txt"
    text.write_text("no picture")
    gone = tmp_path / "gone.png"
    answer = takeback("scan", text, gone, shop.picture("hello"), "--json").says(2, "no such file")
    lines = [json.loads(line) for line in answer.out.splitlines()]
    assert [bool(line["reads"]) for line in lines] == [False, False, True]
    assert "letter.txt" in lines[0]["error"]


def test_scan_wants_files_or_a_camera(takeback, tmp_path):
    takeback("scan").says(2, "--camera")
    takeback("scan", tmp_path / "x.png", "--camera", "0").says(2, "not both")
    takeback("scan", "--camera", "front").says(2, "/dev/video0")


def test_a_camera_that_is_not_there_is_told_until_interrupted():
    command = [sys.executable, "-m", "kiosk", "scan", "--camera", "/dev/video77", "--json"]
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has them ignore Ctrl+C, and children inherit it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    told = json.loads(running.stdout.readline())
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert (told["state"], told["fault"]) == ("absent", "not_found")
    assert running.returncode == 0
    assert "Traceback" not in errors
