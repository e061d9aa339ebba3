"""Which settings the centre may change, and a file's settings with such changes laid over them.

A closed list: what a shop or a shopper sees, and patience. Never where data, keys and devices are,
nor which centre is believed: who holds the centre's key must not be able to move a kiosk away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from kiosk.settings import Settings

CHANGEABLE = (
    "centre.timeout_s",
    "counter",
    "country",
    "opening_mm",
    "site_name",
    "staffed",
    "timing.done",
    "timing.idle",
    "timing.problem",
    "timing.receipt",
    "timing.warning",
)


def over(settings: Settings, values: Mapping[str, Any]) -> Settings | str:
    """`settings` with `values` (dotted name -> JSON value) in their place, or in a sentence why
    not. What a name is given has to fit the model like a line of the file."""
    strange = [name for name in values if name not in CHANGEABLE]
    if strange:
        return f"{', '.join(sorted(strange))}: cannot be changed by the centre"
    plain = msgspec.to_builtins(settings)
    for name, value in values.items():
        section, _, key = name.rpartition(".")
        (plain[section] if section else plain)[key] = value
    try:
        return msgspec.convert(plain, Settings)
    except msgspec.ValidationError as error:
        return str(error)
