"""Every driver by name, imported only when it is asked for.

A factory is `module:function`. Scanner factories take (name, options, monotonic) and printer
factories (name, width_dots, dpi, options, rasterise, monotonic). Raises KeyError for an unknown
name, ValueError for unusable options, both with a sentence for the engineer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from kiosk.ports import Printer, Rasteriser, Scanner

Options = Mapping[str, str | int | bool]
ScannerFactory = Callable[[str, Options, Callable[[], float]], Scanner]
PrinterFactory = Callable[[str, int, int, Options, Rasteriser, Callable[[], float]], Printer]

SCANNERS = {
    "camera": "drivers.scanners.camera:make",
    "virtual-camera": "drivers.virtual.camera:make",
    "wedge": "drivers.scanners.held.wedge:make",
    "serial": "drivers.scanners.held.serial:make",
    "hid-pos": "drivers.scanners.held.pos:make",
}

HELD = frozenset({"wedge", "serial", "hid-pos"})
"""Those with a decoder of their own: drivers.scanners.held.line.LineScanner all of them."""

PRINTERS = {
    "escpos-network": "drivers.printers.escpos_printer:make_network",
    "escpos-usb": "drivers.printers.escpos_printer:make_usb",
    "escpos-serial": "drivers.printers.escpos_printer:make_serial",
    "escpos-file": "drivers.printers.escpos_printer:make_file",
    "zpl-network": "drivers.printers.zpl_printer:make_network",
    "zpl-usb": "drivers.printers.zpl_printer:make_usb",
    "zpl-serial": "drivers.printers.zpl_printer:make_serial",
    "zpl-file": "drivers.printers.zpl_printer:make_file",
}

LABELS = frozenset(name for name in PRINTERS if name.startswith("zpl-"))
"""Those that print labels; receipts and manifests go to the others."""


def _load(table: Mapping[str, str], family: str, driver: str) -> object:
    if driver not in table:
        known = ", ".join(sorted(table))
        raise KeyError(f"no {family} driver is called {driver!r}; there are: {known}")
    module, _, function = table[driver].partition(":")
    return getattr(import_module(module), function)


def scanner_factory(driver: str) -> ScannerFactory:
    return cast(ScannerFactory, _load(SCANNERS, "scanner", driver))


def printer_factory(driver: str) -> PrinterFactory:
    return cast(PrinterFactory, _load(PRINTERS, "printer", driver))
