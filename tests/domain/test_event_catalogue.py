"""Every fact has a name of its own and a form that travels."""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass
from typing import Any, get_args

import pytest

from kiosk.domain import canonical, events
from kiosk.domain.events import EVENTS, DropCommitted, GapFact, LineFact, PhotoFact

SAMPLES: dict[str, Any] = {
    "str": "x",
    "int": 1,
    "bool": True,
    "tuple[GapFact, ...]": (GapFact("e", 1, 2),),
    "tuple[PhotoFact, ...]": (PhotoFact("L", "0" * 64, 1),),
    "tuple[str, ...]": ("theme: must be an object",),
    "dict[str, str | int]": {"days": 30},
    "tuple[LineFact, ...]": (
        LineFact(
            line_id="L",
            sku="S",
            outcome="accept",
            reason="within_policy",
            reason_values={},
            brought=1,
            price=5,
            refund=5,
            fee=0,
            withheld=0,
            currency="EUR",
            disposal="none",
            provisional=False,
            rule_ids=("w",),
            answers={"worn": "new"},
            state="accepted",
        ),
    ),
}


def test_the_catalogue_holds_every_event_once() -> None:
    assert set(EVENTS.values()) == set(get_args(events.Event))
    assert len(EVENTS) == len(get_args(events.Event))
    assert EVENTS["takeback.drop.committed.v1"] is DropCommitted


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_a_name_carries_its_version(name: str) -> None:
    assert name.startswith("takeback.")
    assert name.rpartition(".v")[2].isdigit()


@pytest.mark.parametrize("kind", EVENTS.values(), ids=list(EVENTS))
def test_every_event_has_a_canonical_form(kind: type) -> None:
    assert is_dataclass(kind)
    event = kind(**{field.name: SAMPLES[str(field.type)] for field in fields(kind)})
    assert canonical.encode(asdict(event)).startswith(b"{")
