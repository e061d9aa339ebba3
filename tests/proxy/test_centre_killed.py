"""The centre is killed with -9 at chosen points of a batch, and comes back on the same port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.agent.agent import LinkError
from sync.agent.secure import Tls
from tests.proxy.centre_process import POINTS
from tests.proxy.conftest import one_kiosk
from tests.proxy.killed import Elsewhere, RealClock
from tests.proxy.line import Line
from tests.proxy.site import Site


@pytest.fixture(scope="module")
def other(prepared_centre, tmp_path_factory) -> Iterator[Elsewhere]:
    path = tmp_path_factory.mktemp("elsewhere") / "centre.db"
    path.write_bytes(prepared_centre.read_bytes())
    made = Elsewhere(path, RealClock())
    yield made
    made.close()


@pytest.fixture(scope="module")
def far_kiosk(other, tmp_path_factory) -> Iterator[Site]:
    line = Line(lambda: other.port)
    with one_kiosk(other, line, tmp_path_factory.mktemp("far"), Tls()) as made:
        yield made


@pytest.mark.parametrize(
    "point",
    [
        pytest.param(point, marks=[] if "commit" in point else [pytest.mark.long])
        for point in POINTS
    ],
)
def test_killed_at(far_kiosk: Site, other: Elsewhere, point: str) -> None:
    far_kiosk.drained()
    far_kiosk.new_page()
    other.trap.write_text(point)
    first = far_kiosk.promise(2)
    other.dies()
    far_kiosk.promise()  # while there is no centre
    far_kiosk.until(lambda state: state.error is LinkError.AWAY, "that it is away")
    known = far_kiosk.arrived()
    other.comes_up()
    far_kiosk.drained()
    far_kiosk.exactly_once()
    # What was not committed was not there, and what was is no news the second time.
    assert bool(known) is (point == "after the commit")
    assert known <= {one.drop_id for one in first}
