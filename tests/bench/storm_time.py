"""Time that passes only where nobody has anything to do: an event loop for ten thousand kiosks."""

from __future__ import annotations

import asyncio
import random
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Jump(selectors.SelectSelector):
    """Waits for nothing: what would have been waited is added to the loop's clock."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits for somebody who will not come")
        self.loop.now += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its time begins at 0 and is nobody's; coroutines sleep in it as in any other."""

    def __init__(self) -> None:
        jump = _Jump()
        self.now = 0.0
        super().__init__(jump)
        jump.loop = self

    def time(self) -> float:
        return self.now


def play(scene: Coroutine[Any, Any, T]) -> T:
    """The scene to its end, in no time."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(scene)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


class Dice:
    """kiosk.ports.Ids from a seed, as far as the pace of the agent asks it."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def token(self, bits: int) -> int:
        return self._chance.getrandbits(bits)

    def uuid(self) -> str:
        return f"{self._chance.getrandbits(128):032x}"
