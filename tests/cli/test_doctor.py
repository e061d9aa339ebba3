"""`takeback doctor`: all well on a good installation, and on a broken one the very thing."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from drivers.virtual.links import TcpLink
from kiosk import checks, doctor
from kiosk.checks import Check, keeping, machine, outside
from kiosk.cli.common import read_settings
from kiosk.domain.events import DeviceChanged
from kiosk.ports import DeviceFault
from kiosk.settings import Printer, Settings
from kiosk.store import open_store
from kiosk.world import SystemClock, SystemIds


def found(answer) -> dict[str, dict]:
    """The checks by name; every wrong one must name a mend."""
    told = answer.json["checks"]
    assert [c["name"] for c in told if not c["well"] and not c["mend"]] == []
    return {check["name"]: check for check in told}


def by_name(some: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in some}


@pytest.fixture
def healthy(shop, centre, printer, monkeypatch):
    """Nothing is missing. In this process Qt is not looked at again for every test."""
    shop.has_camera("hello")
    monkeypatch.setattr("kiosk.checks.machine.window", list)
    return shop


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


# --- devices -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "says", "well"),
    [
        ("tear_paper", "paper_out", False),
        ("open_cover", "cover_open", False),
        ("unplug", "not_found", False),
        ("paper_low", "paper_low", True),
        ("go_silent", "never", True),
    ],
)
def test_a_printer_in_trouble(takeback, healthy, printer, act, says, well):
    getattr(printer, act)()
    answer = takeback("doctor", "--settings", healthy.settings, "--json")
    check = found(answer)["printer paper"]
    if act == "unplug":
        assert check["well"] is False
        assert "reachable" in check["finding"]
    else:
        assert check["well"] is well
        assert says in check["finding"] or "no receipt is ever confirmed" in check["finding"]
    assert check["mend"]
    assert answer.code == (0 if check["well"] else 1)


def test_advice_is_told_apart_from_faults(takeback, healthy, printer):
    printer.paper_low()
    answer = takeback("doctor", "--settings", healthy.settings).says(0, "advice printer paper")
    assert "WRONG" not in answer.out
    assert "look  printer paper" in answer.out


def test_no_test_slip_on_a_printer_without_paper(takeback, healthy, printer, qapp):
    printer.tear_paper()
    takeback("doctor", "--settings", healthy.settings, "--print-test").says(1, "new roll")
    assert printer.slips == []


def test_settings_that_no_driver_takes(takeback, healthy):
    healthy.has(
        scanners=[{"name": "eye", "driver": "telescope"}, {"name": "gun", "driver": "wedge"}],
        printers=[
            {"name": "a", "driver": "escpos-network", "options": {"hots": "x"}},
            {"name": "b", "driver": "escpos-usb", "options": {"vendor": "printer"}},
        ],
    )
    told = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))
    assert "camera" in told["scanner eye"]["finding"]  # the drivers that there are
    assert "usb, label, device" in told["scanner gun"]["finding"]
    assert "'host'" in told["printer a"]["finding"]
    assert "0x04b8" in told["printer b"]["finding"]


def test_a_camera_that_is_not_there(takeback, healthy):
    options = {"device": "/dev/video77"}
    healthy.has(scanners=[{"name": "eye", "driver": "camera", "options": options}])
    check = found(takeback("doctor", "--settings", healthy.settings, "--json"))["scanner eye"]
    assert (check["well"], "not_found" in check["finding"]) == (False, True)


def test_a_running_kiosk_keeps_its_devices_and_is_believed(takeback, healthy, printer, qapp):
    store = open_store(healthy.data, SystemClock(), SystemIds())
    try:
        store.record(DeviceChanged("paper", "printer", "faulty", "paper_out"), "paper")
        answer = takeback("doctor", "--settings", healthy.settings, "--print-test", "--json")
    finally:
        store.close()
    told = answer.says(1).json["checks"]
    assert f"the kiosk is running (process {os.getpid()})" in str(told)
    of_printer = [c for c in told if c["name"] == "printer paper"]
    assert "paper_out" in of_printer[0]["finding"]
    assert "Stop the kiosk first" in of_printer[1]["mend"]
    assert "nothing of it yet" in found(answer)["scanner camera"]["finding"]
    assert printer.slips == []


@pytest.mark.parametrize("fault", list(DeviceFault))
def test_every_fault_has_a_mend(fault):
    assert bool(checks.device_mends(fault)) == (fault is not DeviceFault.NONE)


# --- what is kept --------------------------------------------------------------------------------


def test_a_kiosk_that_was_never_enrolled(takeback, healthy):
    (healthy.data / "identity.toml").unlink()
    told = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))
    assert "takeback enrol" in told["enrolment"]["mend"]
    assert told["ledger"]["well"] is True


def test_a_damaged_identity(takeback, healthy):
    (healthy.data / "identity.toml").write_text("junk")
    told = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))
    assert "damaged" in told["enrolment"]["finding"]


def test_a_key_that_others_may_read(takeback, healthy):
    (healthy.data / "device.key").chmod(0o644)
    check = found(takeback("doctor", "--settings", healthy.settings, "--json"))["device key"]
    assert (check["well"], "644" in check["finding"]) == (False, True)
    assert "chmod 600" in check["mend"]


def test_a_directory_that_others_may_enter(takeback, healthy):
    healthy.data.chmod(0o755)
    check = found(takeback("doctor", "--settings", healthy.settings, "--json"))["data directory"]
    assert "chmod 700" in check["mend"]


def test_a_directory_of_another_user(healthy, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: healthy.data.stat().st_uid + 1)
    (check,) = keeping.directory(healthy.data)
    assert not check.well
    assert "sudo -u" in check.mend


def test_a_directory_that_cannot_be_written(healthy, monkeypatch):
    """Root writes everywhere but on a file system that refuses; so the refusal is played."""

    def refuse(**_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("kiosk.checks.keeping.tempfile.TemporaryFile", refuse)
    (check,) = keeping.directory(healthy.data)
    assert (check.well, "Read-only" in check.finding) == (False, True)


def test_a_full_disk(healthy, monkeypatch):
    monkeypatch.setattr("kiosk.store.space.free_bytes", lambda path: 1 << 20)
    told = by_name(keeping.directory(healthy.data))
    assert (told["disk"].well, told["disk"].finding) == (False, "1 MiB free")


def test_a_ledger_full_of_junk(takeback, healthy):
    (healthy.data / "ledger.db").write_bytes(b"junk" * 5000)
    check = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))["ledger"]
    assert "corrupt" in check["finding"]
    assert "evidence" in check["mend"]


def test_a_ledger_that_somebody_has_changed(takeback, healthy):
    import sqlcipher3.dbapi2 as driver

    connection = driver.connect(str(healthy.data / "ledger.db"))
    connection.execute("UPDATE events SET subject = 'somebody else' WHERE number = 1")
    connection.commit()
    connection.close()
    told = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))
    assert told["ledger"]["well"] is True
    assert "breaks at event 1" in told["audit chain"]["finding"]


def test_a_ledger_of_a_later_version(takeback, healthy):
    import sqlcipher3.dbapi2 as driver

    connection = driver.connect(str(healthy.data / "ledger.db"))
    connection.execute("PRAGMA user_version=999")
    connection.close()
    told = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))
    assert "newer" in told["ledger"]["mend"]


@pytest.mark.parametrize(
    ("later", "says", "well"),
    [
        (timedelta(), "bundle", True),
        (timedelta(hours=30), "getting old", False),
        (timedelta(days=30), "EXPIRED", False),
    ],
)
def test_the_age_of_the_policy(healthy, monkeypatch, later, says, well):
    now = SystemClock().now()
    monkeypatch.setattr("kiosk.world.SystemClock.now", lambda self: now + later)
    (check,) = keeping.policy(healthy.data)
    assert (check.well, says in check.finding) == (well, True)


def test_events_that_wait_for_days_are_a_fault(healthy, monkeypatch):
    (whole, chain, queued) = keeping.ledger(healthy.data)
    assert whole.well
    assert chain.well
    assert queued.well
    assert "wait for the centre" in queued.finding
    now = SystemClock().now()
    monkeypatch.setattr("kiosk.world.SystemClock.now", lambda self: now + timedelta(days=3))
    assert "3 days" in keeping.ledger(healthy.data)[2].finding
    assert not keeping.ledger(healthy.data)[2].well


def test_no_policy_and_a_broken_one(healthy):
    (bundle,) = healthy.data.glob("policy-*.db")
    bundle.write_bytes(b"junk" * 1000)
    assert "cannot be read" in keeping.policy(healthy.data)[0].finding
    bundle.unlink()
    assert keeping.policy(healthy.data)[0].finding == "no bundle yet"


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
