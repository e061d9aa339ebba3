"""docs/policy.md: its files are good, and its commands do what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "policy.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def written(tmp_path, monkeypatch):
    """The page's own files, where its commands look for them."""
    shop, facts = blocks("toml")
    (tmp_path / "shop.toml").write_text(shop, "utf-8")
    (tmp_path / "old.toml").write_text(shop.replace("30 days", "14 days"), "utf-8")
    (tmp_path / "return.toml").write_text(facts, "utf-8")
    (tmp_path / "history.jsonl").write_text("")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("written")
def test_its_policy_is_good_and_does_what_it_says(takeback):
    takeback("policy", "check", "shop.toml", "--strict").says(0, "3 rules, 0 problems")
    takeback("policy", "explain", "--file", "shop.toml", "--facts", "return.toml").says(
        0,
        "Boots × 1\n  Accepted, with a fee\n  The shopper reads: You get €48.65 back",
        "a fee of €1.25",
    )


@pytest.mark.usefixtures("written")
def test_its_commands_run(takeback):
    codes = {"diff": 1}
    called = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(called) == 4
    for line in called:
        words = shlex.split(line)[1:]
        takeback(*words).says(codes.get(words[1], 0))
