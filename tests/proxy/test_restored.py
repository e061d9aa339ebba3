"""One side is not what it was: the centre from a backup, the kiosk from an image, or two of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from sync.agent.secure import Tls
from sync.central.tables import cases, claims, events
from tests.misfortune.street import eventually
from tests.proxy.asking import FromBefore
from tests.proxy.central import Central
from tests.proxy.conftest import one_kiosk
from tests.proxy.line import Line
from tests.proxy.site import Site


@pytest.fixture
def alone(central: Central, tmp_path) -> Iterator[Site]:
    """A kiosk of this test's own."""
    with one_kiosk(central, Line(lambda: central.port), tmp_path, Tls()) as made:
        yield made


def test_the_centre_came_back_from_a_backup(alone: Site, central: Central) -> None:
    """What it had acknowledged since is told again, unasked, and then new returns."""
    backup = central.back_up()
    alone.promise(3)
    alone.drained()
    central.put_back(backup)
    assert len(alone.arrived()) < len(alone.promised)
    alone.hurry()
    alone.has_arrived(alone.promised)
    alone.promise()
    alone.drained()
    alone.exactly_once()


def test_it_also_forgot_whose_tokens_it_had_seen(alone: Site, central: Central) -> None:
    """Requests from before are let in again, and tell nothing that is not so."""
    backup = central.back_up()
    alone.promise(3)
    alone.drained()
    central.put_back(backup)
    fault = FromBefore()
    alone.line.meets(fault, only="/events")
    alone.promise()
    alone.line.until_met()
    alone.drained()
    alone.line.is_well()
    alone.drained()
    assert set(fault.statuses) - {401}, fault.statuses
    alone.exactly_once()


def test_the_kiosk_came_back_from_an_image(alone: Site, central: Central, tmp_path) -> None:
    """The same identity with an old sequence: the first contact shows it, and nothing that either
    life promised is lost."""
    alone.close()
    shutil.copytree(alone.folder, tmp_path / "image")
    alone.open()
    alone.start()
    alone.promise(2)
    alone.drained()
    alone.close()
    shutil.rmtree(alone.folder)
    (tmp_path / "image").rename(alone.folder)
    alone.open()
    alone.start()
    alone.promise(2)
    alone.until(lambda state: state.forked, "that it is another life")
    alone.drained()
    alone.exactly_once(forks=1)


def test_two_images_at_once(alone: Site, central: Central, tmp_path) -> None:
    """Somebody has copied a whole kiosk: both serve, both are heard, and a person is told."""
    alone.close()
    shutil.copytree(alone.folder, tmp_path / "twin")
    alone.open()
    alone.start()
    twin = Site(central, alone.line, tmp_path / "twin").start()
    try:
        for _ in range(3):
            alone.promise()
            twin.promise()
        for one in (alone, twin):
            one.drained()
        promised = {drop.drop_id for drop in (*alone.promised, *twin.promised)}
        eventually(lambda: alone.arrived() >= promised, "the returns of both")
        assert alone.arrived() == promised
        assert {alone.state.forked, twin.state.forked} == {False, True}
        name = alone.me.device_id
        assert [row["kind"] for row in central.rows(cases, device_id=name)] == ["fork"]
        assert {row["state"] for row in central.rows(events, device_id=name)} == {"accepted"}
        for drop in (*alone.promised, *twin.promised):
            assert len(central.rows(claims, return_id=drop.return_id)) == 1
        epochs = {site.store.outbox.position().epoch for site in (alone, twin)}
        assert len(epochs) == 2
    finally:
        twin.close()
