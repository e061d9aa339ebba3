"""A scanner that types: a USB keyboard as far as Linux knows, taken away from everybody else.

Every event device of the scanner is grabbed, so that no barcode can press keys in any window, a
terminal included; a scanner that cannot be grabbed is not used at all.
"""

from __future__ import annotations

import errno
import logging
import os
import re
from collections.abc import Callable, Mapping

from drivers.scanners.held import evdev, inputs
from drivers.scanners.held.evdev import Kernel, Linux
from drivers.scanners.held.inputs import Node, Where
from drivers.scanners.held.keys import Held, Keys, Silent
from drivers.scanners.held.layouts import LAYOUTS
from drivers.scanners.held.line import Lines, LineScanner, Parser, Refusal, Wire
from drivers.scanners.held.typed import Form
from kiosk.ports import DeviceFault, Scanner

log = logging.getLogger(__name__)

_SUFFIXES = ("key", "none")


class WedgeWire(Wire):
    """The event devices of every scanner that fits, looked for anew each time, since numbers
    change on replugging."""

    def __init__(
        self,
        where: Where,
        parser: Callable[[Held], Parser],
        kernel: Kernel,
        there: Callable[[], list[Node]] = inputs.nodes,
    ) -> None:
        self._where = where
        self._parser = parser
        self._kernel = kernel
        self._there = there
        self._open: dict[int, Node] = {}
        self._told: set[str] = set()

    def open(self) -> Lines | Refusal:
        there = self._there()
        fitting = inputs.bodies(self._where, there)
        if not fitting:
            return Refusal(
                DeviceFault.NOT_FOUND,
                f"no {self._where}; what types here: {inputs.described(there)}",
            )
        lines, refusals = self._grab(fitting)
        if not any(self._open[d].types for d in lines):
            return refusals[0]
        self._complain(refusals)
        return lines

    def also(self) -> Lines:
        held = {node.path for node in self._open.values()}
        here = inputs.bodies(self._where, self._there())
        new = [[n for n in body if n.path not in held] for body in here]
        lines, refusals = self._grab([body for body in new if body])
        self._complain(refusals)
        return lines

    def drop(self, descriptor: int) -> bool:
        body = self._open[descriptor].body
        self._close(descriptor)
        if not any(n.types for n in self._open.values() if n.body == body):
            log.info("scanner at %s is gone", body)
        return any(node.types for node in self._open.values())

    def close(self) -> None:
        for descriptor in list(self._open):
            self._close(descriptor)

    def _close(self, descriptor: int) -> None:
        del self._open[descriptor]
        try:
            self._kernel.close(descriptor)
        except OSError:
            log.debug("closing %d complained", descriptor)

    def _grab(self, fitting: list[list[Node]]) -> tuple[Lines, list[Refusal]]:
        """Every scanner whole or not at all: keys of its second device must reach nobody."""
        lines: dict[int, Parser] = {}
        refusals: list[Refusal] = []
        for body in fitting:
            mine: dict[int, Parser] = {}
            for node in body:
                opened = self._take(node)
                if isinstance(opened, Refusal):
                    refusals.append(opened)
                    for descriptor in mine:
                        self._close(descriptor)
                    mine = {}
                    break
                mine[opened] = self._reader(opened) if node.types else Silent()
            lines |= mine
        return lines, refusals

    def _reader(self, descriptor: int) -> Parser:
        return self._parser(lambda: evdev.held(self._kernel, descriptor))

    def _complain(self, refusals: list[Refusal]) -> None:
        """One of several is out: the others serve, and the log has it once."""
        told = {refusal.detail for refusal in refusals}
        for refusal in refusals:
            if refusal.detail not in self._told:
                log.warning("a scanner is left out: %s %s", refusal.fault.value, refusal.detail)
        self._told = told

    def _take(self, node: Node) -> int | Refusal:
        try:
            descriptor = self._kernel.open(node.path)
        except PermissionError:
            return Refusal(DeviceFault.PERMISSION, f"{node.path} may not be opened")
        except FileNotFoundError:
            return Refusal(DeviceFault.NOT_FOUND, f"{node.path} is gone")
        except OSError as error:
            gone = error.errno in (errno.ENODEV, errno.ENXIO)
            fault = DeviceFault.NOT_FOUND if gone else DeviceFault.NOT_ANSWERING
            return Refusal(fault, f"{node.path}: {os.strerror(error.errno or 0)}")
        self._open[descriptor] = node
        if not self._kernel.is_device(descriptor):
            return descriptor  # a recording or a pipe: nothing there that could be grabbed
        try:
            evdev.take(self._kernel, descriptor)
        except OSError as error:
            self._close(descriptor)
            return Refusal(DeviceFault.NOT_ANSWERING, _grab_detail(node, error))
        return descriptor


def _grab_detail(node: Node, error: OSError) -> str:
    if error.errno == errno.EBUSY:
        return (
            f"{node.path} is held by another program or another [[scanners]] table, "
            "which gets every key"
        )
    return f"{node.path} cannot be taken from others: {os.strerror(error.errno or 0)}"


def make(
    name: str, options: Mapping[str, str | int | bool], monotonic: Callable[[], float]
) -> Scanner:
    """The factory of drivers.registry. One option of `usb` ("05e0:1200"), `label` (a part of the
    device's name) and `device` (a path, best one of /dev/input/by-id); see docs/engineer.md for
    the others. Raises ValueError."""
    unknown = set(options) - {
        "usb", "label", "device", "layout", "suffix", "gap_ms", "prefix", "tail", "separator",
    }  # fmt: skip
    if unknown:
        raise ValueError(f"a wedge scanner has no option {', '.join(sorted(unknown))}")
    return make_over(Linux(), name, options, monotonic)


def make_over(
    kernel: Kernel,
    name: str,
    options: Mapping[str, str | int | bool],
    monotonic: Callable[[], float],
    there: Callable[[], list[Node]] = inputs.nodes,
) -> LineScanner:
    """As `make`, over a kernel and a list of devices of the caller's choice."""
    where = _where(options)
    layout = LAYOUTS.get(str(options.get("layout", "us")))
    if layout is None:
        raise ValueError(f"layout is one of {', '.join(LAYOUTS)}, not {options['layout']!r}")
    suffix = options.get("suffix", "key")
    if suffix not in _SUFFIXES:
        raise ValueError(f"suffix of a wedge scanner is one of {', '.join(_SUFFIXES)}")
    gap = options.get("gap_ms", 100)
    if isinstance(gap, bool) or not isinstance(gap, int) or not 20 <= gap <= 1000:
        raise ValueError(f"gap_ms of a wedge scanner is from 20 to 1000, not {gap!r}")
    gap_s = gap / 1000 if suffix == "none" else None
    wire = WedgeWire(where, lambda held: Keys(layout, gap_s, held), kernel, there)
    return LineScanner(name, wire, monotonic, Form.of(options))


def _where(options: Mapping[str, str | int | bool]) -> Where:
    given = [key for key in ("usb", "label", "device") if options.get(key)]
    if len(given) != 1:
        raise ValueError("a wedge scanner needs one of usb, label, device")
    usb, label, device = (str(options.get(key, "")) for key in ("usb", "label", "device"))
    if usb and not re.fullmatch(r"[0-9a-fA-F]{4}:[0-9a-fA-F]{4}", usb):
        raise ValueError(f"usb is vendor:product in hexadecimal, such as 05e0:1200, not {usb!r}")
    if device and not device.startswith("/"):
        raise ValueError(f"device is a path, not {device!r}")
    return Where(usb, label, device)
