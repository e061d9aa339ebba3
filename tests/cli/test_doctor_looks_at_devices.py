"""`takeback doctor` at printers and cameras: what is wrong with one, and the mend."""

from __future__ import annotations

import os

import pytest

from kiosk import checks
from kiosk.domain.events import DeviceChanged
from kiosk.ports import DeviceFault
from kiosk.store import open_store
from kiosk.world import SystemClock, SystemIds
from tests.cli.findings import found


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
