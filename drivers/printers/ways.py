"""The ways to a printer, as settings name them: one factory each for network, serial line, USB and
a file, whatever language the printer speaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from drivers.printers.options import Options, Reader
from drivers.printers.transports import Transport
from drivers.printers.transports.file import File
from drivers.printers.transports.network import Network
from kiosk.ports import Printer, Rasteriser

P_co = TypeVar("P_co", bound=Printer, covariant=True)


class Make(Protocol[P_co]):
    """A printer behind a way. `read` has what is left of the options: the language's own."""

    def __call__(
        self,
        name: str,
        width: int,
        dpi: int,
        read: Reader,
        transport: Transport,
        rasterise: Rasteriser,
        monotonic: Callable[[], float],
    ) -> P_co: ...


class Factory(Protocol[P_co]):
    """As drivers.registry calls it. ValueError for options that cannot be used."""

    def __call__(
        self,
        name: str,
        width: int,
        dpi: int,
        options: Options,
        rasterise: Rasteriser,
        monotonic: Callable[[], float],
    ) -> P_co: ...


def network(read: Reader) -> Transport:
    """Options: host (needed), port 9100, connect_ms 2000."""
    return Network(
        read.text("host"),
        read.number("port", 9100, 1, 65535),
        read.number("connect_ms", 2000, 50, 10000) / 1000,
    )


def serial(baud: int, flow: str) -> Callable[[Reader], Transport]:
    """Options: device (needed), baud, flow rtscts | dsrdtr | xonxoff | none; with these where
    none are told."""

    def way(read: Reader) -> Transport:
        from drivers.printers.transports.serial import Flow, Serial

        usual = Flow(flow)
        others = tuple(one for one in Flow if one is not usual)
        told = Flow(read.choice("flow", usual, *others))
        return Serial(read.text("device"), read.number("baud", baud, 1200, 921600), told)

    return way


def usb(read: Reader) -> Transport:
    """Options: vendor and product as numbers or "0x04b8"; neither: the first printer found."""
    from drivers.printers.transports.usb import Usb

    return Usb(read.usb_id("vendor"), read.usb_id("product"))


def file(read: Reader) -> Transport:
    """Options: path (needed): a device node, a named pipe, or a plain file that only grows."""
    return File(read.text("path"))


def factory(way: Callable[[Reader], Transport], make: Make[P_co]) -> Factory[P_co]:
    def made(
        name: str,
        width: int,
        dpi: int,
        options: Options,
        rasterise: Rasteriser,
        monotonic: Callable[[], float],
    ) -> P_co:
        read = Reader(name, options)
        return make(name, width, dpi, read, way(read), rasterise, monotonic)

    return made
