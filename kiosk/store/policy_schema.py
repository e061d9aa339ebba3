"""The tables of policy-<number>.db and the questions asked of them, as SQL.

A **whole** file holds all returns of a bundle. A **layer** holds what changed since the whole
file `base`: `returns` that were put and ids that were `removed`, both hiding the base's row of
that return. Whoever looks up sees the layer first and through it the base, by every key alike: a
return whose short code changed is not found by its old one.

Plain SQL and no table objects: ten million rows go through here, and a verdict waits for each
look-up.
"""

from __future__ import annotations

from enum import StrEnum

FORM = 2
"""PRAGMA user_version: the form of rows and tables. The first form bears 0: JSON text as `body`,
no `base`, at its oldest no `third_party`; it is still read."""
KNOWN = frozenset({0, FORM})

TABLES = (
    "CREATE TABLE bundle (number INTEGER PRIMARY KEY, previous INTEGER NOT NULL,"
    " tenant TEXT NOT NULL, scope TEXT NOT NULL, issued TEXT NOT NULL, warn_after TEXT NOT NULL,"
    " accept_until TEXT NOT NULL, content TEXT NOT NULL, base INTEGER NOT NULL)",
    # The look-up keys are NULL where what the bundle brings cannot be typed.
    "CREATE TABLE returns (return_id TEXT NOT NULL, short_code TEXT, order_number TEXT,"
    " postal_code TEXT, body BLOB NOT NULL)",
    "CREATE TABLE third_party (fingerprint TEXT NOT NULL, return_id TEXT NOT NULL)",
    f"PRAGMA user_version={FORM}",
)
# Made after a whole file's rows: sorting once is faster than keeping order all along.
INDEXES = (
    "CREATE UNIQUE INDEX uq_returns_return_id ON returns (return_id)",
    "CREATE INDEX ix_returns_short_code ON returns (short_code) WHERE short_code IS NOT NULL",
    "CREATE INDEX ix_returns_order ON returns (order_number, postal_code)"
    " WHERE order_number IS NOT NULL",
    "CREATE INDEX ix_third_party_fingerprint ON third_party (fingerprint)",
)
LAYER = (
    "CREATE TABLE removed (return_id TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE INDEX ix_third_party_return_id ON third_party (return_id)",
)

PUT_INFO = "INSERT INTO bundle VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
PUT_RETURN = "INSERT INTO returns VALUES (?, ?, ?, ?, ?)"
PUT_NAMED = "INSERT INTO third_party (return_id, fingerprint) VALUES (?, ?)"
# In a layer a return may stand already, from an earlier change since the base.
FORGET = (
    "DELETE FROM returns WHERE return_id = ?",
    "DELETE FROM third_party WHERE return_id = ?",
    "DELETE FROM removed WHERE return_id = ?",
)
HIDE = "INSERT INTO removed VALUES (?)"


class By(StrEnum):
    """What a shopper has, as a condition on `returns`; {at} is the file that is asked."""

    RETURN = "return_id = ?"
    SHORT = "short_code = ?"
    ORDER = "order_number = ? AND postal_code = ?"
    THIRD_PARTY = (
        "return_id IN (SELECT return_id FROM {at}.third_party AS n WHERE n.fingerprint = ?)"
    )


_HIDDEN = (
    "EXISTS (SELECT 1 FROM {layer}.returns AS p WHERE p.return_id = {row}.return_id)"
    " OR EXISTS (SELECT 1 FROM {layer}.removed AS x WHERE x.return_id = {row}.return_id)"
)


def find(by: By, layered: bool) -> str:
    """Bodies with their return ids. In a layered file the parameters are given twice."""
    found = _select(by, "main")
    if not layered:
        return found
    hidden = _HIDDEN.format(layer="main", row="r")
    return f"{found} UNION ALL {_select(by, 'base')} AND NOT ({hidden})"


def _select(by: By, at: str) -> str:
    where = by.value.format(at=at)
    return f"SELECT r.return_id, r.body FROM {at}.returns AS r WHERE {where}"  # noqa: S608 - ours


def merge(table: str) -> tuple[str, str]:
    """What fills a new whole file's table from the attached `base` and `layer`."""
    hidden = _HIDDEN.format(layer="layer", row="r")
    return (
        f"INSERT INTO main.{table} SELECT * FROM base.{table} AS r WHERE NOT ({hidden})",  # noqa: S608 - ours
        f"INSERT INTO main.{table} SELECT * FROM layer.{table}",  # noqa: S608 - ours
    )
