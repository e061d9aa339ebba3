"""`takeback demo`: the main job on any machine."""

from __future__ import annotations

import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kiosk.cli.common import fail, known_zone, speak


class Journey(StrEnum):
    """Scripts that walk by themselves."""

    SHOPPER = "shopper"
    COUNTER = "counter"


class Orientation(StrEnum):
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


def demo(
    journey: Annotated[
        Journey | None,
        typer.Option(help="Walk one whole visit without a person, and say how it went."),
    ] = None,
    counter: Annotated[
        bool, typer.Option("--counter", help="A staffed counter in the kiosk's place.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="With --journey: the centre is down during the visit.")
    ] = False,
    camera: Annotated[
        Path | None,
        typer.Option(help="A photo or a video instead of a camera.", exists=True, dir_okay=False),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Keep the demo's world in this folder, to come back to.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where a journey puts its pictures.")] = Path(
        "out/journey"
    ),
    language: Annotated[str, typer.Option(help="The journey's language.")] = "en",
    orientation: Annotated[
        Orientation, typer.Option(help="Of the kiosk's panel.")
    ] = Orientation.PORTRAIT,
    timezone: Annotated[str, typer.Option(help="The shop's, IANA name.")] = "Europe/Berlin",
    vnc_port: Annotated[
        int, typer.Option(help="Where the window is served without a screen.", min=1, max=65535)
    ] = 5900,
    draw: Annotated[
        Path | None, typer.Option(help="Only draw the things to hold up into this folder.")
    ] = None,
) -> None:
    """The kiosk's window, a centre on loopback, sample returns, and paper: all in one go."""
    from kiosk.demo.centre import CentreFailed
    from kiosk.demo.show import Wishes, run
    from kiosk.demo.world import EnrolmentFailed

    if offline and journey is None:
        fail("--offline belongs to --journey; in the dock you stop the centre yourself", code=2)
    known_zone(timezone)
    speak(language)
    with tempfile.TemporaryDirectory(prefix="takeback-demo-") as scratch:
        folder = (data or Path(scratch)).resolve()
        if draw is not None:
            _draw(folder, draw)
            return
        wishes = Wishes(
            folder,
            out.resolve(),
            journey is not None,
            offline,
            camera,
            language,
            orientation.value,
            timezone,
            vnc_port,
            counter or journey is Journey.COUNTER,
        )
        try:
            code = run(wishes)
        except (CentreFailed, EnrolmentFailed) as error:
            fail(str(error))
    raise typer.Exit(code)


def _draw(folder: Path, into: Path) -> None:
    from kiosk.demo.hands import save, things
    from kiosk.demo.world import World

    into.mkdir(parents=True, exist_ok=True)
    for thing in things(World(folder)):
        typer.echo(f"{save(thing, into)}  {thing.title}")
