"""What a drop's event will tell is reckoned while the shopper looks for a bag, and tells the same
as if it had been reckoned in the promise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.app import judging
from kiosk.domain.visit import CommittedDrop


@pytest.fixture
def reckoned(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The drops whose facts were reckoned."""
    kept, found = judging.kept, list[object]()

    def counted(drop: Any) -> Any:
        found.append(drop)
        return kept(drop)

    monkeypatch.setattr(judging, "kept", counted)
    return found


def test_nothing_is_promised_or_recorded_by_it(ready) -> None:
    drop = ready.open(1)
    before = ready.types()
    ready.drop_off.get_ready(drop)
    assert ready.types() == before
    with ready.store.look() as work:
        assert work.drops.find_open(drop.drop_id).drop.state.value == "decided"


def test_the_promise_does_not_reckon_it_again(ready, reckoned) -> None:
    drop = ready.open(1)
    ready.drop_off.get_ready(drop)
    assert isinstance(ready.drop_off.commit(drop, ready.bag()), CommittedDrop)
    assert len(reckoned) == 1
    assert reckoned[0] is drop


@pytest.fixture
def twin(tmp_path: Path, make_kiosk) -> Iterator[Any]:
    """A kiosk like `ready`, with the same clock and the same ids."""
    made = make_kiosk.create(tmp_path / "twin")
    yield made
    made.close()


def test_the_promise_is_the_same_as_without_it(ready, twin) -> None:
    drops = [kiosk.open(5) for kiosk in (ready, twin)]
    ready.drop_off.get_ready(drops[0])
    first, second = (
        kiosk.drop_off.commit(drop, kiosk.bag())
        for kiosk, drop in zip((ready, twin), drops, strict=True)
    )
    assert first == second
    assert ready.events("drop.committed") == twin.events("drop.committed")
    assert first.link == second.link


def test_a_drop_that_was_judged_anew_since_tells_what_it_is_now(ready) -> None:
    drop = ready.open(1)
    ready.drop_off.get_ready(drop)
    left = ready.drop_off.reconsider(drop, replace(drop.items[1], brought=0))
    done = ready.drop_off.commit(left, ready.bag())
    assert isinstance(done, CommittedDrop)
    (fact,) = ready.events("drop.committed")
    told = [(line["line_id"], line["brought"], line["state"]) for line in fact["lines"]]
    assert told == [("L-1", 1, "accepted"), ("L-2", 0, "not_presented")]


def test_what_was_reckoned_for_one_shopper_is_gone_with_them(ready, reckoned) -> None:
    drop = ready.open(1)
    ready.drop_off.get_ready(drop)
    ready.drop_off.let_go()
    assert isinstance(ready.drop_off.commit(drop, ready.bag()), CommittedDrop)
    assert len(reckoned) == 2


def test_two_returns_of_one_visit_tell_their_own(ready) -> None:
    one, two = ready.open(1), ready.open(5)
    ready.drop_off.get_ready(one)
    ready.drop_off.get_ready(two)
    assert isinstance(ready.drop_off.commit(one, ready.bag(1)), CommittedDrop)
    assert isinstance(ready.drop_off.commit(two, ready.bag(2)), CommittedDrop)
    told = [fact["return_id"] for fact in ready.events("drop.committed")]
    assert told == ["R-1", "R-5"]
