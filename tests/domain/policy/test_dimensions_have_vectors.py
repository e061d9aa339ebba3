"""No dimension of a policy is told by a few golden vectors only, nor always alone."""

from __future__ import annotations

import pytest

from tests.domain.policy.vector_dimensions import DIMENSIONS, counted

COUNTED = counted()


@pytest.mark.parametrize("name", list(DIMENSIONS))
def test_each_has_vectors_of_its_own_and_with_others(name: str) -> None:
    vectors, of_three, met = COUNTED[name]
    assert vectors >= 6
    assert of_three >= 2
    assert met >= 6
