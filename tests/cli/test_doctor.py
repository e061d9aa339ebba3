"""`takeback doctor`: all well on a good installation, and on a broken one the very thing."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

from drivers.virtual.links import TcpLink
from kiosk import doctor
from kiosk.checks import Check, machine, outside
from kiosk.cli.common import read_settings
from kiosk.settings import Printer, Settings
from kiosk.world import SystemClock
from tests.cli.findings import by_name, found


def test_a_good_installation_is_well_and_nothing_is_left_behind(process, healthy):
    before = sorted(path.name for path in healthy.data.iterdir())
    answer = process("doctor", "--settings", healthy.settings, "--json").says(0)
    assert answer.json["well"] is True
    told = found(answer)
    assert set(told) >= {
        "python",
        "window",
        "fonts",
        "pictures",
        "zxing-cpp",
        "zbar",
        "database",
        "time zone",
        "languages",
        "theme",
        "data directory",
        "disk",
        "enrolment",
        "device key",
        "ledger",
        "audit chain",
        "queue",
        "policy",
        "centre",
        "clock",
        "signature",
        "scanner camera",
        "printer paper",
    }
    assert told["printer paper"]["finding"] == "ready"
    assert told["scanner camera"]["finding"] == "ready"
    assert sorted(path.name for path in healthy.data.iterdir()) == before


def test_the_test_slip_really_comes_out(takeback, healthy, printer, qapp):
    takeback("doctor", "--settings", healthy.settings, "--print-test").says(0, "came out")
    assert printer.await_slips(1)
    assert printer.slips[0].png.startswith(b"\x89PNG")


def test_a_new_machine_hears_what_to_do_step_by_step(process, tmp_path):
    settings = tmp_path / "takeback.toml"
    settings.write_text(f'data_dir = "{tmp_path / "none"}"\nlanguages = ["en"]\n')
    answer = process("doctor", "--settings", settings).says(
        1,
        "sudo install -d",
        "takeback enrol",
        "[[scanners]]",
        "[[printers]]",
    )
    assert "WRONG  data directory" in answer.out
    assert not (tmp_path / "none").exists()


# --- the centre ----------------------------------------------------------------------------------


def test_a_centre_that_is_away(takeback, healthy, centre):
    centre.stop()
    told = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))
    assert "cannot be reached" in told["centre"]["finding"]
    assert "signature" not in told


def test_something_else_answers_at_the_centres_address(takeback, healthy, centre):
    healthy.has(centre={"url": f"{centre.url}/login?from=", "timeout_s": 5.0})
    check = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))["centre"]
    assert "is no centre" in check["finding"]


def test_a_centre_that_never_answers_holds_nobody_up(healthy):
    silent = TcpLink(0)
    silent.open(lambda data: None, lambda timeout: True)
    try:
        url = f"http://127.0.0.1:{silent.port}"
        healthy.has(centre={"url": url, "timeout_s": 0.3})
        (check,) = outside.centre(read_settings(Path(healthy.settings)))
    finally:
        silent.shut()
    assert "cannot be reached" in check.finding


def test_a_kiosk_that_the_centre_does_not_know(takeback, healthy):
    (healthy.data / "device.key").write_text("11" * 32)
    check = found(takeback("doctor", "--settings", healthy.settings, "--json"))["signature"]
    assert "does not accept" in check["finding"]


def test_a_clock_that_is_wrong(healthy, monkeypatch):
    now = SystemClock().now()
    monkeypatch.setattr("kiosk.world.SystemClock.now", lambda self: now - timedelta(hours=1))
    told = by_name(outside.centre(read_settings(Path(healthy.settings))))
    assert not told["clock"].well
    assert "behind the centre's" in told["clock"].finding
    assert "timedatectl" in told["clock"].mend


# --- the machine ---------------------------------------------------------------------------------


def test_names_in_the_settings_that_do_not_exist(takeback, healthy):
    healthy.has(timezone="Mars/Olympus", languages=["en", "tlh"], screen={"theme": "neon"})
    told = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))
    assert "Europe/Berlin" in told["time zone"]["mend"]
    assert "tlh" in told["languages"]["finding"]
    assert "takeback" in told["theme"]["mend"]


def test_a_missing_library_of_the_system_is_named(monkeypatch):
    """As pyzbar fails where Debian's libzbar0 is not installed."""
    import builtins

    load = builtins.__import__

    def without(name, *rest):
        if name == "drivers.scanners.decoders":
            raise ImportError("Unable to find zbar shared library")
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    (check,) = machine.zbar()
    assert check.mend == "sudo apt-get install libzbar0"


def test_a_qt_that_cannot_start_ends_only_its_own_process(monkeypatch):
    monkeypatch.setattr("kiosk.checks.machine.sys.executable", "/bin/false")
    (check,) = machine.window()
    assert not check.well
    assert "make setup" in check.mend


def test_missing_fonts_are_named_with_their_packages():
    check = machine._fonts({"Inter", "Noto Sans", "Noto Sans Arabic"})
    assert (check.well, check.mend) == (False, "sudo apt-get install fonts-noto-cjk")


# --- it never raises and never hangs --------------------------------------------------------------


def test_a_look_that_fails_is_a_finding():
    def broken():
        raise RuntimeError("of all things")

    (check,) = doctor.within("thing", 5.0, broken)
    assert (check.well, "of all things" in check.finding) == (False, True)


def test_a_look_that_hangs_is_left_behind():
    never = threading.Event()
    (check,) = doctor.within("thing", 0.05, never.wait)
    never.set()
    assert "no answer" in check.finding


def test_examine_gives_plain_values_for_the_emptiest_settings(tmp_path):
    told = doctor.examine(Settings(data_dir=str(tmp_path / "none"), languages=("en",)))
    assert all(isinstance(check, Check) for check in told)


def test_a_printer_that_cannot_answer_is_no_fault_and_is_told(tmp_path):
    installed = Printer(name="p", driver="escpos-file", options={"path": str(tmp_path / "out")})
    (check,) = outside.printer(tmp_path, installed, False)
    assert check.well
    assert "no receipt is ever confirmed" in check.finding
    assert check.mend
