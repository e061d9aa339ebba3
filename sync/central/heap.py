"""How often a service looks for garbage that holds itself.

Python looks whenever 700 more objects are there than were let go. A batch of events is tens of
thousands, all in use until it is stored, so that it was looked over again and again for nothing: a
tenth of a worker's time. What refers to itself, and so waits for such a look, is rare here.
"""

from __future__ import annotations

import gc
from typing import Final

YOUNG: Final = 50_000
"""More objects than before, at which the young ones are looked over: some MB."""


def settle() -> None:
    """For a process that goes on to serve. What is loaded by now is never looked over again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
