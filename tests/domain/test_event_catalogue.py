"""Every fact has a name of its own and a form that travels."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict, fields, is_dataclass
from typing import Any, get_args

import pytest

from kiosk.domain import canonical, events
from kiosk.domain.counter.facts import FACTS
from kiosk.domain.counter.outbound_facts import ManifestLine
from kiosk.domain.counter.parcel_facts import ProofFact
from kiosk.domain.events import EVENTS, DropCommitted, GapFact, LineFact, PhotoFact
from kiosk.domain.staff.facts import STAFF_FACTS

COUNTER = ("kiosk.domain.counter", "kiosk.domain.staff")

SAMPLES: dict[str, Any] = {
    "str": "x",
    "int": 1,
    "bool": True,
    "int | None": None,
    "ProofFact": ProofFact(code=True),
    "tuple[ManifestLine, ...]": (ManifestLine("C1", "P1", "S1", ("B1",), ()),),
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


def test_what_happens_at_a_counter_is_in_it_under_names_of_its_own() -> None:
    own = {kind.type for kind in get_args(events.KioskEvent)}
    assert len(own) + len(FACTS) + len(STAFF_FACTS) == len(EVENTS)
    assert {**EVENTS, **FACTS, **STAFF_FACTS} == EVENTS


def test_a_kiosk_without_a_counter_does_not_load_the_counters_facts() -> None:
    """They take longer to make than all else that its first minute needs."""
    asked = "import sys, kiosk.store.store; print(*sorted(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    loaded = {name for name in told.stdout.split() if name.startswith("kiosk.domain")}
    assert "kiosk.domain.events" in loaded
    assert not {name for name in loaded if name.startswith(COUNTER)}


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_a_name_carries_its_version(name: str) -> None:
    assert name.startswith("takeback.")
    assert name.rpartition(".v")[2].isdigit()


@pytest.mark.parametrize("kind", EVENTS.values(), ids=list(EVENTS))
def test_every_event_has_a_canonical_form(kind: type) -> None:
    assert is_dataclass(kind)
    event = kind(**{field.name: SAMPLES[str(field.type)] for field in fields(kind)})
    assert canonical.encode(asdict(event)).startswith(b"{")
