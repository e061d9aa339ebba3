"""Whatever stands in a specification, it builds; a bad one never accepts."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.policy.rules import build, problems

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
KNOWN_KEYS = st.sampled_from(
    ["rule", "id", "priority", "when", "unless", "days", "from", "limit", "per", "question"]
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        KNOWN_KEYS | st.text(max_size=5), JSON | st.sampled_from(["window", "fee", "evidence"])
    )
)
def test_any_specification_builds_and_a_bad_one_never_accepts(spec: dict[str, Any]) -> None:
    rule = build(spec)
    assert isinstance(rule.rule_id, str)
    if problems(spec):
        assert rule.tag == "unknown"
