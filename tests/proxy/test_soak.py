"""Hundreds of returns under a seeded sequence of all faults, one into the other, with restarts of
either side in between; and flat in the end."""

from __future__ import annotations

import random
import threading

import pytest

from tests.proxy.cases import CASES
from tests.proxy.line import Fault
from tests.proxy.opened import files, settles
from tests.proxy.site import Site

RETURNS = 200
HELD_UP_S = 0.3


def bad_weather(site: Site, fault: Fault, chance: random.Random) -> None:
    """Some returns are taken under one fault, and perhaps a side restarts."""
    site.line.meets(fault)
    site.promise(chance.randrange(1, 4))
    if fault.strikes and chance.random() < 0.8:
        # It may be long until the agent comes again: it was told to wait.
        if chance.random() < 0.5:
            site.hurry()
        threading.Event().wait(HELD_UP_S * chance.random())
    match chance.randrange(12):
        case 0:
            site.close()
            site.open()
            site.start()
        case 1:
            site.central.server.stop()
            site.promise()
            site.central.server.start()
        case 2:
            backup = site.central.back_up()
            site.promise(2)
            site.central.put_back(backup)
        case _:
            pass


def good_weather(site: Site) -> None:
    site.line.is_well()
    site.hurry()
    site.drained()
    site.has_no_body_left()
    site.has_arrived(site.promised)
    site.drained()
    site.exactly_once(forks=None)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(1, 5))
def test_all_faults_one_into_the_other(site: Site, seed: int) -> None:
    chance = random.Random(seed)
    good_weather(site)
    most = site.central.alone.and_one_site()
    open_before = len(files(site.folder))
    taken, left = 0, []
    while taken < RETURNS:
        left = left or chance.sample(CASES, len(CASES))
        bad_weather(site, left.pop().make(), chance)
        if chance.random() < 0.2:
            good_weather(site)
            taken += len(site.promised)
            site.new_page()
    good_weather(site)
    settles(site.folder, most, open_before + 1)  # new rules may lie on older ones
