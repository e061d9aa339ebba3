"""Stories in which a kiosk may die at any point, and what must hold after each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from kiosk.app.recover import recover
from kiosk.domain.reasons import Why
from kiosk.domain.visit import AbandonCause, CommittedDrop, OpenDrop, Rejected
from kiosk.ports import Photo, Printed
from tests.app.conftest import Ready
from tests.crash.counter_story import DroppedAndVoided, HandedOver


class Drops:
    """Visits: one given up, one with a question and goods, one returnless, one still open."""

    promises = 2

    def prepare(self, directory: Path) -> None:
        Ready.create(directory).close()

    def tell(self, directory: Path, tell: Callable[[str], None]) -> None:
        kiosk = Ready(directory, series=1)
        recover(kiosk.store, kiosk.clock)
        kiosk.drop_off.abandon(kiosk.open(1), AbandonCause.CANCELLED)
        drop = kiosk.open(4)
        item, _ = drop.asking()
        item = type(item)(item.line, 1, item.decision, 0, {"condition": "unworn"})
        drop = kiosk.drop_off.reconsider(drop, item)
        self._promise(kiosk, drop, kiosk.bag(1), tell)
        self._promise(kiosk, kiosk.open(2), None, tell)
        kiosk.open(5)
        kiosk.close()

    def _promise(self, kiosk: Ready, drop: OpenDrop, bag: Any, tell: Callable[[str], None]) -> None:
        done = kiosk.drop_off.commit(drop, bag)
        assert isinstance(done, CommittedDrop), done
        tell(f"PROMISED {done.drop_number}")
        kiosk.receipts.begin(done.drop_id)
        kiosk.receipts.settle(done.drop_id, Printed())

    def check(self, directory: Path, told: list[str]) -> None:
        kiosk = Ready(directory, series=2)
        recover(kiosk.store, kiosk.clock)
        sound(kiosk)
        for line in told:
            assert kiosk.receipts.load(line.removeprefix("PROMISED ")), f"{line}: lost"
        for number, bag in ((4, 1), (2, 2), (1, 3), (5, 4)):
            self._finish(kiosk, number, bag)
        sound(kiosk)
        committed = kiosk.events("drop.committed")
        assert sorted(fact["return_id"] for fact in committed) == ["R-1", "R-2", "R-4", "R-5"]
        numbers = {fact["drop_number"] for fact in committed}
        assert len(numbers) == len(committed), "a number was given twice"
        kiosk.close()

    def _finish(self, kiosk: Ready, number: int, bag: int) -> None:
        """What was not promised can be dropped now, with the same bag; the rest is known."""
        found = kiosk.drop_off.check("later", kiosk.code(number))
        if isinstance(found, Rejected):
            assert found.reason.why is Why.RETURN_ALREADY_DROPPED, found
            return
        asked = found.asking()
        if asked is not None:
            item = type(asked[0])(asked[0].line, 1, asked[0].decision, 0, {"condition": "unworn"})
            found = kiosk.drop_off.reconsider(found, item)
        done = kiosk.drop_off.commit(found, kiosk.bag(bag) if found.needs_bag else None)
        assert isinstance(done, CommittedDrop), done


class Recovery:
    """A start that has to put right an open drop and a half printed receipt."""

    promises = 0

    def prepare(self, directory: Path) -> None:
        kiosk = Ready.create(directory)
        done = kiosk.drop(1)
        kiosk.receipts.begin(done.drop_id)
        kiosk.drop(2, visit="visit-2")
        kiosk.open(4)
        kiosk.open(5, visit="visit-3")
        kiosk.close()

    def tell(self, directory: Path, tell: Callable[[str], None]) -> None:
        kiosk = Ready(directory, series=1)
        recover(kiosk.store, kiosk.clock)
        kiosk.close()

    def check(self, directory: Path, told: list[str]) -> None:
        kiosk = Ready(directory, series=2)
        recover(kiosk.store, kiosk.clock)
        sound(kiosk)
        assert len(kiosk.events("drop.abandoned")) == 2, "told twice, or not at all"
        settled = kiosk.events("receipt.settled")
        assert sorted(fact["outcome"] for fact in settled) == ["failed", "unconfirmed"]
        kiosk.close()


class FirstStart:
    """A new machine: schema, first epoch, first bundle."""

    promises = 0

    def prepare(self, directory: Path) -> None:
        directory.mkdir()

    def tell(self, directory: Path, tell: Callable[[str], None]) -> None:
        Ready.create(directory).close()

    def check(self, directory: Path, told: list[str]) -> None:
        kiosk = Ready(directory, series=2)
        recover(kiosk.store, kiosk.clock)
        if kiosk.store.policy.current() is None:
            kiosk.install()
        sound(kiosk)
        kiosk.drop(1)
        sound(kiosk)
        kiosk.close()


class NewBundle:
    """Another bundle comes into force while the kiosk serves."""

    promises = 0

    def prepare(self, directory: Path) -> None:
        Ready.create(directory).close()

    def tell(self, directory: Path, tell: Callable[[str], None]) -> None:
        kiosk = Ready(directory, series=1)
        kiosk.install(2)
        tell("INSTALLED")
        kiosk.close()

    def check(self, directory: Path, told: list[str]) -> None:
        kiosk = Ready(directory, series=2)
        number = kiosk.store.policy.current().number
        assert number == kiosk.store.policy.highest()
        assert number == 2 or not told, "a bundle in force was lost"
        assert [path.name for path in directory.glob("policy-*")] == [f"policy-{number}.db"]
        activated = [fact["number"] for fact in kiosk.events("policy.activated")]
        assert activated == list(range(1, number + 1))
        sound(kiosk)
        kiosk.drop(1)
        kiosk.close()


class NewDelta:
    """R-1 goes and R-90 comes, by a delta on the bundle in force."""

    promises = 0

    def prepare(self, directory: Path) -> None:
        Ready.create(directory).close()

    def change(self, kiosk: Ready) -> None:
        now = kiosk.clock.now()
        policy = kiosk.store.policy
        other = replace(policy.current().find_return("R-2"), return_id="R-90", short_code="")
        times = (now, now + timedelta(hours=24), now + timedelta(hours=72))
        content = replace(policy.current().content, number=2)
        policy.apply(2, 1, "tenant", "all", *times, content, [other], ["R-1"], base=1)

    def tell(self, directory: Path, tell: Callable[[str], None]) -> None:
        kiosk = Ready(directory, series=1)
        self.change(kiosk)
        tell("APPLIED")
        kiosk.close()

    def check(self, directory: Path, told: list[str]) -> None:
        kiosk = Ready(directory, series=2)
        number = kiosk.store.policy.current().number
        assert number == kiosk.store.policy.highest()
        assert number == 2 or not told, "a delta in force was lost"
        self.answers(kiosk, number)
        kept = {f"policy-{n}.db" for n in range(1, number + 1)}
        assert {path.name for path in directory.glob("policy-*")} == kept
        sound(kiosk)
        if number == 1:
            self.change(kiosk)
        self.answers(kiosk, 2)
        kiosk.drop(2)
        kiosk.close()

    def answers(self, kiosk: Ready, number: int) -> None:
        policy = kiosk.store.policy.current()
        found = [policy.find_return(name) is not None for name in ("R-1", "R-2", "R-90")]
        assert found == ([True, True, False] if number == 1 else [False, True, True])


class Merge(NewDelta):
    """The delta's layer becomes one file with what is below it; every answer stays."""

    def prepare(self, directory: Path) -> None:
        kiosk = Ready.create(directory)
        self.change(kiosk)
        kiosk.close()

    def tell(self, directory: Path, tell: Callable[[str], None]) -> None:
        kiosk = Ready(directory, series=1)
        assert kiosk.store.policy.merge()
        tell("MERGED")
        kiosk.close()

    def check(self, directory: Path, told: list[str]) -> None:
        kiosk = Ready(directory, series=2)
        base = kiosk.store.policy.current().base
        assert base == 0 or not told, "a merge was lost"
        kept = {"policy-2.db"} if base == 0 else {"policy-1.db", "policy-2.db"}
        files = {path.name for path in directory.iterdir() if path.name.startswith(("pol", "mer"))}
        assert files == kept
        assert kiosk.store.policy.current().number == kiosk.store.policy.highest() == 2
        self.answers(kiosk, 2)
        sound(kiosk)
        kiosk.drop(2)
        kiosk.close()


