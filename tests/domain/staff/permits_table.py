"""The table of permits as docs/counter.md has it: `python -m tests.domain.staff.permits_table`."""

from __future__ import annotations

from itertools import groupby

from kiosk.domain.counter.commands import Role
from kiosk.domain.staff.overrides import name_of
from kiosk.domain.staff.permits import TABLE, Row


def as_markdown() -> str:
    """Acts of equal rows stand in one line, in the order of the table."""
    rows = sorted(TABLE.items(), key=lambda item: _cells(item[1]))
    lines = ["| act | alone | with a supervisor beside them |", "|---|---|---|"]
    for cells, acts in groupby(rows, key=lambda item: _cells(item[1])):
        names = ", ".join(name_of(act) for act, _ in acts)
        lines.append(f"| {names} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines) + "\n"


def _cells(row: Row) -> tuple[str, str]:
    alone = ", ".join(role.value for role in Role if role in row.alone)
    helped = ", ".join(role.value for role in Role if role in row.helped)
    if row.limit is None:
        return alone, helped
    above = f"above the limit {row.limit.value}: {alone}"
    return f"{alone}, up to a limit", f"{helped}; {above}" if helped else above


if __name__ == "__main__":
    print(as_markdown(), end="")
