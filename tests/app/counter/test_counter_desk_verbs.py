"""The desk has every verb that the flow may call, but for those that the composition adds."""

from __future__ import annotations

import inspect

from kiosk.app.counter.desk import Desk
from kiosk.flows.counter.model import Do

ELSEWHERE = {"print", "bar", "cue", "visit"}


def test_the_desk_has_every_verb_with_the_same_parameters():
    verbs = {name: verb for name, verb in vars(Do).items() if not name.startswith("_")}
    assert set(verbs) >= ELSEWHERE
    for name in set(verbs) - ELSEWHERE:
        wanted, had = inspect.signature(verbs[name]), inspect.signature(getattr(Desk, name))
        assert list(wanted.parameters) == list(had.parameters), name
