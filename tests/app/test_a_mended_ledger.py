"""After a damaged ledger was mended: whoever looks after the kiosk is told, for a week."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.app.service import TOLD_FOR, service
from kiosk.ports import Trouble
from kiosk.store.recovery.mending import mend
from kiosk.words import words


def mended(ready, harm=lambda _ledger: None):
    ready.drop(1)
    ready.store.close()
    harm(ready.directory / "ledger.db")
    mend(ready.directory, "corrupt", ready.clock, ready.ids)
    return ready.restart()


def of_the_store(kiosk) -> set[Trouble]:
    found = service(kiosk.store, kiosk.clock.now(), online=True)
    return found & {Trouble.STORE_MENDED, Trouble.STORE_GAPS}


def test_a_kiosk_that_was_never_mended_says_nothing(ready):
    assert of_the_store(ready) == set()


@pytest.mark.parametrize("cut", [False, True])
def test_it_is_told_whether_something_may_be_missing_and_for_how_long(ready, cut):
    kiosk = mended(ready, lambda ledger: ledger.unlink() if cut else None)
    told = Trouble.STORE_GAPS if cut else Trouble.STORE_MENDED
    assert of_the_store(kiosk) == {told}
    kiosk.clock.pass_time(TOLD_FOR - timedelta(seconds=1))
    assert of_the_store(kiosk) == {told}
    kiosk.clock.pass_time(timedelta(seconds=1))
    assert of_the_store(kiosk) == set()
    kiosk.close()


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "ar"])
def test_staff_read_what_it_is_and_what_to_do(language):
    w = words(language)
    both = (Trouble.STORE_MENDED, Trouble.STORE_GAPS)
    said = {ask(trouble) for trouble in both for ask in (w.trouble, w.trouble_mend)}
    assert len(said) == 4
    assert all(said)
