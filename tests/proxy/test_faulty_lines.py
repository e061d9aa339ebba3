"""Every fault of the line between a real agent and the real centre, on real sockets.

While it lasts the kiosk goes on taking returns and believes nothing that is not so; once it is
over the queue drains and both books are equal. Nothing stays open.
"""

from __future__ import annotations

import pytest

from tests.proxy.cases import CASES, SECURE
from tests.proxy.enduring import by_kind, endure
from tests.proxy.kinds import kinds


@pytest.mark.parametrize("case", [*by_kind(CASES)])
def test_a_faulty_line(site, case) -> None:
    endure(site, case)


def test_every_fault_has_its_case() -> None:
    named = {case.kind for case in (*CASES, *SECURE)}
    assert {kind.__name__ for kind in kinds() - named} == set()
