"""`takeback scan --held`: what each hand-held scanner sends, and what its settings lack."""

from __future__ import annotations

import queue
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kiosk.cli.common import fail, put_json, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from drivers.scanners.held.line import LineScanner
    from drivers.scanners.held.typed import Sent
    from kiosk.ports import Scanned, ScannerReport
    from kiosk.settings import Scanner


def held(settings: Path, as_json: bool) -> None:
    """Live, until interrupted or the input ends (Ctrl+D). Takes the scanners for itself: stop the
    kiosk first."""
    from drivers.registry import HELD
    from drivers.scanners.held.line import LineScanner

    heard: queue.SimpleQueue[tuple[Scanner, Sent | ScannerReport] | None] = queue.SimpleQueue()
    started: list[LineScanner] = []
    for installed in read_settings(settings).scanners:
        device = _made(installed) if installed.driver in HELD else None
        if isinstance(device, LineScanner):
            device.notice = _put(heard, installed)
            started.append(device)
            device.start(_put(heard, installed))
    if not started:
        fail("the settings name no hand-held scanner; see docs/engineer.md")
    if not as_json:
        _show_test_code()
    try:
        _listen(heard, as_json)
    finally:
        for device in started:
            device.stop()


def _made(installed: Scanner) -> object:
    from drivers.registry import scanner_factory
    from kiosk.world import SystemClock

    try:
        factory = scanner_factory(installed.driver)
        return factory(installed.name, installed.options, SystemClock().monotonic)
    except (KeyError, ValueError) as error:
        fail(f"{installed.name}: {error.args[0]}", code=2)


def _put(
    heard: queue.SimpleQueue[tuple[Scanner, Sent | ScannerReport] | None], installed: Scanner
) -> Callable[[Sent | ScannerReport], None]:
    return lambda what: heard.put((installed, what))


def _listen(
    heard: queue.SimpleQueue[tuple[Scanner, Sent | ScannerReport] | None], as_json: bool
) -> None:
    import threading

    def until_the_input_ends() -> None:
        sys.stdin.read()
        heard.put(None)

    threading.Thread(target=until_the_input_ends, name="input", daemon=True).start()
    try:
        while (one := heard.get()) is not None:
            _tell(*one, as_json=as_json)
    except KeyboardInterrupt:
        pass


def _show_test_code() -> None:
    """As a QR code in the terminal, dark on light, which every imager reads from a screen."""
    import segno

    from drivers.scanners.held.advice import TEST_TEXT

    segno.make_qr(TEST_TEXT, error="m").terminal(compact=True, border=2)
    typer.echo("Scan this code with each scanner, then any others. Ctrl+C ends.")


def _tell(installed: Scanner, what: Sent | ScannerReport, *, as_json: bool) -> None:
    from drivers.scanners.held.typed import Sent
    from kiosk.ports import DeviceStatus, Scanned

    match what:
        case Sent():
            _tell_sent(installed, what, as_json)
        case DeviceStatus(state=state, fault=fault, detail=detail):
            if as_json:
                put_json(
                    {"scanner": installed.name, "state": state, "fault": fault, "detail": detail}
                )
            else:
                told = " ".join(filter(None, (state.value, fault.value, detail)))
                typer.echo(f"{installed.name}: {told}")
        case Scanned():
            _tell_scan(installed, what, as_json)
        case _:
            pass  # hints come from cameras


def _tell_sent(installed: Scanner, sent: Sent, as_json: bool) -> None:
    from drivers.scanners.held.advice import advice
    from drivers.scanners.held.typed import Form

    form = Form.of(installed.options)
    found = advice(sent, form, str(installed.options.get("layout", "us")))
    if as_json:
        put_json(
            {
                "scanner": installed.name,
                "sent": sent.payload.hex(),
                "end": sent.end,
                "whole": sent.whole,
                "lasted_ms": round(sent.lasted, 1),
                "slowest_ms": round(sent.slowest, 1),
                "ignored_keys": sent.ignored,
                "advice": [{"finding": one.finding, "mend": one.mend} for one in found],
            }
        )
        return
    typer.echo(
        f"{installed.name}: {sent.payload!r}, end: {sent.end.value}, {sent.lasted:.0f} ms, "
        f"longest pause {sent.slowest:.0f} ms, {sent.ignored} keys without meaning"
    )
    for one in found:
        typer.echo(f"    {one.finding.value}{': ' if one.mend else ''}{one.mend}")


def _tell_scan(installed: Scanner, scan: Scanned, as_json: bool) -> None:
    from kiosk.cli.code import about, parse

    what = about(parse(scan.text, scan.raw, scan.aim))[1]
    if as_json:
        read = {"symbology": scan.symbology, "aim": scan.aim, "text": scan.text}
        put_json({"scanner": installed.name, "read": {**read, "bytes": scan.raw.hex()}})
    else:
        typer.echo(f"    {scan.symbology.value} {scan.aim}  {what}")
