"""`takeback scan`: what the scanning engine reads in a picture, a video or a camera."""

from __future__ import annotations

import queue
from pathlib import Path
from typing import Annotated

import typer

from kiosk.cli.common import AsJson, fail, put_json
from kiosk.ports import DeviceStatus, ScanHint, Scanned, ScannerReport


def scan(
    files: Annotated[list[Path] | None, typer.Argument(help="Pictures or videos.")] = None,
    camera: Annotated[
        str | None, typer.Option(help="A camera: its number or path; until interrupted.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read the codes in files, or live from a camera, and say what each is."""
    if camera is not None:
        _live(camera, as_json)
        return
    if not files:
        fail("name at least one file, or --camera", code=2)
    unread = 0
    for file in files:
        unread += not _file(file, as_json)
    if unread:
        raise typer.Exit(1)


def _file(file: Path, as_json: bool) -> bool:
    from drivers.scanners import report
    from kiosk.cli.code import candidates
    from kiosk.world import SystemClock

    try:
        found = report.scan_file(file, SystemClock().monotonic)
    except (ValueError, OSError) as error:
        fail(f"{file}: {error}", code=2)
    if as_json:
        put_json(report.as_dict(found))
    else:
        typer.echo(report.as_text(found))
        for read in found.reads:
            for candidate in candidates(read.text):
                typer.echo(f"  is a {candidate['family']}: {candidate['number']}")
    return bool(found.reads)


def _live(camera: str, as_json: bool) -> None:
    from drivers.registry import scanner_factory
    from kiosk.world import SystemClock

    device: str | int = int(camera) if camera.isdigit() else camera
    reports: queue.SimpleQueue[ScannerReport] = queue.SimpleQueue()
    scanner = scanner_factory("camera")("camera", {"device": device}, SystemClock().monotonic)
    scanner.start(reports.put)
    try:
        while True:
            _tell(reports.get(), as_json)
    except KeyboardInterrupt:
        pass
    finally:
        scanner.stop()


def _tell(report: ScannerReport, as_json: bool) -> None:
    match report:
        case Scanned(text=text, symbology=symbology, aim=aim, raw=raw):
            if as_json:
                read = {"symbology": symbology, "aim": aim, "text": text, "bytes": raw.hex()}
                put_json({"read": read})
            else:
                typer.echo(f"{symbology.value} {aim}  {text!r}")
        case ScanHint(kind=kind):
            if as_json:
                put_json({"hint": kind})
            else:
                typer.echo(f"hint: {kind.value}")
        case DeviceStatus(state=state, fault=fault, detail=detail):
            if as_json:
                put_json({"state": state, "fault": fault, "detail": detail})
            else:
                typer.echo(f"camera: {state.value} {fault.value} {detail}".rstrip())
