"""Two counters of one shop that tell the centre by hand, and what it makes of that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.domain.counter.facts import Fact
from kiosk.domain.hlc import advance
from sync.central.tables import cases, claims, counter_things, drops
from sync.wire import codec
from sync.wire.messages import CounterFacts, EventRecord, Problem
from tests.sync.conftest import Centre, HandKiosk

SITE = "Street 1"


class Counter:
    """One of them. `now_ms` is its own clock."""

    def __init__(self, kiosk: HandKiosk, now_ms: int = 1_000) -> None:
        self.kiosk, self.now_ms, self.hlc, self.place = kiosk, now_ms, "", 0

    def does(self, *facts: Fact) -> list[EventRecord]:
        """Records facts, a moment apart; nobody hears of them yet."""
        made = []
        for fact in facts:
            self.now_ms += 1000
            self.hlc = advance(self.hlc, self.now_ms)
            made.append(self.kiosk.record(fact, hlc=self.hlc))
        return made

    def later(self, minute: int, *facts: Fact) -> list[EventRecord]:
        """Records them in that minute of its own clock, or after what it recorded before."""
        self.now_ms = max(self.now_ms, minute * 60_000)
        return self.does(*facts)

    def tells(self, *facts: Fact) -> Any:
        """Records facts, and tells the centre at once."""
        return self.push(self.does(*facts))

    def push(self, events: list[EventRecord]) -> Any:
        return self.kiosk.push(*events)

    def asks(self, after: int = 0) -> CounterFacts | Problem:
        path = f"/v1/devices/{self.kiosk.device_id}/counter/facts/{after}"
        response = self.kiosk.send("GET", path)
        kind = CounterFacts if response.status_code == 200 else Problem
        answer = codec.decode(response.content, kind)
        assert answer is not None, response.content
        return answer

    def hears(self) -> list[str]:
        """What is new since it heard last: the kinds of facts."""
        told, more = [], True
        while more:
            answer = self.asks(self.place)
            assert isinstance(answer, CounterFacts), answer
            told += [fact.type.split(".", 1)[1] for fact in answer.facts]
            self.place, more = answer.after, answer.more
        return told


@pytest.fixture
def counters(kiosk: HandKiosk, enrolled: Callable[..., HandKiosk]) -> tuple[Counter, Counter]:
    return Counter(kiosk), Counter(enrolled("K2"))


@pytest.fixture
def things(centre: Centre) -> Callable[[], dict[str, dict[str, Any]]]:
    """By name."""
    return lambda: {row["name"]: row for row in centre.rows(counter_things)}


@pytest.fixture
def opened(centre: Centre) -> Callable[[], list[tuple[str, str, str]]]:
    """Kind, state and subject of all cases."""
    return lambda: sorted((row["kind"], row["state"], row["subject"]) for row in centre.rows(cases))


@pytest.fixture
def seen(centre: Centre) -> Callable[[], tuple[dict[str, tuple[bool, bool]], list[str]]]:
    """Voided and disputed of each drop, and whose the claimed units are."""

    def look() -> tuple[dict[str, tuple[bool, bool]], list[str]]:
        rows = {row["drop_id"]: (row["voided"], row["disputed"]) for row in centre.rows(drops)}
        return rows, sorted(row["drop_id"] for row in centre.rows(claims))

    return look
