"""`takeback central backup | restore`: a copy of the centre's database, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.central_database import DEFAULT_DATABASE, DatabaseUrl, sentences
from kiosk.cli.common import AsJson, fail, put_json

if TYPE_CHECKING:
    from sync.central.backup import Done, Failed

Copy = Annotated[Path, typer.Argument(help="The copy's file.")]
Tools = Annotated[
    Path | None,
    typer.Option(help="Folder of pg_dump and pg_restore, where they are not on the path."),
]


def backup(
    copy: Copy,
    database: DatabaseUrl = DEFAULT_DATABASE,
    tools: Tools = None,
    as_json: AsJson = False,
) -> None:
    """Copy the database into a new file while the centre serves; the copy is read back.

    It holds everything but the keys that sign bundles: those are files of their own.
    """
    from sync.central.backup import back_up

    with sentences(database):
        done = back_up(database, copy, tools)
    _tell(done, "copied", "into", copy, as_json)


def restore(
    copy: Copy,
    database: DatabaseUrl = DEFAULT_DATABASE,
    tools: Tools = None,
    as_json: AsJson = False,
) -> None:
    """Fill an empty database from a copy and bring its schema up to date; kiosks tell the rest.

    Nothing that is there is written over. Stop the centre first.
    """
    from sync.central.backup import Done, restore
    from sync.central.database import Database, migrate

    with sentences(database):
        done = restore(database, copy, tools)
        if isinstance(done, Done):
            made = Database(database)
            try:
                migrate(made)
            finally:
                made.close()
    _tell(done, "restored", "from", copy, as_json)


def _tell(done: Done | Failed, what: str, which: str, copy: Path, as_json: bool) -> None:
    from sync.central.backup import Failed

    if isinstance(done, Failed):
        fail(done.why)
    if as_json:
        put_json({what: str(copy), "bytes": done.size})
    else:
        typer.echo(f"{what} {which} {copy}, {done.size / 1e6:.1f} MB")
