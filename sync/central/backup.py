"""A copy of the centre's database while it serves, and the way back from it.

SQLite is copied by its own online backup, PostgreSQL by `pg_dump` and `pg_restore`, which must be
of the server's version or newer. A copy has its name only once it is whole and was read back. A
database is restored into an empty place, never over one that is there.

Kiosks keep what they told for 30 days and longer: after the way back from a copy they notice that
the centre knows less, and tell the rest again (docs/centre.md).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from sync.central.database import Database

_NEVER = frozenset({"password", "context", "autocommit"})


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no copy, or why nothing was restored; a sentence for the operator."""

    why: str


@dataclass(frozen=True, slots=True)
class Done:
    """`size` of the copy in bytes."""

    size: int


def back_up(url: str, into: Path, tools: Path | None = None) -> Done | Failed:
    """Copy the database at `url` into the new file `into`. `tools` is the folder of pg_dump and
    pg_restore where they are not on the path. Raises OSError where the disk does not do."""
    if into.exists():
        return Failed(f"{into} is there already; a copy is never written over another")
    partial = into.with_name(into.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        database = Database(url)
        try:
            why = _copy_file(database, partial) if database.sqlite else _dump(url, partial, tools)
        finally:
            database.close()
        if why:
            return Failed(why)
        size = partial.stat().st_size
        _named(partial, into)
        return Done(size)
    finally:
        partial.unlink(missing_ok=True)


def restore(url: str, copy: Path, tools: Path | None = None) -> Done | Failed:
    """Fill the empty database at `url` from a copy. Its schema is the copy's: bring it up to date
    with `migrate` before anybody is served."""
    if not copy.is_file():
        return Failed(f"{copy}: there is no such file")
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        why = _bring_file(Path(parsed.database or ""), copy)
    else:
        why = _load(url, copy, tools)
    return Failed(why) if why else Done(copy.stat().st_size)


def _named(partial: Path, path: Path) -> None:
    """The last step: on the disk first, then under its name."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _copy_file(database: Database, partial: Path) -> str:
    source = Path(database.engine.url.database or "")
    if not source.is_file():
        return f"{source}: there is no such database"
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(partial)) as there:
        here.backup(there)
        there.execute("PRAGMA journal_mode=DELETE")  # one file, whole without others beside it
    return _unsound(partial)


def _unsound(path: Path) -> str:
    """What is wrong with a SQLite file of the centre, "" for nothing."""
    try:
        with closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)) as c:
            said = c.execute("PRAGMA integrity_check").fetchone()[0]
            known = c.execute("SELECT count(*) FROM alembic_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        return f"{path.name} is no database of the centre: {error}"
    if said != "ok":
        return f"{path.name} is damaged: {said}"
    return "" if known else f"{path.name} has no schema"


def _bring_file(target: Path, copy: Path) -> str:
    for ending in ("", "-wal", "-shm", "-journal"):  # SQLite takes what lies beside it for its own
        there = target.with_name(target.name + ending)
        if there.exists():
            return f"{there} is there already; move it away first"
    why = _unsound(copy)
    if why:
        return why
    partial = target.with_name(target.name + ".partial")
    try:
        shutil.copyfile(copy, partial)
        partial.chmod(0o600)
        _named(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return ""


def _dump(url: str, partial: Path, tools: Path | None) -> str:
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--file={partial}")
    return _run("pg_dump", tools, url, options, "--dbname") or _run(
        "pg_restore", tools, None, ("--list", str(partial)), ""
    )


def _load(url: str, copy: Path, tools: Path | None) -> str:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as c:
            there = sa.inspect(c).get_table_names()
    finally:
        engine.dispose()
    if there:
        return f"the database has {len(there)} tables already; restore into an empty one"
    options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    return _run("pg_restore", tools, url, (*options, str(copy)), "--dbname")


def _run(name: str, tools: Path | None, url: str | None, options: Sequence[str], to: str) -> str:
    """Why a tool of PostgreSQL failed, "" where it did not. The password goes by environment:
    everybody can read command lines."""
    found = shutil.which(name, path=str(tools) if tools else None)
    if found is None:
        return f"{name} is not here; install postgresql-client, or name its folder with --tools"
    environment = dict(os.environ)
    where: list[str] = []
    if url is not None:
        password, info = _address(url)
        where = [f"{to}={info}"]
        if password:
            environment["PGPASSWORD"] = password
    done = subprocess.run(  # noqa: S603 - found on the path, arguments of ours
        [found, *where, *options],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return ""
    said = [line for line in done.stderr.splitlines() if line.strip()]
    return said[0] if said else f"{name} ended with {done.returncode}"


def _address(url: str) -> tuple[str, str]:
    """The password, and everything else as libpq wants it."""
    engine = sa.create_engine(url)
    _, told = engine.dialect.create_connect_args(engine.url)
    engine.dispose()
    info = make_conninfo(**{name: one for name, one in told.items() if name not in _NEVER})
    return str(told.get("password", "")), info
