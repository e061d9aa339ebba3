"""Who took which rows away: a line in the audit for every file."""

from __future__ import annotations

from datetime import datetime

from sync.central.audit import Actor, changed
from sync.central.database import Database
from sync.central.exports.asking import Asked


def note(database: Database, actor: Actor, now: datetime, asked: Asked) -> None:
    """Before the first byte goes out: a file that breaks off was begun all the same."""
    merchants = asked.scope.merchants
    told = {
        "what": asked.what.value,
        "form": asked.form.value,
        "first": str(asked.first),
        "last": str(asked.last),
        "site": asked.site,
        "merchants": "" if merchants is None else " ".join(sorted(merchants)),
    }
    after = {name: value for name, value in told.items() if value}
    database.write(lambda c: changed(c, actor, now, "export.taken", asked.file_name, after=after))
