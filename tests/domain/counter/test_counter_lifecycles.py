"""The counter's lifecycles: what product.md lists happens, everything else is refused."""

from __future__ import annotations

import re
from dataclasses import asdict
from enum import StrEnum
from typing import Any, get_args

import pytest

from kiosk.domain import canonical, drops
from kiosk.domain.counter import bags, containers, manifests, parcels
from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.bags import BAGS, Bag, BagState
from kiosk.domain.counter.containers import CONTAINERS, Container, ContainerState
from kiosk.domain.counter.facts import FACTS, BagFact, ContainerFact, Fact, ManifestFact, ParcelFact
from kiosk.domain.counter.manifests import MANIFESTS, Manifest
from kiosk.domain.counter.parcels import PARCELS, Parcel, ParcelState
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.settled_facts import ConflictSettled
from kiosk.domain.counter.table import Goes, Row, Table
from kiosk.domain.events import EVENTS

# The lines of product.md once more, read by hand: `state fact state`. BACK is the state before.
PRODUCT = {
    "Parcel": """
        unknown announced announced            announced received received
        unknown received received              announced refused_in refused_in
        unknown refused_in refused_in
        received shelved shelved               shelved shelved shelved
        received collected collected           shelved collected collected
        received refused_out refused_out       shelved refused_out refused_out
        received expired expired               shelved expired expired
        received missing missing               shelved missing missing
        missing found BACK                     expired extended BACK
        expired staged rts_staged              expired collected collected
        rts_staged signed returned_to_sender   rts_staged collected collected
    """,
    "Bag": """
        unknown committed committed            committed contained contained
        contained signed handed_over           committed voided voided
    """,
    "Container": """
        unknown provided available             available opened open
        open closed closed                     closed reopened open
        closed readied manifested              manifested signed handed_over
        handed_over received received          received reconciled reconciled
        received disputed disputed             open contained SAME
    """,
    "Manifest": """
        unknown drafted draft                  draft readied ready
        ready signed signed                    signed acknowledged acknowledged
        acknowledged reconciled reconciled     acknowledged disputed disputed
        draft voided voided                    ready voided voided
    """,
}
"""`any -> DAMAGED | LOST` and the flag `notified` are added below."""

# ADR 22: what a counter needs besides.
ADDED = {
    "Parcel": """
        refused_in received received           refused_in refused_in SAME
        received refused_in refused_in
        received extended SAME                 shelved extended SAME
        expired missing missing                refused_out missing missing
        rts_staged missing missing             refused_out staged rts_staged
        rts_staged staged SAME                 rts_staged contained SAME
        unknown code_issued SAME
    """,
    "Bag": """
        contained committed SAME               handed_over committed SAME
        unknown contained contained            contained contained SAME
    """,
    "Container": """
        manifested stayed closed               manifested voided closed
    """,
    "Manifest": "draft drafted SAME",
}
KNOWN = {
    "Parcel": [s.value for s in ParcelState if s is not ParcelState.UNKNOWN],
    "Container": [s.value for s in ContainerState if s is not ContainerState.UNKNOWN],
}
LEFT = ("collected", "returned_to_sender")
TABLES: tuple[Table[Any], ...] = (PARCELS, BAGS, CONTAINERS, MANIFESTS)
THINGS: dict[str, tuple[type, Any, Any]] = {
    "Parcel": (Parcel, parcels.step, ParcelFact),
    "Bag": (Bag, bags.step, BagFact),
    "Container": (Container, containers.step, ContainerFact),
    "Manifest": (Manifest, manifests.step, ManifestFact),
}
Triple = tuple[str, str, str]


def triples(text: str) -> set[Triple]:
    words = text.split()
    return {(words[n], words[n + 1], words[n + 2]) for n in range(0, len(words), 3)}


def written(name: str) -> set[Triple]:
    """A lifecycle as written down in this file."""
    found = triples(PRODUCT[name]) | triples(ADDED[name])
    if name == "Container":
        found |= {(s, fact, fact) for s in KNOWN[name] for fact in ("damaged", "lost")}
    if name == "Parcel":
        found |= {(s, fact, "SAME") for s in KNOWN[name] for fact in ("announced", "notified")}
        found |= {(s, "code_issued", "SAME") for s in KNOWN[name] if s not in LEFT}
    return found


def word(fact: type) -> str:
    """A fact's own word: takeback.parcel.refused_in.v1 is refused_in."""
    return str(fact.type).split(".")[2]


def spelled(to: object) -> str:
    return {Goes.BACK: "BACK", Goes.NOWHERE: "SAME"}.get(to, str(to))


def example(fact: type) -> Any:
    """A fact about the thing called X."""
    values = {
        name: "X" if kind == "str" else 1 if kind == "int" else ("X",)
        for name, kind in fact.__annotations__.items()
        if kind in ("str", "int", "tuple[str, ...]")
    }
    if fact is out.ManifestReadied:
        values["lines"] = (out.ManifestLine("X", "P", "Z", (), ()),)
    if fact is par.ParcelCollected:
        values["proof"] = par.ProofFact()
    if fact is par.ParcelRefusedIn:
        values["received"] = True
    return fact(**values)


def in_state(name: str, state: StrEnum) -> Any:
    kind, _, _ = THINGS[name]
    if name == "Parcel":
        before = ParcelState.SHELVED
        return Parcel("X", ParcelState(state), before_expiry=before, before_missing=before)
    if name == "Container":
        return Container("X", ContainerState(state), manifest_id="X")
    return kind("X", state)


