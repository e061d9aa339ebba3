"""USB printer class, by pyusb and its raw bulk endpoints."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from drivers.printers.transports import Lost
from kiosk.ports import DeviceFault

PRINTER_CLASS = 7
CHUNK = 16384

Find = Callable[[int | None, int | None], Any]


def find_device(vendor: int | None, product: int | None) -> Any:
    """The first printer with these ids, or the first of the printer class when none are given.

    Raises usb.core.NoBackendError (a ValueError) without libusb.
    """
    import usb.core

    if vendor is not None:
        ids = {"idVendor": vendor} | ({"idProduct": product} if product is not None else {})
        return usb.core.find(**ids)
    return usb.core.find(custom_match=_is_printer)


def _is_printer(device: Any) -> bool:
    return any(
        interface.bInterfaceClass == PRINTER_CLASS
        for configuration in device
        for interface in configuration
    )


class Usb:
    """Takes the device away from the kernel's usblp while in use and gives it back."""

    def __init__(self, vendor: int | None, product: int | None, find: Find = find_device) -> None:
        self._ids = (vendor, product)
        self._find = find
        self._device: Any = None
        self._interface = 0
        self._detached = False
        self._out: Any = None
        self._in: Any = None

    @property
    def answers(self) -> bool:
        return self._device is None or self._in is not None

    def open(self) -> Lost | None:
        self.close()
        try:
            self._device = self._find(*self._ids)
            if self._device is None:
                return Lost(DeviceFault.NOT_FOUND, "no such USB printer")
            self._claim()
        except OSError as error:  # usb.core.USBError is one
            self.close()
            return _lost(error, DeviceFault.NOT_FOUND)
        except ValueError as error:
            self.close()
            return Lost(DeviceFault.NOT_FOUND, f"libusb is not usable: {error}")
        if self._out is None:
            self.close()
            return Lost(DeviceFault.NOT_FOUND, "the device has no bulk endpoint to write to")
        return None

    def _claim(self) -> None:
        import usb.util

        configuration = self._device.get_active_configuration()
        interfaces = list(configuration)
        printers = [i for i in interfaces if i.bInterfaceClass == PRINTER_CLASS]
        interface = (printers or interfaces)[0]
        self._interface = interface.bInterfaceNumber
        if self._device.is_kernel_driver_active(self._interface):
            self._device.detach_kernel_driver(self._interface)
            self._detached = True
        usb.util.claim_interface(self._device, self._interface)
        for endpoint in interface:
            if usb.util.endpoint_type(endpoint.bmAttributes) != usb.util.ENDPOINT_TYPE_BULK:
                continue
            if usb.util.endpoint_direction(endpoint.bEndpointAddress) == usb.util.ENDPOINT_OUT:
                self._out = self._out or endpoint
            else:
                self._in = self._in or endpoint

    def send(self, data: bytes, stall: float) -> Lost | None:
        if self._out is None:
            return Lost(DeviceFault.DISCONNECTED, "not open")
        at = 0
        while at < len(data):
            try:
                taken = int(self._out.write(data[at : at + CHUNK], round(stall * 1000)))
            except OSError as error:
                return _lost(error, DeviceFault.DISCONNECTED)
            if taken <= 0:
                return Lost(DeviceFault.NOT_ANSWERING, f"{len(data) - at} bytes were not taken")
            at += taken
        return None

    def receive(self, timeout: float) -> bytes | Lost:
        if self._in is None:
            return b"" if self._out is not None else Lost(DeviceFault.DISCONNECTED, "not open")
        try:
            # libusb reads 0 as "for ever".
            size = self._in.wMaxPacketSize
            return bytes(self._in.read(size, max(1, round(timeout * 1000))))
        except OSError as error:
            if _timed_out(error):
                return b""
            return _lost(error, DeviceFault.DISCONNECTED)

    def abandon(self) -> bool:
        return False  # a write returns only when the bytes are there

    def close(self) -> None:
        device, self._device, self._out, self._in = self._device, None, None, None
        detached, self._detached = self._detached, False
        if device is None:
            return
        import usb.util

        # pyusb raises NotImplementedError where its backend lacks the call.
        with suppress(OSError, ValueError, NotImplementedError):
            usb.util.release_interface(device, self._interface)
        with suppress(OSError, ValueError, NotImplementedError):
            if detached:
                device.attach_kernel_driver(self._interface)
        with suppress(OSError, ValueError, NotImplementedError):
            usb.util.dispose_resources(device)


def _timed_out(error: OSError) -> bool:
    return error.errno in (errno.ETIMEDOUT, 10060)


def _lost(error: OSError, otherwise: DeviceFault) -> Lost:
    match error.errno:
        case errno.EACCES | errno.EPERM:
            fault = DeviceFault.PERMISSION
        case errno.ENODEV:
            fault = DeviceFault.DISCONNECTED
        case errno.ETIMEDOUT:
            fault = DeviceFault.NOT_ANSWERING
        case _:
            fault = otherwise
    return Lost(fault, str(error))
