"""Faults while new rules are fetched: the old ones serve, returns go before, and in the end the new
ones are in force, each file whole."""

from __future__ import annotations

from functools import partial

import pytest

from sync.central import policy
from tests.proxy import messages
from tests.proxy.answering import (
    BadChunks,
    BentAnswer,
    CutAnswer,
    HalfOpen,
    LostAnswer,
    Refusing,
    SilentMidBody,
    WrongLength,
)
from tests.proxy.asking import Drip
from tests.proxy.strangers import Endless, Garbled, PackedPortal
from tests.sync.conftest import BUNDLE_KEY, TENANT

_FILE = ("Content-Type", "application/gzip")
SHORT = {
    "cut": partial(CutAnswer, head=False),
    "bent": partial(BentAnswer, head=False),
    "silent": SilentMidBody,
    "dripping": partial(
        Endless, messages.opening(_FILE, ("Content-Length", "9000")), b"0", every_s=0.02
    ),
}
LONG = {
    "endless": partial(Endless, messages.opening(_FILE), b"0" * 65536),
    "reset": partial(CutAnswer, head=False, reset=True),
    "lost": LostAnswer,
    "half open": HalfOpen,
    "chunks": partial(BadChunks, b"-1"),
    "wrong length": partial(WrongLength, "short"),
    "portal": PackedPortal,
    "garbled": Garbled,
    "bytes singly": Drip,
    **{f"refusing {status}": partial(Refusing, status) for status in (400, 403, 404, 416, 500)},
}


@pytest.mark.parametrize(
    "make",
    [
        *(pytest.param(make, id=name) for name, make in SHORT.items()),
        *(pytest.param(make, id=name, marks=pytest.mark.long) for name, make in LONG.items()),
    ],
)
def test_a_faulty_download(site, make) -> None:
    before = site.state.policy_number
    site.line.meets(make(), only="/v1/policy/files/")
    central = site.central
    made = policy.publish(central.database, central.clock, TENANT, BUNDLE_KEY)
    site.hurry()
    site.line.until_met()
    site.promise()  # the old rules serve
    site.drained()
    assert site.store.policy.number in (before, made.number)
    site.line.is_well()
    for _ in range(3):
        site.hurry()  # a file that was refused is fetched again at the next occasion
    site.until(lambda state: state.policy_number == made.number, "the new rules")
    site.drained()
    site.exactly_once()
    incoming = site.folder / "incoming"
    assert not incoming.exists() or not [*incoming.iterdir()]
