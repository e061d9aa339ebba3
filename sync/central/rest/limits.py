"""How often one key may ask: a bucket of tokens that fills up again, for each worker by itself."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict

MOST_KEYS = 10_000


class Limits:
    """`burst` requests at once and `per_second` on and on, for each key. Safe from any thread."""

    def __init__(self, burst: int = 200, per_second: float = 50.0) -> None:
        self._burst = burst
        self._rate = per_second
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str, now: float) -> int:
        """0 where it may; else in how many whole seconds it may. `now` is monotonic, seconds."""
        with self._lock:
            left, then = self._buckets.pop(key, (float(self._burst), now))
            left = min(self._burst, left + (now - then) * self._rate)
            may = left >= 1
            self._buckets[key] = (left - 1 if may else left, now)
            while len(self._buckets) > MOST_KEYS:
                self._buckets.popitem(last=False)  # the one that asked longest ago
            return 0 if may else max(1, math.ceil((1 - left) / self._rate))
