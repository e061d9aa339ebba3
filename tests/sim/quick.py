"""Statements compiled once for the process and not once for every start of a kiosk.

SQLAlchemy keeps its compiled statements by engine and dialect; a simulated kiosk makes an engine
at every start, and compiling was two thirds of all work. Nothing that is executed changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import sqlalchemy as sa

from kiosk.store import database


@contextmanager
def compiled_once() -> Iterator[None]:
    make, first = database._engine, []

    def engine(*asked: Any) -> sa.Engine:
        made = make(*asked)
        if not first:
            made.connect().close()  # lets the dialect learn what this SQLite can do
            first.append(made)
        made.dialect = first[0].dialect
        made._compiled_cache = first[0]._compiled_cache
        return made

    with mock.patch.object(database, "_engine", engine):
        yield
