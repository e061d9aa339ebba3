"""A counter's hand-out, hand-over, drop and void, any of which a kiosk may die in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.app.drop_off import DropOff
from kiosk.app.recover import recover
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.invariants import broken, left_behind
from kiosk.domain.counter.parcel_facts import ProofFact
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.visit import CommittedDrop, Rejected
from tests.app.conftest import DEVICE_KEY, Ready
from tests.app.counter.counting import Counter

PARCELS = ("P1", "P2")
STROKES = (((0, 0), (900, 900)),)


class HandedOver:
    """Two parcels for one recipient, who signs; one of two containers goes with its driver."""

    promises = 2

    def prepare(self, directory: Path) -> None:
        counter = Counter(directory, series=3)
        for number in PARCELS:
            counter.do(ask.Receive(number, "gls"))
            counter.do(ask.Shelve(number, "A1"))
        for container in ("c1", "c2"):
            counter.do(ask.ProvideContainer(container, f"plate-{container}", "dhl", 9))
            counter.do(ask.OpenContainer(container))
            counter.do(ask.ContainBag(f"bag-{container}", container))
            counter.do(ask.CloseContainer(container, f"seal-{container}"))
        counter.do(ask.DraftManifest("m", "dhl"))
        counter.do(ask.ReadyManifest("m"))
        counter.close()

    def tell(self, directory: Path, tell: Callable[[str], None]) -> None:
        counter = Counter(directory, series=1)
        self._hand_out(counter)
        tell("HANDED OUT")
        self._hand_over(counter)
        tell("HANDED OVER")
        self.then(counter, tell)
        counter.close()

    def then(self, counter: Counter, tell: Callable[[str], None]) -> None:
        """What else happens that day."""

    def _hand_out(self, counter: Counter) -> None:
        signature = counter.desk.keep_signature(STROKES)
        counter.do(ask.HandOut(PARCELS, shown=ProofFact(name=True, signature=signature)))

    def _hand_over(self, counter: Counter) -> None:
        counter.do(ask.SignManifest("m", ("c1",), (), "1" * 64, "2" * 64))

    def check(self, directory: Path, told: list[str]) -> None:
        counter = Counter(directory, series=2)
        recover(counter.store, counter.clock)
        self._sound(counter)
        shop = counter.desk.shop()
        states = {shop.parcels[number].state for number in PARCELS}
        assert states in ({ParcelState.COLLECTED}, {ParcelState.SHELVED}), "half a hand-out"
        handed_out = states == {ParcelState.COLLECTED}
        went, stayed = (shop.containers[name].state for name in ("c1", "c2"))
        handed_over = went is ContainerState.HANDED_OVER
        assert (stayed is ContainerState.CLOSED) == handed_over, "half a hand-over"
        assert (shop.bags["bag-c1"].state is BagState.HANDED_OVER) == handed_over
        assert left_behind(shop) == ()
        assert handed_out or "HANDED OUT" not in told
        assert handed_over or "HANDED OVER" not in told
        self._signatures(counter, handed_out)
        if not handed_out:
            self._hand_out(counter)
        if not handed_over:
            self._hand_over(counter)
        self._drops(counter, told)
        self._sound(counter)
        counter.close()

    def _signatures(self, counter: Counter, handed_out: bool) -> None:
        assert counter.signatures.open_ones() == ()
        name = counter.desk.keep_signature(STROKES)
        assert not handed_out or counter.desk.premises.facts.names(name), "a name without a fact"
        counter.desk.begin(counter.book)
        assert (counter.signatures.read(name) is not None) == handed_out

    def _drops(self, counter: Counter, told: list[str]) -> None:
        with counter.store.look() as work:
            rows = work.connection.exec_driver_sql(
                "SELECT drop_id, state FROM drops WHERE committed_at IS NOT NULL"
            ).fetchall()
        for name, state in rows:
            [bag] = [one for one in counter.desk.shop().bags if one.drop_id == name]
            assert bag.state.value == state, "the drop says one thing, its bag another"
            assert state == "voided" or "VOIDED" not in told
        assert len(rows) == 1 or not any(line.startswith("DROPPED") for line in told)

    def _sound(self, counter: Counter) -> None:
        """Each own fact has its event, and each event of the counter its fact."""
        assert broken(counter.desk.shop()) == ()
        assert counter.desk.shop().conflicts() == ()
        assert counter.store.outbox.verify() is None
        batch = counter.store.outbox.next_batch(10_000, 1 << 30)
        assert batch is not None
        kinds = ("parcel", "bag", "container", "manifest")
        events = {one.hlc for one in batch.events if one.type.split(".")[1] in kinds}
        known = counter.desk.premises.facts.load().records
        assert events == {one.stamp.hlc for one in known}


class DroppedAndVoided(HandedOver):
    """And a shopper drops something, and staff take the drop back."""

    promises = 4

    def prepare(self, directory: Path) -> None:
        Ready.create(directory).close()
        super().prepare(directory)

    def then(self, counter: Counter, tell: Callable[[str], None]) -> None:
        done = self._drop(counter)
        tell(f"DROPPED {done.drop_id}")
        counter.do(ask.VoidDrop(done.bag_id, "goodwill"))
        tell("VOIDED")

    def _drop(self, counter: Counter) -> CommittedDrop:
        shopper = DropOff(
            counter.store, counter.clock, counter.ids, "K1", "counter-1", DEVICE_KEY,
            lambda: False, goods=counter.desk,
        )  # fmt: skip
        kiosk = Ready.__new__(Ready)  # its codes and bags, over the counter's ledger
        opened = shopper.check("visit", kiosk.code(9))
        assert not isinstance(opened, Rejected), opened
        done = shopper.commit(opened, kiosk.bag(1))
        assert isinstance(done, CommittedDrop), done
        return done
