"""Two staff at two counters do whatever they like, with a line and without, and a crash now and
then: no parcel in two places, none lost, none handed out twice, and the counts add up."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.bags import BAGS as BAG_TABLE
from kiosk.domain.counter.containers import CONTAINERS, ContainerState
from kiosk.domain.counter.facts import Kind
from kiosk.domain.counter.invariants import broken
from kiosk.domain.counter.manifests import MANIFESTS, ManifestState
from kiosk.domain.counter.parcels import PARCELS as PARCEL_TABLE
from tests.domain.counter.desk import BEN, CODE, HOUSE, OTHER_CODE
from tests.domain.counter.play import BAGS, PARCELS, Play

COUNTER, NUMBER = st.sampled_from([0, 1]), st.sampled_from(PARCELS)
BAG, SHELF = st.sampled_from(BAGS), st.sampled_from(["A1", "A2", "B1", "R1"])
TURN = st.integers(0, 7)
"""Which of the containers or manifests there are: the newest is 0."""
C, M = ContainerState, ManifestState
SIGNED = ("aa" * 32, "bb" * 32)


def chosen(names: list[str], turn: int) -> str:
    return names[-1 - turn % len(names)] if names else "none"


class Counters(RuleBasedStateMachine):
    """Offline: each hears of the other when `they_meet`."""

    online = False

    def __init__(self) -> None:
        super().__init__()
        self.play = Play(self.online)
        self.containers: list[str] = []
        self.manifests: list[str] = []
        self.seals = 0

    def container(self, at: int, turn: int, *states: ContainerState) -> str:
        """One that this counter thinks is in such a state; any at all where `turn` is 7."""
        held = self.play.desks[at].shop.containers
        fitting = [name for name in self.containers if held[name].state in states]
        return chosen(fitting if turn < 7 else self.containers, turn)

    def manifest(self, at: int, turn: int, *states: ManifestState) -> str:
        held = self.play.desks[at].shop.manifests
        fitting = [name for name in self.manifests if held[name].state in states]
        return chosen(fitting if turn < 7 else self.manifests, turn)

    @rule(at=COUNTER, number=NUMBER)
    def receive(self, at: int, number: str) -> None:
        self.play.act(at, ask.Receive(number, "dhl"))

    @rule(at=COUNTER, number=NUMBER)
    def refuse_in(self, at: int, number: str) -> None:
        self.play.act(at, ask.RefuseIn(number, "dhl", ask.RefusalCause.FULL))

    @rule(at=COUNTER, number=NUMBER, shelf=SHELF)
    def shelve(self, at: int, number: str, shelf: str) -> None:
        self.play.act(at, ask.Shelve(number, shelf))

    @rule(
        at=COUNTER, numbers=st.lists(NUMBER, max_size=3), code=st.sampled_from([CODE, OTHER_CODE])
    )
    def hand_out(self, at: int, numbers: list[str], code: str) -> None:
        self.play.act(at, ask.HandOut(tuple(numbers), code))

    @rule(at=COUNTER, number=NUMBER)
    def refuse_out(self, at: int, number: str) -> None:
        self.play.act(at, ask.RefuseOut(number))

    @rule(at=COUNTER, number=NUMBER)
    def lose(self, at: int, number: str) -> None:
        self.play.act(at, ask.ReportMissing(number))

    @rule(at=COUNTER, number=NUMBER)
    def find(self, at: int, number: str) -> None:
        self.play.act(at, ask.ReportFound(number))

    @rule(at=COUNTER, number=NUMBER)
    def extend(self, at: int, number: str) -> None:
        self.play.act(at, ask.Extend(number), BEN)

    @rule(at=COUNTER, number=NUMBER)
    def stage(self, at: int, number: str) -> None:
        self.play.act(at, ask.Stage(number, "R1"))

    @rule(at=COUNTER, days=st.sampled_from([0, 1, 8]))
    def a_day_ends(self, at: int, days: int) -> None:
        for desk in self.play.desks:
            desk.wait(days=days, seconds=1)
        self.play.act(at, ask.Expire(), HOUSE)

    @rule(at=COUNTER, number=NUMBER)
    def tell_the_recipient(self, at: int, number: str) -> None:
        self.play.act(at, ask.RecordNotice(number, "arrived"), HOUSE)
        self.play.act(at, ask.IssueCode((number,), CODE), HOUSE)

    @rule(at=COUNTER, number=NUMBER)
    def announce(self, at: int, number: str) -> None:
        self.play.announce(at, number)

    @rule(at=COUNTER, bag=BAG, drop=st.sampled_from(["D1", "D2"]))
    def take_a_drop(self, at: int, bag: str, drop: str) -> None:
        self.play.act(at, ask.TakeDrop(bag, drop, "dhl"))

    @rule(at=COUNTER, bag=BAG)
    def void_a_drop(self, at: int, bag: str) -> None:
        self.play.act(at, ask.VoidDrop(bag, "wrong return"))

    @rule(at=COUNTER, holds=st.sampled_from([1, 9, 9]))
    def bring_a_container(self, at: int, holds: int) -> None:
        name = f"K{len(self.containers)}"
        if self.container(at, 0, C.AVAILABLE) != "none":
            return
        if self.play.act(at, ask.ProvideContainer(name, f"T{name}", "", holds)):
            self.containers.append(name)

    @rule(at=COUNTER, turn=TURN)
    def open_a_container(self, at: int, turn: int) -> None:
        self.play.act(at, ask.OpenContainer(self.container(at, turn, C.AVAILABLE)))

    @rule(at=COUNTER, bag=BAG, turn=TURN)
    def contain_a_bag(self, at: int, bag: str, turn: int) -> None:
        self.play.act(at, ask.ContainBag(bag, self.container(at, turn, C.OPEN)))

    @rule(at=COUNTER, number=NUMBER, turn=TURN)
    def contain_a_parcel(self, at: int, number: str, turn: int) -> None:
        self.play.act(at, ask.ContainParcel(number, self.container(at, turn, C.OPEN)))

    @rule(at=COUNTER, turn=TURN)
    def close(self, at: int, turn: int) -> None:
        self.seals += 1
        name = self.container(at, turn, C.OPEN)
        self.play.act(at, ask.CloseContainer(name, f"TZ{self.seals}"))

    @rule(at=COUNTER, turn=TURN)
    def reopen(self, at: int, turn: int) -> None:
        self.play.act(at, ask.ReopenContainer(self.container(at, turn, C.CLOSED), "one more"))

    @rule(at=COUNTER, lost=st.integers(0, 5), state=st.sampled_from(ContainerState))
    def damage_or_lose(self, at: int, lost: int, state: ContainerState) -> None:
        if lost > 1:
            return  # such things are rare
        name = self.container(at, 0, state)
        self.play.act(at, ask.ReportLost(name) if lost else ask.ReportDamaged(name))

    @rule(at=COUNTER, ready=st.booleans())
    def draft(self, at: int, ready: bool) -> None:
        name = f"M{len(self.manifests)}"
        if self.play.act(at, ask.DraftManifest(name, "dhl")):
            self.manifests.append(name)
            if ready:
                self.play.act(at, ask.ReadyManifest(name))

    @rule(at=COUNTER, turn=TURN)
    def list_anew(self, at: int, turn: int) -> None:
        name = self.manifest(at, turn, M.DRAFT)
        self.play.act(at, ask.DraftManifest(name, "dhl"))
        self.play.act(at, ask.ReadyManifest(name))

    @rule(at=COUNTER, turn=TURN, left=st.integers(0, 1))
    def sign(self, at: int, turn: int, left: int) -> None:
        name = self.manifest(at, turn, M.READY)
        manifest = self.play.desks[at].shop.manifests[name]
        containers, parcels = manifest.containers[left:], manifest.parcels[left:]
        self.play.act(at, ask.SignManifest(name, containers, parcels, *SIGNED))

    @rule(at=COUNTER, turn=TURN)
    def void_a_manifest(self, at: int, turn: int) -> None:
        self.play.act(at, ask.VoidManifest(self.manifest(at, turn, M.READY, M.DRAFT), "no room"))

    @rule(at=COUNTER, turn=TURN, count=st.integers(0, 1))
    def the_other_side_answers(self, at: int, turn: int, count: int) -> None:
        name = self.manifest(at, turn, M.SIGNED)
        container = self.container(at, turn, C.HANDED_OVER)
        went = len(self.play.desks[at].shop.manifests[name].went)
        self.play.act(at, ask.CountManifest(name, went + count, 0), HOUSE)
        self.play.act(at, ask.RecordArrival(container), HOUSE)

    @rule(at=COUNTER, turn=TURN, count=st.integers(0, 1))
    def the_other_side_settles(self, at: int, turn: int, count: int) -> None:
        container = self.container(at, turn, C.RECEIVED)
        self.play.act(at, ask.SettleContainer(container, "CASE-1" if count else ""), HOUSE)

    @rule()
    def they_meet(self) -> None:
        self.play.meet()

    @rule(at=COUNTER)
    def a_crash(self, at: int) -> None:
        self.play.crash(at)

    @invariant()
    def sound(self) -> None:
        for desk in self.play.desks:
            assert not broken(desk.shop)

    def teardown(self) -> None:
        self.play.meet()


class CountersOnline(Counters):
    """Each hears at once: whatever cannot be is refused, and nothing is ever in conflict."""

    online = True


def play(machine: type[Counters], runs: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("machine", [Counters, CountersOnline])
def test_whatever_two_counters_do(machine: type[Counters]) -> None:
    play(machine, runs=30, steps=20)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("machine", [Counters, CountersOnline])
def test_whatever_two_counters_do_a_hundred_thousand_times(machine: type[Counters]) -> None:
    play(machine, runs=500, steps=100)


# The same rules by dice

DICE: dict[str, Callable[[random.Random], object]] = {
    "at": lambda dice: dice.randrange(2),
    "number": lambda dice: dice.choice(PARCELS),
    "numbers": lambda dice: [dice.choice(PARCELS)],
    "code": lambda dice: dice.choice([CODE, CODE, OTHER_CODE]),
    "shelf": lambda dice: dice.choice(["A1", "A2", "R1"]),
    "days": lambda dice: dice.choice([0, 0, 1, 8]),
    "bag": lambda dice: dice.choice(BAGS),
    "drop": lambda dice: dice.choice(["D1", "D2"]),
    "holds": lambda dice: dice.choice([1, 9]),
    "turn": lambda dice: dice.choice([0, 0, 0, 1, 2, 7]),
    "state": lambda dice: dice.choice(list(ContainerState)),
    "lost": lambda dice: dice.randrange(6),
    "ready": lambda dice: dice.random() < 0.5,
    "left": lambda dice: dice.randrange(2),
    "count": lambda dice: dice.randrange(2),
}
RULES = {
    name: tuple(inspect.signature(method).parameters)[1:]
    for name, method in vars(Counters).items()
    if hasattr(method, "hypothesis_stateful_rule")
}
TABLES = {
    Kind.PARCEL: PARCEL_TABLE,
    Kind.BAG: BAG_TABLE,
    Kind.CONTAINER: CONTAINERS,
    Kind.MANIFEST: MANIFESTS,
}


def listed() -> set[tuple[Kind, str, type]]:
    return {
        (kind, state.value, fact)
        for kind, table in TABLES.items()
        for state in table.states
        for fact in table.facts
        if table.leads(state, fact) is not None
    }


OFTEN = ("sign", "the_other_side_answers", "the_other_side_settles", "stage", "contain_a_bag")
THROWN = [*RULES, *OFTEN, *OFTEN, "shelve", "hand_out"]
SEED = 7


def by_dice(seed: int, plays: int, turns: int) -> set[tuple[Kind, str, type]]:
    """The steps that are taken where dice choose, the line being up as well as down."""
    dice, taken = random.Random(seed), set()
    for number in range(plays):
        machine = (Counters, CountersOnline)[number % 2]()
        for _ in range(turns):
            name = dice.choice(THROWN)
            getattr(machine, name)(**{word: DICE[word](dice) for word in RULES[name]})
        machine.teardown()
        taken |= machine.play.walked()
    return taken


ENDS = {
    (Kind.PARCEL, "shelved", par.ParcelCollected),
    (Kind.PARCEL, "rts_staged", par.ParcelCollected),
    (Kind.PARCEL, "rts_staged", out.ManifestSigned),
    (Kind.PARCEL, "missing", par.ParcelFound),
    (Kind.PARCEL, "expired", par.ParcelExtended),
    (Kind.BAG, "contained", out.ManifestSigned),
    (Kind.BAG, "committed", out.BagVoided),
    (Kind.CONTAINER, "closed", out.ContainerReopened),
    (Kind.CONTAINER, "handed_over", out.ContainerArrived),
    (Kind.MANIFEST, "acknowledged", out.ManifestReconciled),
    (Kind.MANIFEST, "acknowledged", out.ManifestDisputed),
    (Kind.MANIFEST, "ready", out.ManifestVoided),
}
"""Where the ways through the lifecycles end: far for dice."""


def test_dice_come_to_the_end_of_every_way() -> None:
    """A play that never got there would prove nothing of it."""
    assert by_dice(seed=SEED, plays=40, turns=150) >= ENDS


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_dice_take_every_step_that_is_listed() -> None:
    """400,000 turns, so that containers are lost in every state, too."""
    taken = by_dice(seed=SEED, plays=2000, turns=200)
    assert {(kind, s, fact.__name__) for kind, s, fact in listed() - taken} == set()
