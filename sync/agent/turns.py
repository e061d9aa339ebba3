"""Whose turn it is on the agent's one thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from kiosk.ports import Clock
from sync.agent.circuit import Breaker

Task = TypeVar("Task", bound=StrEnum)


@dataclass(slots=True)
class Turns(Generic[Task]):
    """`due` has the moment (monotonic s) from which each task may go, in the order in which they
    matter; `last` goes where nothing else is due."""

    clock: Clock
    breaker: Breaker
    last: Task
    due: dict[Task, float] = field(default_factory=dict)
    _went: Task | None = None

    def again(self, task: Task, seconds: float) -> None:
        self.due[task] = self.clock.monotonic() + seconds

    def wait(self) -> float:
        """Seconds until anything may go."""
        now = self.clock.monotonic()
        due = min(self.due.values(), default=now)
        return max(0.0, max(due, self.breaker.gate) - now)

    def take(self) -> Task | None:
        """The one that goes now, if any: the first that is due. Between two batches, and two
        slices of a download, whatever else is due goes once: a kiosk that drains for hours must
        neither look dead nor go without rules."""
        now = self.clock.monotonic()
        due = [task for task, at in self.due.items() if max(at, self.breaker.gate) <= now]
        self._went = self._of(due)
        return self._went

    def nothing(self) -> None:
        """The one that went had nothing to do: that was no turn of its own."""
        self._went = None

    def _of(self, due: list[Task]) -> Task | None:
        if self.breaker.failures or self._went not in due[:1]:
            return next(iter(due), None)
        others = [one for one in due[1:] if one is not self.last]
        return min(others, key=self.due.__getitem__, default=due[0])
