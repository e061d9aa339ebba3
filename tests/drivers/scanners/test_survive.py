"""A mistake inside a scanner is reported, and the scanner goes on: silence would be the worst."""

from __future__ import annotations

import os
import time as system_time

import pytest

from drivers.scanners.camera import Camera
from drivers.scanners.camera.sources import Source
from drivers.scanners.held.line import LineScanner, Wire
from drivers.scanners.held.typed import End, Sent
from drivers.virtual import held
from drivers.virtual.camera import VirtualCamera
from kiosk.ports import DeviceFault, DeviceStatus, Scanned

pytestmark = pytest.mark.usefixtures("no_thread_left")


def test_a_look_that_breaks_in_a_way_nobody_thought_of(ear, monkeypatch, caplog) -> None:
    from drivers.scanners.decoders import Decoder

    def broken(*_: object) -> None:
        raise KeyError("a mistake of ours")

    with monkeypatch.context() as patch:
        patch.setattr(Decoder, "look", broken)
        patch.setattr(Decoder, "glance", broken)
        camera = VirtualCamera("camera", system_time.monotonic)
        camera.start(ear)
        status = ear.fault(DeviceFault.INTERNAL)
        assert "KeyError" in status.detail
    camera.present(held.phone("RK1:A"), steady=True)
    assert ear.scan().text == "RK1:A"
    ear.fault(DeviceFault.NONE)
    camera.stop()
    broke = [r for r in caplog.records if "a look broke" in r.message]
    assert len(broke) == 1  # with its traceback, and not thirty times a second
    assert broke[0].exc_info


def test_a_listener_that_breaks(ear, caplog) -> None:
    """The core's own mistake must not blind it: the next code is handed over again."""
    angry = iter((True, False))

    def listen(report: object) -> None:
        if isinstance(report, Scanned) and next(angry, False):
            raise LookupError("the core stumbled")
        ear(report)

    camera = VirtualCamera("camera", system_time.monotonic)
    camera.start(listen)
    camera.present(held.phone("RK1:A"), steady=True)
    ear.fault(DeviceFault.INTERNAL)
    camera.present(held.phone("RK1:B"), steady=True)
    assert ear.scan().text == "RK1:B"
    camera.stop()
    assert "the core stumbled" in caplog.text


def test_a_listener_that_takes_nothing_at_all(ear, caplog) -> None:
    deaf = [True]

    def listen(report: object) -> None:
        if deaf[0]:
            raise LookupError("the core is not well")
        ear(report)

    camera = VirtualCamera("camera", system_time.monotonic)
    camera.start(listen)
    while "nobody takes its reports" not in caplog.text:
        system_time.sleep(0.01)
    deaf[0] = False
    camera.present(held.phone("RK1:A"), steady=True)
    assert ear.scan().text == "RK1:A"
    camera.stop()


def test_a_preview_that_breaks_is_given_up_and_the_codes_are_read(ear, caplog) -> None:
    def show(*_: object) -> None:
        raise RuntimeError("no window any more")

    camera = VirtualCamera("camera", system_time.monotonic)
    camera.preview = show
    camera.start(ear)
    camera.present(held.phone("RK1:A"), steady=True)
    assert ear.scan().text == "RK1:A"
    camera.stop()
    assert caplog.text.count("no preview any more") == 1
    assert ear.faults == [DeviceFault.NONE]


class BreakingSource(Source):
    """Breaks at the third frame of its first life."""

    alive = False

    def __init__(self) -> None:
        self.lives = self.frames = self.closed = 0
        self.shop = VirtualCamera("", system_time.monotonic)._stage

    def open(self) -> DeviceFault:
        self.lives += 1
        return self.shop.open()

    def read(self, stop: object) -> object:
        self.frames += 1
        if self.frames == 3:
            raise OverflowError("the device said something impossible")
        return self.shop.read(stop)

    def close(self) -> None:
        self.closed += 1


def test_a_source_that_breaks_is_closed_and_opened_anew(ear, caplog) -> None:
    source = BreakingSource()
    camera = Camera("camera", source, system_time.monotonic)
    camera.start(ear)
    lost = ear.heard.index(ear.fault(DeviceFault.INTERNAL))
    ear.fault(DeviceFault.NONE, after=lost)
    camera.stop()
    assert (source.lives, source.closed) == (2, 2)
    assert "its source broke" in caplog.text


class Pipe(Wire):
    """A wire with two pipes: the second is what is plugged in next."""

    def __init__(self) -> None:
        self.ends = [os.pipe(), os.pipe()]
        self.opened = -1

    def open(self) -> dict[int, Parser]:
        self.opened += 1
        return {self.ends[self.opened][0]: Parser()}

    def close(self) -> None:
        os.close(self.ends[self.opened][0])


class Parser:
    def feed(self, data: bytes, at: float) -> list[Sent]:
        if data == b"bad":
            raise ZeroDivisionError("a mistake of ours")
        return [Sent(data, End.LINE)]

    def due(self) -> None:
        return None

    def late(self, at: float) -> list[Sent]:
        return []


def test_a_wire_whose_bytes_break_the_parser(ear, caplog) -> None:
    wire = Pipe()
    scanner = LineScanner("wire", wire, system_time.monotonic)
    scanner.start(ear)
    os.write(wire.ends[0][1], b"bad")
    ear.fault(DeviceFault.INTERNAL)
    os.write(wire.ends[1][1], b"RK1:A")
    assert ear.scan().text == "RK1:A"
    scanner.stop()
    for _, end in wire.ends:
        os.close(end)
    assert "a scan broke" in caplog.text
    states = [r.fault for r in ear.heard if isinstance(r, DeviceStatus)]
    assert states == [DeviceFault.NONE, DeviceFault.INTERNAL, DeviceFault.NONE]
