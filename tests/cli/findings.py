"""What `takeback doctor` found, by name."""

from __future__ import annotations

from kiosk.checks import Check


def found(answer) -> dict[str, dict]:
    """The checks by name; every wrong one must name a mend."""
    told = answer.json["checks"]
    assert [c["name"] for c in told if not c["well"] and not c["mend"]] == []
    return {check["name"]: check for check in told}


def by_name(some: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in some}
