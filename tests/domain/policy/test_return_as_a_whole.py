"""What the lines of one return come to together, before any rule looks."""

from __future__ import annotations

from typing import Any

from kiosk.domain.policy.whole import prepare


def test_a_line_of_which_fewer_than_nothing_is_brought_counts_as_not_brought(
    situation: Any,
) -> None:
    """Whoever miscounts must not lower the value or the number of what the others bring."""
    lines = situation.together({"brought": 2}, {"brought": -1})
    whole = prepare(lines)[0].whole
    assert (whole.lines, whole.units, whole.value) == (1, 2, 9998)
