"""`takeback scan`: what the scanning engine reads in a picture, a video or a camera."""

from __future__ import annotations

import queue
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.code import about, parse
from kiosk.cli.common import DEFAULT_SETTINGS, AsJson, SettingsPath, fail, put_json
from kiosk.ports import DeviceStatus, ScanHint, Scanned, Scanner, ScannerReport, Symbology

if TYPE_CHECKING:
    from drivers.scanners.camera import Figures

_FIGURES_S = 2.0


def scan(
    files: Annotated[list[Path] | None, typer.Argument(help="Pictures or videos.")] = None,
    camera: Annotated[
        str | None, typer.Option(help="A camera: its number or path; until interrupted.")
    ] = None,
    held: Annotated[
        bool, typer.Option("--held", help="Live: what the settings' hand-held scanners send.")
    ] = False,
    only: Annotated[
        list[Symbology] | None,
        typer.Option(help="Look for this family alone, as a screen does; may be said again."),
    ] = None,
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
    if only and Symbology.UNKNOWN in only:
        fail("unknown is no family that can be looked for", code=2)
    if held:
        from kiosk.cli.held import held as listen

        listen(settings, as_json)
        return
    if camera is not None:
        _live(camera, only, as_json)
        return
    if not files:
        fail("name at least one file, or --camera or --held", code=2)
    worst = max([_file(file, only, as_json) for file in files])
    if worst:
        raise typer.Exit(worst)


def _file(file: Path, only: list[Symbology] | None, as_json: bool) -> int:
    """0 for a file with a code in it, 1 for one without, 2 for no picture at all."""
    from drivers.scanners import report
    from drivers.scanners.formats import EVERYDAY
    from kiosk.world import SystemClock

    clock, expected = SystemClock(), only or EVERYDAY
    try:
        # People are told each attempt with its time; who asks for JSON asks for many files.
        found = report.scan_file(file, clock.monotonic, expected, thoroughly=not as_json)
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


def _live(camera: str, only: list[Symbology] | None, as_json: bool) -> None:
    from drivers.registry import scanner_factory
    from kiosk.world import SystemClock

    device: str | int = int(camera) if camera.isdecimal() else camera
    if isinstance(device, str) and not device.startswith("/"):
        fail(f"a camera is a number or a path such as /dev/video0, not {camera!r}", code=2)
    reports: queue.SimpleQueue[ScannerReport] = queue.SimpleQueue()
    scanner = scanner_factory("camera")("camera", {"device": device}, SystemClock().monotonic)
    if only:
        scanner.expect(frozenset(only))
    scanner.start(reports.put)
    since, before = SystemClock().monotonic(), scanner_figures(scanner)
    try:
        while True:
            try:
                _tell(reports.get(timeout=_FIGURES_S), as_json)
            except queue.Empty:
                now, figures = SystemClock().monotonic(), scanner_figures(scanner)
                if figures is not None and before is not None:
                    put_figures(figures, before, now - since, as_json)
                since, before = now, figures
    except KeyboardInterrupt:
        pass
    finally:
        scanner.stop()


def scanner_figures(scanner: Scanner) -> Figures | None:
    """What a camera has done so far; None for anything else."""
    from drivers.scanners.camera import Camera

    return scanner.figures() if isinstance(scanner, Camera) else None


def put_figures(now: Figures, before: Figures, seconds: float, as_json: bool) -> None:
    """While nothing else is to be told: the frames since the last time, and the exposure."""
    rates: dict[str, object] = {
        "frames_a_second": round((now.frames - before.frames) / seconds, 1),
        "looks_a_second": round((now.looks - before.looks) / seconds, 1),
        "stale": now.stale,
        "exposure_step": now.step,
        "attention": now.attention.value,
    }
    if as_json:
        put_json({"figures": rates})
    else:
        typer.echo("  ".join(f"{name.replace('_', ' ')} {value}" for name, value in rates.items()))


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
