"""The counter's lifecycles as docs/counter.md has them: `python -m tests.domain.counter.tables`."""

from __future__ import annotations

import re
from typing import Any

from kiosk.domain.counter.bags import BAGS
from kiosk.domain.counter.containers import CONTAINERS
from kiosk.domain.counter.manifests import MANIFESTS
from kiosk.domain.counter.parcels import PARCELS
from kiosk.domain.counter.table import Goes, Row, Table

TABLES: tuple[Table[Any], ...] = (PARCELS, BAGS, CONTAINERS, MANIFESTS)


def as_markdown(table: Table[Any]) -> str:
    """Its steps, then what each state says to any other fact."""
    lines = [f"### {table.name}", "| from | when | becomes | |", "|---|---|---|---|"]
    lines += [_step(table, row) for row in table.rows]
    lines += ["", "| in | anything else is refused with | next |", "|---|---|---|"]
    for state in table.states:
        refused = table.refusal(state)
        lines.append(f"| {_shout(state)} | {_plain(refused.because)} | {_plain(refused.then)} |")
    return "\n".join(lines) + "\n"


def _step(table: Table[Any], row: Row[Any]) -> str:
    known = tuple(state for state in table.states if state != "unknown")
    of = "any but UNKNOWN" if set(row.of) == set(known) else ", ".join(map(_shout, row.of))
    match row.to:
        case Goes.NOWHERE:
            to = "the same"
        case Goes.BACK:
            to = "what it was before"
        case state:
            to = _shout(state)
    fact = re.sub(r"(?<!^)(?=[A-Z])", " ", row.fact.__name__).lower()
    return f"| {of} | {fact} | {to} | {'+' if row.added else ''} |"


def _shout(state: str) -> str:
    return str(state).upper()


def _plain(code: str) -> str:
    return str(code).replace("_", " ")


if __name__ == "__main__":
    print("\n".join(as_markdown(table) for table in TABLES))
