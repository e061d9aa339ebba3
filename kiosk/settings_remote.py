"""Which settings the centre may change, and a file's settings with such changes laid over them.

A closed list: what a shop or a shopper sees, and patience. Never where data and keys are, nor which
centre is believed: who holds the centre's key must not be able to move a kiosk away. Nor devices:
whether a printer prints, and where, is proven by whoever stands before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from kiosk.checks import Check
from kiosk.settings import Settings

CHANGEABLE = (
    "centre.timeout_s",
    "counter",
    "country",
    "languages",
    "opening_mm",
    "screen.theme",
    "site_name",
    "staffed",
    "timezone",
    "timing.done",
    "timing.idle",
    "timing.problem",
    "timing.receipt",
    "timing.warning",
)
_WHY = {
    "scanners": "devices are set by whoever stands before them",
    "printers": "devices are set by whoever stands before them",
    "screen": "the panel is set by whoever stands before it",
    "data_dir": "where data and keys are is set at the kiosk alone",
    "store": "where data and keys are is set at the kiosk alone",
    "centre": "which centre is believed is set at the kiosk alone",
}
"""Of a whole section, why the centre cannot change it; of all others only that it cannot."""


def over(settings: Settings, values: Mapping[str, Any]) -> Settings | str:
    """`settings` with `values` (dotted name -> JSON value) in their place, or in a sentence why
    not. What a name is given has to fit the model like a line of the file."""
    strange = sorted(name for name in values if name not in CHANGEABLE)
    if strange:
        why = {_WHY.get(name.partition(".")[0], "") for name in strange} - {""}
        told = f"{', '.join(strange)}: cannot be changed by the centre"
        return "; ".join([told, *sorted(why)])
    plain = msgspec.to_builtins(settings)
    for name, value in values.items():
        section, _, key = name.rpartition(".")
        (plain[section] if section else plain)[key] = value
    try:
        found = msgspec.convert(plain, Settings)
    except msgspec.ValidationError as error:
        return str(error)
    return _missing(found, values) or found


def _missing(found: Settings, values: Mapping[str, Any]) -> str:
    """What is named and is not on this machine: the kiosk would start without it, or not at all."""
    from kiosk.checks import machine

    looks: dict[str, Callable[[], Check]] = {
        "timezone": lambda: machine.zone(found.timezone),
        "languages": lambda: machine.languages(found),
        "screen.theme": lambda: machine.theme(found.screen.theme),
    }
    checks = [look() for name, look in looks.items() if name in values]
    return "; ".join(check.finding for check in checks if not check.well)
