"""What the subcommands share: options, how they answer, and how they fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from kiosk.settings import Settings
    from kiosk.words import Words

DEFAULT_SETTINGS = Path("/etc/takeback/takeback.toml")

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]
SettingsPath = Annotated[
    Path, typer.Option("--settings", help="The kiosk's settings file.", envvar="TAKEBACK_SETTINGS")
]
Language = Annotated[str, typer.Option(help="Words in this language, as en or de.")]


class House(TyperGroup):
    """Turns what disks, libraries and databases do to a command into one sentence. What is left
    is a fault of ours, and keeps its traceback."""

    def invoke(self, ctx: Any) -> Any:  # the library keeps its type to itself
        from kiosk.store.errors import StoreFailed

        try:
            return super().invoke(ctx)
        except StoreFailed as failure:
            fail(f"the ledger does not do as it should: {failure}; run: takeback doctor")
        except BrokenPipeError:
            raise  # whoever read us has gone; the library below leaves quietly
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            fail(f"{where}{error.strerror or error}")
        except ImportError as error:
            fail(f"a library does not load: {error}; run: takeback doctor")


def put_json(value: Any) -> None:
    """One JSON document on standard output."""
    typer.echo(msgspec.json.encode(value, order="sorted", enc_hook=_plain).decode())


def _plain(value: Any) -> str:
    """What a check found goes out as its English (kiosk.domain.sentences)."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no part of a document")


def fail(sentence: str, code: int = 1) -> NoReturn:
    """Say why on standard error and leave with `code`."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def table(rows: list[tuple[str, ...]]) -> None:
    """Columns as wide as their longest cell."""
    if not rows:
        return
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = zip(row, widths, strict=True)
        typer.echo("  ".join(cell.ljust(width) for cell, width in cells).rstrip())


def read_settings(path: Path) -> Settings:
    """The settings, or a sentence on standard error and exit code 2."""
    from kiosk.settings import SettingsError, load

    try:
        return load(path)
    except SettingsError as error:
        hint = "" if path.exists() else "; name another file with --settings"
        fail(f"{error}{hint}", code=2)


def speak(language: str) -> Words:
    """The words of a language, or a sentence and exit code 2: never another language unasked."""
    from kiosk.words import words

    known = words("en").languages()
    if language.partition("-")[0] not in known and language not in known:
        fail(f"there are no words for {language!r}; there are: {', '.join(known)}", code=2)
    return words(language)


def known_zone(name: str) -> str:
    """The name of a time zone that exists, or a sentence and exit code 2."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fail(f"there is no time zone {name!r}; take an IANA name such as Europe/Berlin", code=2)
    return name


@contextmanager
def drawing() -> Iterator[None]:
    """Qt draws the paper, and needs an application for its fonts, but no screen. On the main
    thread, where Qt wants its application."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui.paper import application

    kept = application()
    yield
    del kept


def as_owner(data: Path) -> None:
    """Files made by another user (root, mostly) would lock the kiosk out of its own data."""
    from kiosk.checks.keeping import user

    if data.exists() and data.stat().st_uid != os.geteuid():
        owner = user(data.stat().st_uid)
        fail(f"{data} belongs to {owner}: run this as that user, with sudo -u {owner}")
