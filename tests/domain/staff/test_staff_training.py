"""Training: the same rules on made-up data, and no way into the records."""

from __future__ import annotations

import copy
import pickle
from dataclasses import asdict, replace
from typing import Any

import pytest

from kiosk.domain import canonical
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.parcel_facts import ParcelReceived, ParcelShelved
from kiosk.domain.counter.saying import Because as CounterBecause
from kiosk.domain.counter.saying import Refused as CounterRefused
from kiosk.domain.counter.shop import Shop
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.domain.staff.sessions import Session
from kiosk.domain.staff.training import Practice, Practised, made, real
from tests.domain.counter.desk import ANNA, MORNING, RULES

WORK = Session("anna", 0, 0)
TRAINING = replace(WORK, training=True)
FACT = ParcelShelved("P1", "A1", "anna")


def test_what_a_session_makes_is_marked_by_its_mode() -> None:
    assert real(made(WORK, [FACT])) == (FACT,)
    practised = made(TRAINING, [FACT])
    assert isinstance(practised, Practised)
    assert practised.for_show == (FACT,)
    assert repr(practised).startswith("TRAINING")
    assert real(practised) == Refused(Because.IN_TRAINING, Then.LEAVE_TRAINING)


def test_nothing_that_writes_facts_down_takes_what_was_practised() -> None:
    practised: Any = Practised([FACT])
    with pytest.raises(TypeError):
        asdict(practised)
    with pytest.raises(TypeError):
        canonical.encode(practised)
    with pytest.raises(TypeError):
        tuple(practised)
    with pytest.raises(TypeError):
        pickle.dumps(practised)
    with pytest.raises(TypeError):
        copy.copy(practised)
    assert not hasattr(practised, "type")


def test_the_real_shop_does_not_take_it() -> None:
    shop, practised = Shop(), Practised([FACT])
    with pytest.raises(AssertionError):
        shop.apply(Recorded(Stamp("1", "counter-1"), practised))  # type: ignore[arg-type]
    assert (shop.latest, shop.conflicts()) == ("", ())
    assert "P1" not in shop.parcels


def test_practice_goes_by_the_rules_of_the_counter() -> None:
    practice = Practice(RULES, [ShelfSet("A1", "front", 1)])
    one = practice.ask(ask.Receive("MADE-UP-1", "dhl"), ANNA, MORNING)
    assert isinstance(one, Practised)
    assert [type(fact) for fact in one.for_show] == [ParcelReceived]
    for number in ("MADE-UP-1", "MADE-UP-2"):
        practice.ask(ask.Receive(number, "dhl"), ANNA, MORNING)
    assert isinstance(practice.ask(ask.Shelve("MADE-UP-1", "A1"), ANNA, MORNING), Practised)
    full = practice.ask(ask.Shelve("MADE-UP-2", "A1"), ANNA, MORNING)
    assert isinstance(full, CounterRefused)
    assert full.because is CounterBecause.SHELF_FULL
