"""`takeback scan`: what the scanning engine reads in a picture, a video or a camera."""

from __future__ import annotations

import queue
from pathlib import Path
from typing import Annotated

import typer

from kiosk.cli.code import about, parse
from kiosk.cli.common import DEFAULT_SETTINGS, AsJson, SettingsPath, fail, put_json
from kiosk.ports import DeviceStatus, ScanHint, Scanned, ScannerReport


def scan(
    files: Annotated[list[Path] | None, typer.Argument(help="Pictures or videos.")] = None,
    camera: Annotated[
        str | None, typer.Option(help="A camera: its number or path; until interrupted.")
    ] = None,
    held: Annotated[
        bool, typer.Option("--held", help="Live: what the settings' hand-held scanners send.")
    ] = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Read the codes in files, or live from a camera, and say what each is.

    With --held, what each hand-held scanner of the settings sends, and what to change in it.

    Exit code 1 if a file shows no code, 2 if one cannot be read; the others are read all the same.
    With --json one object a file, each on a line.
    """
    if (camera is not None) + bool(files) + held > 1:
        fail("either files, --camera or --held, not both", code=2)
    if held:
        from kiosk.cli.held import held as listen

        listen(settings, as_json)
        return
    if camera is not None:
        _live(camera, as_json)
        return
    if not files:
        fail("name at least one file, or --camera or --held", code=2)
    worst = max([_file(file, as_json) for file in files])
    if worst:
        raise typer.Exit(worst)


def _file(file: Path, as_json: bool) -> int:
    """0 for a file with a code in it, 1 for one without, 2 for no picture at all."""
    from drivers.scanners import report
    from kiosk.world import SystemClock

    try:
        found = report.scan_file(file, SystemClock().monotonic)
    except (ValueError, OSError) as error:
        sentence = str(error) if file.exists() else f"{file}: there is no such file"
        if as_json:
            put_json({"file": str(file), "ms": 0.0, "reads": [], "error": sentence})
        typer.echo(sentence, err=True)
        return 2
    if as_json:
        put_json(report.as_dict(found))
    else:
        typer.echo(report.as_text(found))
        for read in found.reads:
            typer.echo(f"    {about(parse(read.text, read.raw, read.aim))[1]}")
    return 0 if found.reads else 1


def _live(camera: str, as_json: bool) -> None:
    from drivers.registry import scanner_factory
    from kiosk.world import SystemClock

    device: str | int = int(camera) if camera.isdecimal() else camera
    if isinstance(device, str) and not device.startswith("/"):
        fail(f"a camera is a number or a path such as /dev/video0, not {camera!r}", code=2)
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
                typer.echo(f"    {about(parse(text, raw, aim))[1]}")
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
