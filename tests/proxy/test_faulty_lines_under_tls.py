"""Faults under TLS, the centre's authority pinned: in the handshake and after it."""

from __future__ import annotations

import pytest

from tests.proxy.cases import CASES, SECURE
from tests.proxy.enduring import by_kind, endure


@pytest.mark.parametrize("case", [*by_kind(SECURE, CASES)])
def test_a_faulty_line_under_tls(secure_site, case) -> None:
    endure(secure_site, case)