PAIRS = [
    (table.name, state, fact)
    for table in TABLES
    for state in table.states
    for fact in sorted(get_args(THINGS[table.name][2]), key=lambda kind: str(kind.type))
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_table_is_the_one_written_down(table: Table[Any]) -> None:
    rows = {
        (s.value, word(fact), spelled(table.leads(s, fact)))
        for s in table.states
        for fact in table.facts
        if table.leads(s, fact) is not None
    }
    assert rows == written(table.name)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_is_marked_as_added_is_what_the_product_does_not_list(table: Table[Any]) -> None:
    added = {
        (s.value, word(row.fact), spelled(row.to))
        for row in table.rows
        if row.added
        for s in row.of
    }
    expected = triples(ADDED[table.name])
    if table.name == "Parcel":
        expected |= {(s, "announced", "SAME") for s in KNOWN["Parcel"]}
        expected |= {(s, "code_issued", "SAME") for s in KNOWN["Parcel"] if s not in LEFT}
    assert added == expected


def test_every_listed_step_is_taken_and_every_other_is_refused() -> None:
    for name, state, fact in PAIRS:
        _, step, _ = THINGS[name]
        after = step(in_state(name, state), example(fact))
        expected = {to for s, f, to in written(name) if (s, f) == (state.value, word(fact))}
        if not expected:
            assert isinstance(after, Refused), (name, state, fact)
            assert isinstance(after.because, Because)
            assert isinstance(after.then, Then)
        else:
            went = {"BACK": "shelved", "SAME": state.value}
            (to,) = expected
            assert after.state == went.get(to, to), (name, state, fact)


def test_each_lifecycle_hears_every_fact_that_touches_it_and_no_other() -> None:
    for table in TABLES:
        assert set(table.facts) == set(get_args(THINGS[table.name][2]))
    heard = {fact for table in TABLES for fact in table.facts}
    assert heard | {out.ShelfSet, ConflictSettled} == set(FACTS.values())


def test_facts_are_such_as_events_are_made_of() -> None:
    """Each has one canonical JSON, a type of its own with a version, and is told as an event."""
    for name, fact in FACTS.items():
        assert re.fullmatch(r"takeback\.[a-z]+\.[a-z_]+\.v1", name)
        assert canonical.encode(asdict(example(fact)))
    assert {**EVENTS, **FACTS} == EVENTS
    assert len(FACTS) == len(get_args(Fact))


def test_no_state_is_out_of_reach() -> None:
    for table in TABLES:
        reached = {next(iter(table.states))}
        for _ in table.states:
            leads = {table.leads(s, fact) for s in reached for fact in table.facts}
            reached |= {to for to in leads if isinstance(to, table.states)}
        assert reached == set(table.states), table.name


def test_bags_do_what_drops_do() -> None:
    """But for what a counter does with a bag whose drop it was not told of."""
    for row in BAGS.rows:
        steps = {(s.value, row.to.value) for s in row.of if isinstance(row.to, BagState)}
        for before, after in steps - {("unknown", "committed"), ("unknown", "contained")}:
            assert drops.DropState(after) in drops.TRANSITIONS[drops.DropState(before)]


def test_a_table_cannot_say_two_things_of_one_step() -> None:
    rows = (Row((BagState.COMMITTED,), out.BagVoided, BagState.VOIDED),) * 2
    with pytest.raises(ValueError, match="Bag: committed, BagVoided: two rows"):
        Table("Bag", BagState, rows, {})


def test_a_missing_parcel_goes_back_to_what_it_was() -> None:
    for state in (ParcelState.EXPIRED, ParcelState.RTS_STAGED, ParcelState.REFUSED_OUT):
        held = Parcel("X", state, shelf_id="A1")
        lost = parcels.step(held, par.ParcelMissing("X", "A1", "anna"))
        assert isinstance(lost, Parcel)
        assert parcels.step(lost, par.ParcelFound("X", "anna")) == held


def test_an_extended_parcel_goes_back_to_where_it_lay() -> None:
    for state in (ParcelState.RECEIVED, ParcelState.SHELVED):
        over = parcels.step(Parcel("X", state), par.ParcelExpired("X", "2025-03-18"))
        assert isinstance(over, Parcel)
        after = parcels.step(over, par.ParcelExtended("X", "2025-03-20", "anna"))
        assert isinstance(after, Parcel)
        assert (after.state, after.until, after.extended) == (state, "2025-03-20", 1)


def test_a_manifest_moves_only_the_containers_that_it_lists() -> None:
    listed = Container("X", ContainerState.MANIFESTED, manifest_id="M-1")
    for fact in (
        out.ManifestVoided("M-2", ("X",), "wrong", "anna"),
        out.ContainersStayed("M-2", ("X",)),
        out.ManifestSigned("M-2", ("X",), (), (), (), "s", "d", "anna"),
    ):
        assert isinstance(containers.step(listed, fact), Refused)


def test_a_broken_seal_closes_nothing_again() -> None:
    reopened = Container("X", ContainerState.OPEN, seals=("TZ1",))
    again = containers.step(reopened, out.ContainerClosed("X", "TZ1", 1, 0, "anna"))
    assert again == Refused(Because.SEAL_USED, Then.OTHER_SEAL, {"seal": "TZ1"})


def test_a_bag_holds_one_drop() -> None:
    bag = Bag("X", BagState.CONTAINED, drop_id="D-1")
    again = bags.step(bag, out.BagCommitted("X", "D-2", "dhl", "2025-03-10"))
    assert again == Refused(Because.BAG_ALREADY_TAKEN, Then.OTHER_BAG)