class Lens:
    """A camera that shows another picture each time."""

    def __init__(self) -> None:
        self.taken = 0

    def sees(self) -> bool:
        return True

    def photograph(self) -> Photo:
        self.taken += 1
        jpeg = b"\xff\xd8\xff picture %d" % self.taken
        return Photo(jpeg, 720, 720, jpeg)


class Photographed:
    """A visit that is given up after its photograph, and one that promises with it."""

    def prepare(self, directory: Path) -> None:
        kiosk = Ready.create(directory)
        picture = {"rule": "evidence", "id": "picture", "evidence": "photo"}
        kiosk.install(2, rules={"shoes": ({"rule": "allow", "id": "all"}, picture)})
        kiosk.close()

    def tell(self, directory: Path, tell: Callable[[str], None]) -> None:
        kiosk = self._start(directory, 1)
        kiosk.drop_off.abandon(self._photographed(kiosk, 4), AbandonCause.CANCELLED)
        kiosk.drop_off.let_go()
        done = kiosk.drop_off.commit(self._photographed(kiosk, 2), kiosk.bag(1))
        assert isinstance(done, CommittedDrop), done
        tell(f"PROMISED {done.drop_id}")
        kiosk.drop_off.let_go()
        kiosk.close()

    def _start(self, directory: Path, series: int) -> Ready:
        kiosk = Ready(directory, series=series, cameras=(Lens(),))
        recover(kiosk.store, kiosk.clock)
        kiosk.photographs.recover(kiosk.store)
        return kiosk

    def _photographed(self, kiosk: Ready, number: int) -> OpenDrop:
        drop = kiosk.open(number)
        item, _ = drop.asking()
        photo = kiosk.photographs.take()
        assert photo is not None
        answers = {"evidence_photo": kiosk.photographs.keep(photo)}
        return kiosk.drop_off.reconsider(drop, replace(item, answers=answers))

    def check(self, directory: Path, told: list[str]) -> None:
        kiosk = self._start(directory, 2)
        sound(kiosk)
        committed = kiosk.events("drop.committed")
        assert {f"PROMISED {fact['drop_id']}" for fact in committed} >= set(told)
        named = {photo["sha256"] for fact in committed for photo in fact["photos"]}
        assert set(kiosk.photos.waiting()) == named, "lost, or kept without a promise"
        assert all(kiosk.photos.read(name) for name in named)
        assert kiosk.photos.open_ones() == ()
        assert not list((directory / "photos").rglob("*.new"))
        kiosk.drop_off.commit(self._photographed(kiosk, 9), kiosk.bag(7))
        assert len(kiosk.photos.waiting()) == len(named) + 1
        kiosk.close()


STORIES = {
    "photographed": Photographed,
    "drops": Drops,
    "recovery": Recovery,
    "first-start": FirstStart,
    "new-bundle": NewBundle,
    "new-delta": NewDelta,
    "merge": Merge,
    "handed-over": HandedOver,
    "dropped-and-voided": DroppedAndVoided,
}


def sound(kiosk: Ready) -> None:
    """After recovery: an unbroken chain from its beginning, nothing left open."""
    assert kiosk.store.outbox.verify() is None
    assert kiosk.store._database.pragma("integrity_check") == "ok"
    assert not kiosk.store._database.pragma("foreign_key_check")
    with kiosk.store.look() as work:
        open_rows = work.drops.all_open()
        committed = {fact["drop_id"] for fact in kiosk.events("drop.committed")}
        assert all(row.drop.drop_id not in committed for row in open_rows)
