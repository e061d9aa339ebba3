"""Pages full of noise, bits turned, files cut short: what is not hit survives, and is proven."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from kiosk.store import open_store
from kiosk.store.recovery import pages, records, rows

PAGE = pages.PAGE
FRAME = PAGE + 24


def standing_on(ledger: Any) -> dict[str, set[int]]:
    """The pages that each event needs: its leaf, and those that its body flows over to."""
    found = pages.read(ledger)
    needs: dict[str, set[int]] = {}
    live = rows._reached(found)
    for number in live:
        touched = _Touched(found.newest)
        for record in records.cells(pages.Pages(touched), number, found.newest[number]):
            if len(record.values) == 9 and record.values[0] is None:
                needs.setdefault(str(record.values[1]), set()).update({number, *touched.asked})
            touched.asked.clear()
    return needs


class _Touched(dict[int, bytes]):
    """Remembers which pages were asked for."""

    def __init__(self, held: dict[int, bytes]) -> None:
        super().__init__(held)
        self.asked: set[int] = set()

    def get(self, key: int, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


def folded(patient: Any) -> None:
    """With its log moved into the file: every page stands in one place."""
    open_store(patient.directory, patient.clock, patient.ids).close()


def whole_again(patient: Any, recovered: Any) -> None:
    """What holds after every recovery, whatever was hit."""
    store = open_store(patient.directory, patient.clock, patient.ids)
    try:
        assert store.outbox.verify() is None
        batch = store.outbox.next_batch(100_000, 1 << 30)
        assert batch is not None
        told = [event.id for event in batch.events]
        assert len(told) == len(set(told))
        assert batch.events[-1].type == "takeback.store.recovered.v1"
        assert batch.events[-1].data["events"] == recovered.counts.events == len(told) - 1
        stamps = [event.hlc for event in batch.events]
        assert stamps == sorted(stamps)
        assert store.policy.highest() >= 7
        assert store.now() >= patient.truth.at
    finally:
        store.close()
    for name, row in patient.events().items():
        if name in patient.truth.events and name not in patient.damaged():
            assert row == patient.truth.events[name], "a changed body passes for the true one"


def test_an_unharmed_ledger_comes_out_as_it_went_in(patient) -> None:
    """The reader without SQLite sees what SQLite sees, log included."""
    well = patient()
    done = well.mend()
    assert (done.counts.damaged, done.counts.missing, done.counts.left_out) == (0, 0, 0)
    whole_again(well, done)
    kept = well.events()
    del kept[next(reversed(kept))]
    assert kept == well.truth.events
    assert dict(well.sql("SELECT drop_id, drop_number FROM drops")) == well.truth.drops
    for table, count in (("drop_lines", 70), ("bags", 70), ("redeemed_codes", 70)):
        assert well.sql(f"SELECT count(*) FROM {table}") == [(count,)]
    after = dict(well.sql("SELECT * FROM meta"))
    assert after["drops.counter"] == well.truth.meta["drops.counter"]
    assert after["policy.highest"] == "7"


@pytest.mark.parametrize("seed", range(8))
def test_a_page_of_noise_takes_its_own_rows_and_no_other(patient, seed) -> None:
    ill, dice = patient(), random.Random(seed)
    folded(ill)
    needs = standing_on(ill.ledger)
    data = bytearray(ill.ledger.read_bytes())
    hit = {dice.randrange(len(data) // PAGE) + 1 for _ in range(dice.choice((1, 1, 2, 5)))}
    for number in hit:
        noise = dice.choice((bytes(PAGE), dice.randbytes(PAGE), b"\xff" * PAGE))
        data[(number - 1) * PAGE : number * PAGE] = noise
    ill.ledger.write_bytes(data)
    done = ill.mend()
    whole_again(ill, done)
    unhurt = {name for name, where in needs.items() if not where & hit}
    kept = set(ill.events()) - ill.damaged()
    assert unhurt & set(ill.truth.events) <= kept
    lost = set(ill.truth.events) - set(ill.events())
    assert done.counts.missing >= len(lost) or not lost, "a loss that is not told"


@pytest.mark.parametrize("seed", range(5))
def test_a_turned_bit_in_a_fact_is_never_told_as_true(patient, seed) -> None:
    ill, dice = patient(), random.Random(seed)
    folded(ill)
    data = bytearray(ill.ledger.read_bytes())
    for _ in range(3):
        data[dice.randrange(PAGE, len(data))] ^= 1 << dice.randrange(8)
    ill.ledger.write_bytes(data)
    done = ill.mend()
    whole_again(ill, done)
    assert len(set(ill.truth.events) - set(ill.events())) <= 60


@pytest.mark.parametrize("seed", range(4))
def test_a_turned_bit_in_the_log_costs_what_it_hits_and_nothing_behind_it(patient, seed) -> None:
    """SQLite would forget every transaction behind it, and say nothing."""
    ill, dice = patient(), random.Random(seed)
    data = bytearray(ill.log.read_bytes())
    frames = (len(data) - 32) // FRAME
    at = 32 + dice.randrange(frames // 2) * FRAME + dice.randrange(FRAME)
    data[at] ^= 1 << dice.randrange(8)
    ill.log.write_bytes(data)
    assert pages.broken(pages.frames(ill.log))
    done = ill.mend()
    whole_again(ill, done)
    newest = list(ill.truth.events)[-10:]
    assert set(newest) <= set(ill.events())
    assert len(set(ill.truth.events) - (set(ill.events()) - ill.damaged())) <= 6


def test_the_log_of_a_power_cut_is_not_taken_for_a_damaged_one(patient) -> None:
    ill = patient()
    whole = ill.log.read_bytes()
    assert not pages.broken(pages.frames(ill.log))
    for cut in range(len(whole) - 2 * FRAME, len(whole), 1536):
        ill.log.write_bytes(whole[:cut])
        assert not pages.broken(pages.frames(ill.log)), cut
        ill.log.write_bytes(whole[:cut] + bytes(len(whole) - cut))
        assert not pages.broken(pages.frames(ill.log)), cut


def nothing(patient: Any) -> None:
    patient.ledger.unlink()


def empty(patient: Any) -> None:
    patient.ledger.write_bytes(b"")


def half(patient: Any) -> None:
    data = patient.ledger.read_bytes()
    patient.ledger.write_bytes(data[: len(data) // 2 + 777])


def headless(patient: Any) -> None:
    folded(patient)
    data = patient.ledger.read_bytes()
    patient.ledger.write_bytes(bytes(PAGE) + data[PAGE:])


def without_log(patient: Any) -> None:
    patient.log.unlink()


@pytest.mark.parametrize(
    ("harm", "least"),
    [(nothing, 14), (empty, 14), (half, 15), (headless, 54), (without_log, 38)],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_what_is_left_of_a_file_is_found(patient, harm: Callable[[Any], None], least: int) -> None:
    ill = patient()
    harm(ill)
    done = ill.mend()
    whole_again(ill, done)
    assert len(set(ill.truth.events) & (set(ill.events()) - ill.damaged())) >= least
